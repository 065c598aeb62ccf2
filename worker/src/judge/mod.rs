//! Deciding: from a submission to its result.

mod case;
mod collected;
mod compile_step;
mod decide;
mod derive;
mod dialogue;
mod inputs;
mod interaction;
#[cfg(test)]
mod last_words;
mod live;
mod precedence;
mod repeats;
mod ruling;
mod step;
mod submission;
mod test_runner;

pub use case::{Case, Findings, Grade};
pub use decide::decide;
pub use derive::slowest_seconds;
pub use live::{Audience, Live};
pub use step::Step;
pub use submission::{Judge, JudgeParts, judge_error};
