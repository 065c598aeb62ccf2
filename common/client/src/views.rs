//! What the service tells, as far as a client reads it. Unknown fields are passed over: the service may be newer.

use gavel_model::{JudgeResult, Lane, SubmissionId};
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
