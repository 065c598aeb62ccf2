//! Deciding: from a submission to its result.

mod bench;
mod decide;
mod fault;
mod head;
mod observer;
mod plan;
mod submission;

pub use bench::{Bench, RunLimits};
pub use decide::{cpu_time, decide};
pub use fault::Fault;
pub use head::Head;
pub use plan::{Answer, CheckBy, TestSpec};
pub use submission::{Judge, JudgeParts, judge_error};
