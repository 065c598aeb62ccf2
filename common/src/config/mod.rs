//! Settings: compiled-in defaults, then `gavel.toml`, then `GAVEL__SECTION__KEY` in the environment.
//!
//! Unknown keys are errors, and every mistake is reported at once.

mod api;
mod load;
mod parts;
mod print;
mod sandbox;
mod validate;
mod worker;

pub use api::ApiConfig;
pub use load::{ConfigError, Mistake, load, load_from};
pub use parts::{BlobConfig, BrokerConfig, LanguagesConfig, LogConfig, LogFormat, StoreConfig};
pub use print::{default_toml, redacted_toml};
pub use sandbox::{CompileConfig, PoolConfig, SandboxConfig};
pub use worker::WorkerConfig;

use validate::validate;

use serde::{Deserialize, Serialize};

use crate::limits::LimitsPolicy;

/// All settings of a Gavel process; each part reads the sections it needs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// What is logged, and how.
    pub log: LogConfig,
    /// Which languages there are.
    pub languages: LanguagesConfig,
    /// Defaults and maxima of a submission's limits.
    pub limits: LimitsPolicy,
    /// The queues.
    pub broker: BrokerConfig,
    /// Where submissions and results are kept.
    pub store: StoreConfig,
    /// Where large bytes are kept.
    pub blobs: BlobConfig,
    /// The HTTP service.
    pub api: ApiConfig,
    /// The judging process.
    pub worker: WorkerConfig,
    /// The containers programs run in.
    pub sandbox: SandboxConfig,
}
