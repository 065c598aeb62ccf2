//! `/api/v1`

pub mod batches;
pub mod dead;
pub mod keys;
pub mod languages;
pub mod live;
mod names;
pub mod problems;
pub mod queues;
pub mod rejudges;
pub mod submissions;
pub mod webhooks;
pub mod workers;
