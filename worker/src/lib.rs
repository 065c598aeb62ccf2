//! Queue -> sandbox -> verdict: takes submissions, compiles and runs them in constrained containers, publishes
//! what became of them.

pub mod artifact;
pub mod compile;
pub mod engine;
mod health;
mod intake;
pub mod judge;
mod metrics;
pub mod pool;
pub mod problem;
pub mod sandbox;
mod service;
pub mod settings;
pub mod slots;
mod station;
pub mod verify;

pub use metrics::WorkerMetrics;
pub use service::{RunParts, WorkerError, run};
pub use station::Station;
