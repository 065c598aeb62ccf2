//! Judging at a problem package without a queue: its own example submissions (`gavel verify`), or anybody's
//! (`gavel judge`).

mod example;
mod expected;
mod handed;
mod limit;
mod package;
mod progress;
mod report;
mod timing;

pub use handed::{Handed, judge_handed};
pub use limit::time_limit;
pub use package::{VerifyError, VerifyOptions, verify};
pub use progress::{Event, Progress};
pub use report::{LimitSource, SubmissionReport, VerifyReport};
