//! What a client is told of a submission.

use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::Stored;

/// A submission with its result, once there is one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SubmissionView {
    /// Judged.
    Done(Box<Done>),
    /// Not judged yet.
    Queued(Queued),
}

/// A submission that is not judged yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Queued {
    /// Its id.
    pub id: SubmissionId,
    /// Always `queued`.
    pub state: QueuedState,
    /// Its lane.
    pub lane: Lane,
    /// The language's id.
    pub language: String,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A submission that is judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// Always `done`.
    pub state: DoneState,
    /// What came out.
    #[serde(flatten)]
    pub result: JudgeResult,
}

/// The state of what is not judged yet.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueuedState {
    /// Accepted: waiting for a worker, or with one.
    Queued,
}

/// The state of what is judged.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DoneState {
    /// The result is final.
    Done,
}

impl Queued {
    /// A submission just accepted.
    #[must_use]
    pub const fn new(id: SubmissionId, lane: Lane, language: String, created_at: Timestamp) -> Self {
        Self { id, state: QueuedState::Queued, lane, language, created_at }
    }
}

impl From<Submission> for Queued {
    fn from(submission: Submission) -> Self {
        Self::new(submission.id, submission.lane, submission.language, submission.created_at)
    }
}

impl From<JudgeResult> for SubmissionView {
    fn from(result: JudgeResult) -> Self {
        Self::Done(Box::new(Done { state: DoneState::Done, result }))
    }
}

impl From<Stored> for SubmissionView {
    fn from(stored: Stored) -> Self {
        match stored.result {
            Some(result) => result.into(),
            None => Self::Queued(Queued::new(stored.id, stored.lane, stored.language, stored.created_at)),
        }
    }
}
