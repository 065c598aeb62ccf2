//! What can be watched while a package is judged.

use gavel_model::TestReport;

use crate::report::{LimitSource, SubmissionReport};

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The time limit is known.
    TimeLimit {
        /// In milliseconds.
        ms: u64,
        /// Where it is from.
        source: LimitSource,
    },
    /// A submission has got a slot. It may begin more than once: to find the time limit, and to be judged by it.
    Started {
        /// Its name, below `submissions`.
        submission: &'a str,
        /// How many tests there are; not all of them need to be run.
        tests: usize,
    },
    /// One more of its tests is done.
    Tested {
        /// The submission's name.
        submission: &'a str,
        /// What became of the test.
        test: &'a TestReport,
    },
    /// A submission is done.
    Finished(&'a SubmissionReport),
}

/// Someone who watches; called from many tasks at once, and must not wait for anything.
pub trait Progress: Send + Sync {
    /// Takes note of what happened at a package.
    fn note(&self, package: &str, event: Event<'_>);
}

/// Nobody watches.
impl Progress for () {
    fn note(&self, _package: &str, _event: Event<'_>) {}
}
