//! What doors of other systems ask the store beyond what submissions are.

use gavel_model::{SubmissionId, Verdict};

/// Some of the submissions that came through a door, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorPage {
    /// Their ids.
    pub ids: Vec<SubmissionId>,
    /// How many there are in all.
    pub total: u64,
}

/// How many submissions of a door are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorCount {
    /// The language's id.
    pub language: String,
    /// What became of them; nothing yet of those that are unfinished.
    pub verdict: Option<Verdict>,
    /// The day on which they came, in UTC: `2026-11-27`.
    pub day: String,
    /// How many.
    pub count: u64,
}
