//! What a client is told of a batch.

use std::collections::BTreeMap;

use gavel_model::Verdict;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::routes::v1::submissions::view::SubmissionView;
use crate::store::{Batch, BatchId, Entry};

/// A batch, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    /// Its id.
    pub id: BatchId,
    /// How far it is.
    pub state: BatchState,
    /// When its first entry came.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// How many entries were sent.
    pub entries: u64,
    /// How many of them became submissions.
    pub accepted: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// How many submissions nobody has begun.
    pub queued: u64,
    /// How many are being judged.
    pub judging: u64,
    /// How many are final.
    pub finished: u64,
    /// How many are final, by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
}

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BatchState {
    /// Not all of it is final.
    Judging,
    /// All of it is final.
    Done,
    /// It was canceled, and all of it is final.
    Canceled,
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        let Batch { id, created_at, entries, accepted, canceled_at, queued, judging, verdicts, .. } = batch;
        let finished = verdicts.values().sum();
        let state = match canceled_at {
            _ if finished < accepted => BatchState::Judging,
            Some(_) => BatchState::Canceled,
            None => BatchState::Done,
        };
        let refused = entries - accepted;
        Self { id, state, created_at, entries, accepted, refused, queued, judging, finished, verdicts }
    }
}

/// An entry of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Where in the batch, from 0.
    pub index: u32,
    /// The submission, or why there is none.
    #[serde(flatten)]
    pub entry: EntryOutcome,
}

/// What became of an entry.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum EntryOutcome {
    /// It was refused.
    Refused {
        /// Why: an error as any other call has it.
        #[schema(value_type = crate::error::ApiError)]
        error: Box<RawValue>,
    },
    /// It became a submission.
    Submission(SubmissionView),
}

impl From<Entry> for EntryView {
    fn from(Entry { place, entry }: Entry) -> Self {
        let entry = match entry {
            Ok(stored) => EntryOutcome::Submission(stored.into()),
            Err(error) => EntryOutcome::Refused { error: raw(error) },
        };
        Self { index: place, entry }
    }
}

/// JSON as it was stored; null where it is none, which is never written.
pub fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
