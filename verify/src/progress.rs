//! What can be watched while a package is judged.

use gavel_model::TestReport;

use crate::report::{LimitSource, SubmissionReport};

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The package states no time limit: some of its submissions are run without one to speak of, to derive it.
    Deriving {
        /// How many.
        submissions: usize,
    },
    /// One of those is done.
    Ran {
        /// Its name, below `submissions`.
        submission: &'a str,
        /// The CPU time of its slowest test, in milliseconds; absent when it could not be run.
        slowest_ms: Option<f64>,
    },
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
