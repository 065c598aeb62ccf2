//! A problem as the store knows it: what its packages say; the packages themselves are blobs.

use gavel_model::{Digest, SubmissionId};
use gavel_problem::{Diagnostic, FileIo, FormatVersion, Limits, ProblemKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One package of a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemVersion {
    /// The problem's id.
    pub problem: String,
    /// The hash of the zip.
    pub sha256: Digest,
    /// The size of the zip, in bytes.
    pub size: u64,
    /// When it was first uploaded.
    pub created_at: Timestamp,
    /// What the package says of itself.
    pub detail: ProblemDetail,
    /// The time limit, in milliseconds: stated, or derived by now.
    pub time_limit_ms: Option<u64>,
    /// The submission that was made to have the time limit derived.
    pub calibration: Option<SubmissionId>,
}

/// What a package says of itself, as far as a client or a submission needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemDetail {
    /// The problem's name.
    pub name: Option<String>,
    /// The version of the format.
    pub format: FormatVersion,
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// How many tests there are.
    pub tests: usize,
    /// Groups of tests, each before the groups inside it.
    pub groups: Vec<ProblemGroup>,
    /// Limits as stated.
    pub limits: Limits,
    /// The files that stand for standard input and output; older rows have none.
    #[serde(default)]
    pub file_io: FileIo,
    /// The languages submissions may be in, in the format's words; `None` for all.
    pub languages: Option<Vec<String>>,
    /// What is odd about the package.
    pub warnings: Vec<Diagnostic>,
}

/// A group of tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemGroup {
    /// The path below `data`.
    pub name: String,
    /// The most points there are, where there are points and a bound.
    pub max_score: Option<f64>,
}
