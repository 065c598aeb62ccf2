//! A call that is owed to a client, as the store knows it.

use std::time::Duration;

use gavel_model::SubmissionId;
use jiff::Timestamp;
use uuid::Uuid;

use super::BatchId;
use crate::principal::Owner;

/// What a webhook tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A submission that is final.
    Submission(SubmissionId),
    /// A batch all of which is final.
    Batch(BatchId),
}

/// A call that is owed.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Its id: a UUID of version 7.
    pub id: Uuid,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// What it tells of.
    pub subject: Subject,
    /// Where to.
    pub url: String,
    /// Since when it is owed.
    pub created_at: Timestamp,
    /// Whether it is done with.
    pub state: WebhookState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_at: Timestamp,
}

/// Whether a call is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookState {
    /// It is tried until it is taken.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

impl WebhookState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    /// The word that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// One try of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// Which one, from 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// What follows from a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryOutcome {
    /// It is done with.
    Delivered,
    /// It is given up.
    Failed,
    /// It is tried again after this time.
    Again(Duration),
}

/// Which calls are looked for; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebhookFilter {
    /// Whose.
    pub owner: Option<Owner>,
    /// What they tell of.
    pub subject: Option<Subject>,
    /// Whether they are done with.
    pub state: Option<WebhookState>,
    /// Only those that are older than this one.
    pub after: Option<Uuid>,
}
