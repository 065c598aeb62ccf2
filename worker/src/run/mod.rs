//! A program at its tests: from an artifact to what was measured.

mod bench;
mod observer;
mod plan;

pub use bench::{Bench, RunLimits};
pub(crate) use bench::{CLOSE, Reached, TestRun};
pub use plan::{Answer, CheckBy, TestSpec};
