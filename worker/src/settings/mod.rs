//! The settings of a worker, and those that it shares with the API.

mod sandbox;
mod worker;

pub use sandbox::{CompileConfig, LaneUses, PoolConfig, SandboxConfig, WAITING_MB};
pub use worker::{LaneWeights, WorkerConfig};

use gavel_blobs::BlobConfig;
use gavel_model::language::LanguagesConfig;
use gavel_model::{Bounds, LimitsPolicy};

/// Everything a worker reads of the settings.
#[derive(Clone, Debug, Default)]
pub struct WorkerSettings {
    /// Which languages there are.
    pub languages: LanguagesConfig,
    /// Defaults and maxima of a submission's limits.
    pub limits: LimitsPolicy,
    /// How large a submission may be, as the API is told too.
    pub bounds: Bounds,
    /// Where large bytes are kept.
    pub blobs: BlobConfig,
    /// The judging process.
    pub worker: WorkerConfig,
    /// The containers programs run in.
    pub sandbox: SandboxConfig,
}
