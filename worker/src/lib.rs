//! Queue -> sandbox -> verdict: takes submissions, compiles and runs them in constrained containers, publishes
//! what became of them.

pub mod cache;
pub mod canary;
pub mod check;
pub mod compile;
pub mod container;
pub mod fault;
mod host;
pub mod judge;
mod metrics;
pub mod pool;
pub mod prepare;
mod protection;
pub mod run;
pub mod sandbox;
mod service;
pub mod settings;
pub mod slots;
mod spent;
pub mod toolchain;
pub mod turns;

pub use fault::Fault;
pub use host::JudgingHost;
pub use metrics::{CloseMiss, WorkerMetrics};
pub use protection::Protection;
pub use service::{RunParts, WorkerError, run as run_worker};
