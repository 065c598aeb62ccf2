//! What the service tells, as far as a client reads it. Unknown fields are passed over: the service may be newer.

use std::collections::BTreeMap;

use gavel_model::{Canary, JudgeResult, Lane, SubmissionId, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of a submission so far.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It has no result yet.
    Waiting(SubmissionId),
    /// It is final.
    Final(Box<JudgeResult>),
}

/// A worker, as it last said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Worker {
    /// Its name in results.
    pub id: String,
    /// The version of its build.
    pub version: String,
    /// What it can judge, by id.
    pub languages: Vec<String>,
    /// How many submissions it judges at a time.
    pub slots: u32,
    /// How many it is judging.
    pub busy: u32,
    /// Whether it takes no more and ends once it is done.
    pub draining: bool,
    /// When its process began, by its own clock.
    pub started_at: Timestamp,
    /// When it was last heard of.
    pub seen_at: Timestamp,
    /// What its compilers and interpreters say of their versions, by language.
    #[serde(default)]
    pub compilers: BTreeMap<String, String>,
    /// Whether what keeps programs in held when it last tried it.
    #[serde(default)]
    pub canary: Canary,
    /// How fast a core of it is, 1 being the reference of docs/OPERATIONS.md; absent until it was measured.
    #[serde(default)]
    pub calibration: Option<f64>,
}

/// What waits, and who could take it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Queues {
    /// Every lane, most urgent first.
    pub queues: Vec<QueueView>,
    /// Of all workers that were heard of lately.
    pub slots: FleetSlots,
}

/// One lane.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueueView {
    /// The lane.
    pub lane: Lane,
    /// Submissions without a result, those that are judged now included.
    pub unfinished: u32,
    /// When the oldest of them was accepted; null when there is none.
    pub oldest_created_at: Option<Timestamp>,
}

/// The slots of all workers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FleetSlots {
    /// On which a submission is judged.
    pub busy: u32,
    /// Which wait for one; those of draining workers do not count.
    pub free: u32,
}

/// The oldest dead letters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeadLetters {
    /// The oldest first.
    pub letters: Vec<DeadLetter>,
    /// Whether there are more.
    pub more: bool,
}

/// One dead letter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Its id.
    pub id: String,
    /// Its submission, where that can be told.
    pub submission: Option<SubmissionId>,
    /// `submissions` or `results`: the queue it died in.
    pub queue: Option<String>,
    /// The lane of a submission.
    pub lane: Option<Lane>,
    /// The broker's word for why.
    pub reason: String,
    /// When it died.
    pub died_at: Option<Timestamp>,
    /// Its size.
    pub size_bytes: u64,
    /// The final verdict of its submission, where the service has one.
    pub verdict: Option<Verdict>,
}

/// What became of letters that were to be sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replayed {
    /// Those that were sent.
    pub replayed: Vec<ReplayedLetter>,
    /// Those that stay.
    pub skipped: Vec<SkippedLetter>,
    /// Whether there are more than one call looks at.
    pub more: bool,
}

/// A letter that was sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplayedLetter {
    /// Its id.
    pub id: String,
    /// Its submission.
    pub submission: Option<SubmissionId>,
}

/// A letter that was not sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SkippedLetter {
    /// Its id.
    pub id: String,
    /// Its submission.
    pub submission: Option<SubmissionId>,
    /// Why not, such as `final`.
    pub reason: String,
}

/// What was thrown away.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Purged {
    /// How many letters.
    pub purged: u32,
    /// Whether there are more than one call looks at.
    pub more: bool,
}
