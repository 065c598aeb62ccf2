//! What a worker tells of a submission while it judges it.

use serde::{Deserialize, Serialize};

use crate::submission::SubmissionId;
use gavel_problem::Verdict;

/// One step of the judging of a submission. It may be lost: the result has all that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgingEvent {
    /// The submission.
    pub id: SubmissionId,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Which step of this try, from 1.
    pub number: u32,
    /// The worker that judges it.
    pub worker: String,
    /// What happens.
    pub step: JudgingStep,
}

/// What happens to a submission that is being judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JudgingStep {
    /// It is compiled, or checked as its language has it.
    Compiling,
    /// Its tests begin.
    Judging {
        /// How many there are; not all of them need to be run.
        tests: u32,
    },
    /// A test is done.
    Test {
        /// How many are done with it.
        test: u32,
        /// How many there are.
        of: u32,
        /// The test's name, its first [`JudgingStep::MAX_NAME`] characters.
        name: String,
        /// Its verdict.
        verdict: Verdict,
    },
    /// Something of a later version, which is passed over.
    #[serde(other)]
    Unknown,
}

impl JudgingStep {
    /// The longest name of a test that is told, in characters.
    pub const MAX_NAME: usize = 100;

    /// The word that travels as `kind`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Compiling => "compiling",
            Self::Judging { .. } => "judging",
            Self::Test { .. } => "test",
            Self::Unknown => "unknown",
        }
    }
}
