//! Judging at a problem package without a queue: its own example submissions (`gavel verify`), or anybody's
//! (`gavel judge`).

mod example;
mod expected;
mod handed_in;
mod limit;
mod progress;
mod report;
mod run;
mod site;
mod timing;
mod verify;

pub use handed_in::{HandedIn, judge_handed_in};
pub use limit::time_limit;
pub use progress::{Event, Progress};
pub use report::{LimitSource, SubmissionReport, VerifyReport};
pub use site::{VerifyError, VerifyOptions};
pub use verify::verify;
