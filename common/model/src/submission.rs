//! A submission as it travels from the API to a worker.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::lane::Lane;
use crate::limits::Limits;
use crate::source::SourceFile;
use crate::work::Work;

/// Names one submission; a UUID of version 7, so that ids sort by age.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct SubmissionId(pub Uuid);

impl SubmissionId {
    /// A new id, larger than all given before it.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for SubmissionId {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for SubmissionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// What a door of the API has to remember of a request, beyond what it asks for: whatever its own answers repeat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoorNote {
    /// Which door, such as `judge0`.
    pub door: String,
    /// What it remembers, in a form of its own.
    pub text: String,
}

/// Source files, language and the work asked for; everything a worker needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The queue it travels in.
    pub lane: Lane,
    /// The language's id (never an alias).
    pub language: String,
    /// The program; the first file is the entry.
    pub files: Vec<SourceFile>,
    /// Arguments of the program.
    #[serde(default)]
    pub args: Vec<String>,
    /// Words for the compiler's command line, of those that the language allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compiler_options: Vec<String>,
    /// Limits of each run.
    pub limits: Limits,
    /// Address space of each process of a run, in MiB (`RLIMIT_AS`): a request for more fails, whatever of it would be used. For
    /// `run` and `tests` work, in languages that say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_space_mb: Option<u64>,
    /// What to do.
    pub work: Work,
    /// Whether the result carries what the program printed, also for `tests` and `problem` work.
    #[serde(default)]
    pub stdout: bool,
    /// What the door that took it has to remember of the request; nobody else reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<DoorNote>,
    /// The trace that it is part of, as the header `traceparent` of W3C Trace Context: where it was accepted. However late
    /// it is published, and however often, that is what it hangs under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// When the API took it.
    pub created_at: jiff::Timestamp,
}
