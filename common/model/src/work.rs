//! What is to be done with a submission.

use gavel_problem::FileIo;
use serde::{Deserialize, Serialize};

use crate::checker::Checker;
use crate::digest::Digest;
use crate::payload::Payload;

/// The work asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// One run with one standard input.
    Run {
        /// Standard input.
        #[serde(default)]
        stdin: Payload,
        /// When given, the output is compared with it.
        #[serde(default)]
        expected_output: Option<Payload>,
        /// How it is compared.
        #[serde(default)]
        checker: Checker,
        /// The files that stand for standard input and output.
        #[serde(flatten)]
        file_io: FileIo,
    },
    /// Test cases that travel with the submission.
    Tests {
        /// The cases, in order.
        tests: Vec<TestCase>,
        /// How outputs are compared.
        #[serde(default)]
        checker: Checker,
        /// Judge on after the first failure.
        #[serde(default)]
        all_tests: bool,
        /// The files that stand for standard input and output.
        #[serde(flatten)]
        file_io: FileIo,
    },
    /// A stored problem package.
    Problem {
        /// The problem's id.
        problem: String,
        /// The version of its package.
        sha256: Digest,
        /// The time limit, in milliseconds, of a package that states none: derived once, stored with the problem.
        #[serde(default)]
        time_limit_ms: Option<u64>,
        /// Judge on after the first failure.
        #[serde(default)]
        all_tests: bool,
    },
}

/// One input with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCase {
    /// What results call it.
    pub name: String,
    /// Standard input.
    pub input: Payload,
    /// The right output.
    pub answer: Payload,
}
