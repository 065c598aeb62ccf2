//! Where problems are kept: what their packages say; the packages themselves are blobs.

use async_trait::async_trait;
use gavel_model::{Digest, Submission, SubmissionId};
use gavel_problem::{Diagnostic, FormatVersion, Limits, ProblemKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoreError;

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

/// Keeps problems. The time limit that a result brings is stored together with that result, by
/// [`Store::finish`](super::Store::finish).
#[async_trait]
pub trait ProblemStore: Send + Sync {
    /// Keeps a version as its problem's latest, and with it the submission that will calibrate it: both or neither.
    /// Tells whether the version is new; one that was there keeps all but its calibration.
    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError>;

    /// Versions of a problem whose hash begins with some digits (all of them, if there are none), latest first.
    async fn versions(
        &self,
        problem: &str,
        sha256_prefix: &str,
        limit: u32,
    ) -> Result<Vec<ProblemVersion>, StoreError>;

    /// The latest version of each problem after an id, by id.
    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError>;

    /// Forgets a problem; tells how many versions it had.
    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError>;
}
