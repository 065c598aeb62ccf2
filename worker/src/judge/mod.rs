//! Deciding: from a submission to its result.

mod bench;
mod case;
mod decide;
mod derive;
mod fault;
mod head;
mod observer;
mod plan;
mod submission;

pub(crate) use bench::Reported;
pub use bench::{Bench, RunLimits};
pub use case::{Case, Findings, Grade};
pub use decide::{cpu_time, decide};
pub use derive::slowest_seconds;
pub use fault::Fault;
pub use head::Head;
pub use plan::{Answer, CheckBy, TestSpec};
pub use submission::{Judge, JudgeParts, judge_error};
