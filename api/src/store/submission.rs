//! A submission as the store knows it.

use std::time::Duration;

use gavel_model::{JudgeResult, Lane, Submission, SubmissionId, SubmissionRef};
use jiff::Timestamp;

use super::{BatchId, Made, Once};
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

/// The submissions of a lane that have no result yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// The lane.
    pub lane: Lane,
    /// How many there are.
    pub submissions: u32,
    /// When the oldest was created.
    pub oldest: Timestamp,
}

/// A submission that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewSubmission<'a> {
    /// The submission.
    pub submission: &'a Submission,
    /// Whose it is.
    pub owner: Option<&'a Owner>,
    /// How many single submissions of the owner may be unfinished before it.
    pub most_unfinished: Option<u32>,
    /// How long nobody takes it to hand it over.
    pub ready_after: Duration,
    /// The client's key, under which the call counts once.
    pub once: Option<&'a Once>,
    /// Where its client wants to be called when it is final.
    pub callback: Option<&'a str>,
}

impl<'a> NewSubmission<'a> {
    /// A submission of nobody's that may be handed over at once.
    #[must_use]
    pub const fn new(submission: &'a Submission) -> Self {
        let ready_after = Duration::ZERO;
        Self { submission, owner: None, most_unfinished: None, ready_after, once: None, callback: None }
    }
}

/// What became of a submission that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is kept.
    Kept,
    /// So many of its owner wait already.
    TooMany,
    /// Its key was used before.
    Before(Made),
}

/// What became of a result that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It is the final result of a submission, which came with this batch.
    First(Option<BatchId>),
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
    /// It is canceled from now on; with the batch that it came with.
    Now(JudgeResult, Option<BatchId>),
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
    /// The batch it came with.
    pub batch: Option<BatchId>,
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
