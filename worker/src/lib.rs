//! Queue -> sandbox -> verdict: takes submissions, compiles and runs them in constrained containers, publishes
//! what became of them.

pub mod artifact;
pub mod compile;
pub mod engine;
mod health;
mod intake;
pub mod judge;
pub mod pool;
pub mod problem;
pub mod sandbox;
mod service;
pub mod slots;
mod station;
pub mod verify;

pub use service::{RunParts, WorkerError, run};
pub use station::Station;
