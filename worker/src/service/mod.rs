//! The worker as a service: it takes submissions from the queues, and serves its health.

mod announce;
mod cancel;
mod delivery;
mod drain;
mod guard;
mod health;
mod heartbeat;
mod known;
mod lanes;
mod live;
mod orders;
mod settle;
mod share;
mod worker;

pub use worker::{RunParts, WorkerError, run};
