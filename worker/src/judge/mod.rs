//! Deciding: from a submission to its result.

mod case;
mod decide;
mod derive;
mod dialogue;
mod interaction;
mod precedence;
mod submission;
mod trial;

pub use case::{Case, Findings, Grade};
pub use decide::{cpu_time, decide};
pub use derive::slowest_seconds;
pub use submission::{Judge, JudgeParts, judge_error};
pub use trial::{Trial, Tried};
