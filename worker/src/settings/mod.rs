//! The settings of a worker, and those that it shares with the API.

mod sandbox;
mod worker;

pub use sandbox::{CompileConfig, PoolConfig, SandboxConfig};
pub use worker::WorkerConfig;

use gavel_blobs::BlobConfig;
use gavel_model::LimitsPolicy;
use gavel_model::language::LanguagesConfig;

/// Everything a worker reads of the settings.
#[derive(Clone, Debug, Default)]
pub struct WorkerSettings {
    /// Which languages there are.
    pub languages: LanguagesConfig,
    /// Defaults and maxima of a submission's limits.
    pub limits: LimitsPolicy,
    /// Where large bytes are kept.
    pub blobs: BlobConfig,
    /// The judging process.
    pub worker: WorkerConfig,
    /// The containers programs run in.
    pub sandbox: SandboxConfig,
}
