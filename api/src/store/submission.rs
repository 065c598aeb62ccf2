//! A submission as the store knows it.

use gavel_model::{JudgeResult, Lane, SubmissionId, SubmissionRef};
use jiff::Timestamp;

use crate::principal::Owner;

/// Where a submission is. It goes `queued`, `judging`, `done` and never back; until it is done it may become
/// `canceled`. The last two are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// Accepted: waiting for a worker, or with one.
    Queued,
    /// A worker has begun it.
    Judging,
    /// It has its result.
    Done,
    /// Nobody wants its result any more.
    Canceled,
}

impl SubmissionState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Judging, Self::Done, Self::Canceled];

    /// The word that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Judging => "judging",
            Self::Done => "done",
            Self::Canceled => "canceled",
        }
    }

    /// Whether it stays as it is.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Canceled)
    }
}

/// What became of a result that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It is the submission's final result.
    First,
    /// The submission has its result already, and keeps it.
    Duplicate,
    /// The submission was canceled before, and stays so.
    Canceled,
    /// No such submission: it was published past this API.
    Unknown,
}

/// What became of a submission that was to be canceled, with its final answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cancellation {
    /// It is canceled from now on.
    Now(JudgeResult),
    /// It was canceled before.
    Before(JudgeResult),
    /// It was done before, and stays so.
    TooLate(JudgeResult),
}

/// A submission as the store knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its id.
    pub id: SubmissionId,
    /// The queue it travels in.
    pub lane: Lane,
    /// The language's id.
    pub language: String,
    /// Whose it is; nobody's, where the service made it or it came before there were owners.
    pub owner: Option<Owner>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// Where it is.
    pub state: SubmissionState,
    /// Its final result, once there is one; of a canceled submission an answer with the verdict `CANCELED`.
    pub result: Option<JudgeResult>,
}

impl Stored {
    /// What an answer about it repeats of it.
    #[must_use]
    pub fn reference(&self) -> SubmissionRef<'_> {
        let Self { id, lane, language, created_at, .. } = self;
        SubmissionRef { id: *id, lane: *lane, language, created_at: *created_at }
    }
}
