//! What is told of a case while it is examined.

use gavel_model::TestReport;

/// One step on the way from a program to its verdict.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// Its language's compile step begins.
    Compiling,
    /// It can be run, and its tests begin.
    Testing {
        /// How many tests there are; not all of them need to be run.
        tests: usize,
    },
    /// One more test is done.
    Tested(&'a TestReport),
}
