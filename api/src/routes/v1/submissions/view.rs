//! What a client is told of a submission.

use gavel_model::{JudgeResult, Lane, Submission, SubmissionId, Verdict};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::{Stored, SubmissionState};

/// A submission with its result, once there is one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SubmissionView {
    /// Final: judged, or canceled.
    Done(Box<Done>),
    /// Not judged yet.
    Queued(Queued),
}

/// A submission that is not judged yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Queued {
    /// Its id.
    pub id: SubmissionId,
    /// How far it is.
    pub state: QueuedState,
    /// Its lane.
    pub lane: Lane,
    /// The language's id.
    pub language: String,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A submission that is judged or canceled.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// `done`, or `canceled`: then the verdict is `CANCELED`.
    pub state: DoneState,
    /// What came out.
    #[serde(flatten)]
    pub result: JudgeResult,
}

/// The state of what is not judged yet.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueuedState {
    /// Accepted, and waiting.
    Queued,
    /// A worker has begun it. Told of what takes longer than a moment.
    Judging,
}

/// The state of what is final.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DoneState {
    /// Judged.
    Done,
    /// Nobody wanted the result any more.
    Canceled,
}

impl From<Submission> for Queued {
    fn from(submission: Submission) -> Self {
        let Submission { id, lane, language, created_at, .. } = submission;
        Self { id, state: QueuedState::Queued, lane, language, created_at }
    }
}

impl From<Stored> for Queued {
    /// Of one that is not final.
    fn from(stored: Stored) -> Self {
        let Stored { id, lane, language, created_at, state, .. } = stored;
        let state =
            if state == SubmissionState::Judging { QueuedState::Judging } else { QueuedState::Queued };
        Self { id, state, lane, language, created_at }
    }
}

impl From<JudgeResult> for SubmissionView {
    fn from(result: JudgeResult) -> Self {
        let canceled = result.verdict == Verdict::Canceled;
        let state = if canceled { DoneState::Canceled } else { DoneState::Done };
        Self::Done(Box::new(Done { state, result }))
    }
}

impl From<Stored> for SubmissionView {
    fn from(stored: Stored) -> Self {
        match stored.result {
            Some(result) => result.into(),
            None => Self::Queued(stored.into()),
        }
    }
}
