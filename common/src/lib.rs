//! What the parts of Gavel agree on: the shapes that travel, the queues they travel through, the settings
//! and the names of what is measured. `api` and `worker` know this crate and never each other.

pub mod blob;
pub mod broker;
pub mod captured;
pub mod checker;
pub mod config;
pub mod grade;
pub mod lane;
pub mod language;
pub mod lifecycle;
pub mod limits;
pub mod payload;
pub mod problem;
pub mod result;
pub mod source;
pub mod submission;
pub mod telemetry;
pub mod verdict;
pub mod work;
