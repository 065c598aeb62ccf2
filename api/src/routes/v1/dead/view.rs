//! Dead letters as they are told.

use gavel_broker::Origin;
use gavel_model::{Captured, Lane, SubmissionId, Verdict};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::letters::{Letter, LetterError};

/// How much of a letter is shown, in bytes.
const SHOWN: usize = 64 * 1024;

/// The queue that a letter died in.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Queue {
    /// A lane's: it is a submission, or was meant to be one.
    Submissions,
    /// That of results.
    Results,
}

/// One dead letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterView {
    /// 16 hexadecimal digits that follow from what it says.
    #[schema(example = "9f86d081884c7d65")]
    pub id: String,
    /// Its submission; null when it cannot be told.
    #[schema(value_type = Option<String>)]
    pub submission: Option<SubmissionId>,
    /// Where it died; null when that was none of Gavel's queues. Then it cannot be sent again.
    pub queue: Option<Queue>,
    /// The lane of a submission.
    pub lane: Option<Lane>,
    /// The broker's word for why: `delivery_limit` took three workers down, `rejected` cannot be read.
    #[schema(example = "delivery_limit")]
    pub reason: String,
    /// When it died.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub died_at: Option<Timestamp>,
    /// Its size.
    pub size_bytes: u64,
    /// The final verdict of its submission; null while there is none, and where this service does not know the submission.
    pub verdict: Option<Verdict>,
}

impl LetterView {
    /// A letter in a list.
    pub fn new(letter: &Letter) -> Self {
        let Letter { kept, size, verdict } = letter;
        let (queue, lane) = match kept.origin {
            Some(Origin::Lane(lane)) => (Some(Queue::Submissions), Some(lane)),
            Some(Origin::Results) => (Some(Queue::Results), None),
            None => (None, None),
        };
        Self {
            id: kept.id.clone(),
            submission: kept.submission,
            queue,
            lane,
            reason: kept.reason.clone(),
            died_at: kept.died_at,
            size_bytes: *size,
            verdict: *verdict,
        }
    }
}

/// One dead letter, with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterDetail {
    /// What there is to know of it.
    #[serde(flatten)]
    pub letter: LetterView,
    /// What it says, its first 64 KiB.
    pub body: Captured,
}

impl LetterDetail {
    /// A letter with its body.
    pub fn new(letter: &Letter) -> Self {
        let body = &letter.kept.body;
        let body = Captured::new(&body[..body.len().min(SHOWN)], letter.size);
        Self { letter: LetterView::new(letter), body }
    }
}

/// The answer where letters cannot be had.
pub fn unavailable(error: LetterError) -> ApiError {
    match error {
        LetterError::Store(error) => error.into(),
        LetterError::Broker(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the dead letters cannot be reached");
            ApiError::unavailable("the broker does not answer, try again")
        }
    }
}
