//! A batch as the store knows it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use gavel_model::{Submission, SubmissionId, Verdict};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Rejudge, Stored};
use crate::principal::Owner;

/// Names one batch; a UUID of version 7, so that ids sort by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct BatchId(pub Uuid);

impl BatchId {
    /// A new id.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for BatchId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BatchId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// Many submissions that were taken as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// When its first entry came.
    pub created_at: Timestamp,
    /// How many entries were sent.
    pub entries: u64,
    /// How many of them became submissions.
    pub accepted: u64,
    /// When it was canceled.
    pub canceled_at: Option<Timestamp>,
    /// How many of its submissions nobody has begun.
    pub queued: u64,
    /// How many are being judged.
    pub judging: u64,
    /// How many are final, by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// What makes it a rejudge, where it is one.
    pub rejudge: Option<Rejudge>,
}

/// What a batch is made whole with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Completion<'a> {
    /// The hash of what was asked for, where its client gave a key.
    pub sha256: Option<[u8; 32]>,
    /// How many submissions of its owner's batches may be unfinished with it.
    pub most_unfinished: Option<u32>,
    /// Where its client wants to be called when all of it is final.
    pub callback: Option<&'a str>,
}

/// An entry of a batch that is being received.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Where in the batch, from 0.
    pub place: u32,
    /// Where its client wants to be called when it is final.
    pub callback: Option<String>,
    /// What became of it.
    pub entry: EntryKind,
}

/// What an entry of a batch became.
#[derive(Clone, Debug, PartialEq)]
pub enum EntryKind {
    /// A submission.
    Submission(Box<Submission>),
    /// A copy of a submission, in a rejudge.
    Copy(SubmissionId, Box<Submission>),
    /// Nothing, for this reason: JSON, as the client is told.
    Refused(String),
}

/// An entry of a batch, by its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where in the batch, from 0.
    pub place: u32,
    /// The submission, or why there is none: JSON, as the client was told.
    pub entry: Result<Stored, String>,
}

/// A submission of a batch that is final, by its turn.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedEntry {
    /// As which of the batch it became final, from 1.
    pub turn: u64,
    /// Where in the batch, from 0.
    pub place: u32,
    /// The submission.
    pub submission: Stored,
}

/// A submission that was canceled with its batch.
#[derive(Clone, Debug, PartialEq)]
pub struct CanceledEntry {
    /// Its final answer.
    pub answer: gavel_model::JudgeResult,
    /// Whether a worker may have it.
    pub handed_over: bool,
}

/// What became of a batch that was to be begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is begun.
    New,
    /// Its key was used before.
    Before(Made),
    /// So many submissions of its owner's batches wait already.
    TooMany,
}

/// What was made under a key of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The id of a submission or of a batch.
    pub id: Uuid,
    /// The hash of what was asked for; none while that is still received.
    pub sha256: Option<[u8; 32]>,
}

/// A key of a client, under which a call counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The client's word.
    pub key: String,
    /// The hash of the call and its body; none while the body is still received.
    pub sha256: Option<[u8; 32]>,
}

/// A key of a client for a batch, of which it is not known yet what it will be made of.
#[derive(Clone, Copy, Debug)]
pub struct Reused<'a> {
    /// The client's word.
    pub key: &'a str,
    /// Who has not touched a batch for so long does not receive it any more.
    pub left: Duration,
}

/// What is looked for among submissions; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Whose.
    pub owner: Option<Owner>,
    /// The batch they came with.
    pub batch: Option<BatchId>,
    /// The problem they are judged by.
    pub problem: Option<String>,
    /// The language's id.
    pub language: Option<String>,
    /// Their verdict.
    pub verdict: Option<Verdict>,
    /// Only those that are older than this one.
    pub after: Option<SubmissionId>,
    /// Also copies that are judged for a rejudge.
    pub copies: bool,
}

/// A submission in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The submission; of its result only the verdict is here.
    pub submission: Stored,
    /// Its verdict, once there is one.
    pub verdict: Option<Verdict>,
    /// What it is judged by, where that is a stored problem.
    pub problem: Option<String>,
    /// When it became final.
    pub finished_at: Option<Timestamp>,
}
