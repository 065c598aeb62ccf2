//! A rejudge as the store knows it: a batch of copies of submissions, whose results may become those of the submissions.

use gavel_model::{JudgeResult, Submission, SubmissionId, Verdict};
use jiff::Timestamp;

use super::{BatchId, SubmissionState};
use crate::principal::Owner;

/// What makes a batch a rejudge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejudge {
    /// What was asked for: JSON, as its client is told.
    pub asked: String,
    /// When its results became those of the submissions, and of how many.
    pub applied: Option<(Timestamp, u64)>,
}

/// Which submissions are meant; what is left out does not matter. Copies never are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Whose.
    pub owner: Option<Owner>,
    /// The batch they came with.
    pub batch: Option<BatchId>,
    /// The problem they are judged by.
    pub problem: Option<String>,
    /// The first digits of the hash of the version that their results are by; empty for any.
    pub sha256_prefix: String,
    /// The language's id.
    pub language: Option<String>,
    /// One of these verdicts; any where there is none.
    pub verdicts: Vec<Verdict>,
}

/// A submission that may be judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: SubmissionId,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// Where it is.
    pub state: SubmissionState,
    /// The hash of the problem's version that its result is by.
    pub problem_sha256: Option<String>,
    /// As it was accepted; none where that cannot be read.
    pub submission: Option<Submission>,
}

/// How many of a rejudge's submissions went from one verdict to another, or stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The verdict there is, or was before the rejudge was applied.
    pub old: Verdict,
    /// What the copies came to.
    pub new: Verdict,
    /// How many.
    pub count: u64,
    /// Of how many verdict or score is, or would be, another one.
    pub changed: u64,
}

/// A verdict with its points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The points, where there are any.
    pub score: Option<f64>,
}

/// A submission of a rejudge, by its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RejudgeItem {
    /// Where in the rejudge, from 0.
    pub place: u32,
    /// What became of it, or why it is not judged again: JSON, as the client is told.
    pub entry: Result<Rejudged, String>,
}

/// A submission that is judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejudged {
    /// The submission.
    pub submission: SubmissionId,
    /// The copy of it that is judged.
    pub copy: SubmissionId,
    /// Where the copy is.
    pub state: SubmissionState,
    /// What the submission's result is, or was before the rejudge was applied; none once the submission is forgotten.
    pub old: Option<Outcome>,
    /// What the copy came to, once it is final.
    pub new: Option<Outcome>,
    /// Whether verdict or score of the submission is, or would be, another one.
    pub changed: bool,
    /// Whether the copy's result became the submission's.
    pub applied: bool,
}

/// What became of a rejudge that was to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Application {
    /// It is, now; with the number of results that were replaced, and the batches in which verdicts changed.
    Now(u64, Vec<BatchId>),
    /// It was before.
    Before,
    /// It was canceled before, and stays so.
    Canceled,
    /// Not all of it has a verdict.
    Incomplete {
        /// How many copies are not final.
        unfinished: u64,
        /// How many are `JE` or canceled.
        without_verdict: u64,
    },
    /// There is no such rejudge.
    Unknown,
}

/// A result of a submission: one that was replaced, or the one that it has.
#[derive(Clone, Debug, PartialEq)]
pub struct PastResult {
    /// As which of the submission it came, from 0.
    pub revision: u32,
    /// The hash of the problem's version that it is by.
    pub problem_sha256: Option<String>,
    /// The rejudge that replaced it, and when; none of the one that it has.
    pub replaced: Option<(BatchId, Timestamp)>,
    /// The result, as it came.
    pub result: JudgeResult,
}
