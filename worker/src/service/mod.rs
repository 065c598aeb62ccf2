//! The worker as a service: it takes submissions from the queues, and serves its health.

mod health;
mod intake;
mod worker;

pub use worker::{RunParts, WorkerError, run};
