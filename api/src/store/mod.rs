//! Where submissions, their results and problems are kept.
//!
//! [`sqlite`] is the default. Every implementation passes the one suite in `tests/it/store.rs`.

pub mod problems;
pub mod sqlite;
mod sqlite_problems;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use jiff::Timestamp;

pub use problems::{ProblemDetail, ProblemGroup, ProblemStore, ProblemVersion};
pub use sqlite::SqliteStore;

/// What became of a result that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It is the submission's final result.
    First,
    /// The submission had one already, which stays.
    Duplicate,
    /// No such submission: it was published past this API.
    Unknown,
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
    /// When it was accepted.
    pub created_at: Timestamp,
    /// Its final result, once there is one.
    pub result: Option<JudgeResult>,
}

/// A store that could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error("store {path}")]
    Open {
        /// The file.
        path: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The folder it lies in cannot be made.
    #[error("store folder {path}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Its tables cannot be brought up to date.
    #[error("store migration")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// It does not answer, or refuses.
    #[error("store query")]
    Query(#[from] sqlx::Error),
    /// A value cannot be written as JSON.
    #[error("value cannot be stored")]
    Encode(#[source] serde_json::Error),
    /// What it holds cannot be read.
    #[error("row {id} is damaged: {column}")]
    Damaged {
        /// Which row.
        id: String,
        /// Which column.
        column: &'static str,
    },
}

impl StoreError {
    /// A fixed word for logs.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Folder { .. } => "folder",
            Self::Migrate(_) => "migrate",
            Self::Query(_) => "query",
            Self::Encode(_) => "encode",
            Self::Damaged { .. } => "damaged",
        }
    }
}

/// Keeps submissions until they are judged, and results for good.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a new submission, queued and not yet published.
    async fn insert(&self, submission: &Submission) -> Result<(), StoreError>;

    /// Notes that a broker answers for these submissions; ids that are not there are skipped.
    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError>;

    /// Forgets that unfinished submissions were published: the broker that had them is gone. Tells how many.
    async fn forget_published(&self) -> Result<u64, StoreError>;

    /// The oldest unfinished, unpublished submissions of a lane that were created before an instant.
    async fn unpublished(
        &self,
        lane: Lane,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Submission>, StoreError>;

    /// Keeps final results, all or none, and tells what became of each. The first of a submission wins;
    /// if that one was judged by a problem version without a time limit, its CPU limit becomes the version's.
    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError>;

    /// One submission.
    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError>;

    /// When the oldest unfinished submission of each lane was created; also shows that the store answers.
    async fn oldest_unfinished(&self) -> Result<Vec<(Lane, Timestamp)>, StoreError>;
}
