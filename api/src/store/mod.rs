//! Where submissions, their results and problems are kept.
//!
//! [`SqliteStore`] is the default. Every implementation passes the one suite in `tests/it/store/`.

mod error;
mod key;
mod problem;
mod sqlite;
mod submission;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use jiff::Timestamp;

use crate::principal::Owner;

pub use error::{Cause, StoreError};
pub use key::ApiKey;
pub use problem::{ProblemDetail, ProblemGroup, ProblemVersion};
pub use sqlite::SqliteStore;
pub use submission::{Cancellation, Finish, Stored, SubmissionState};

/// Keeps submissions until they are judged, results for good, and what problems' packages say.
///
/// Errors are [`StoreError`], by what they mean for the caller; what a store is made of stays inside.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a new submission of nobody's, queued and not yet published.
    async fn insert(&self, submission: &Submission) -> Result<(), StoreError>;

    /// The same with an owner, unless so many of theirs are unfinished already; tells whether it was kept.
    async fn insert_of(
        &self,
        owner: &Owner,
        submission: &Submission,
        most_unfinished: Option<u32>,
    ) -> Result<bool, StoreError>;

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

    /// Keeps final results, all or none, and tells what became of each. The first of a submission wins, unless the
    /// submission was canceled before; if it was judged by a problem version without a time limit, its CPU limit
    /// becomes the version's.
    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError>;

    /// Cancels a submission, unless it is done. None of an unknown one.
    async fn cancel(&self, id: SubmissionId) -> Result<Option<Cancellation>, StoreError>;

    /// One submission.
    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError>;

    /// When the oldest unfinished submission of each lane was created; also shows that the store answers.
    async fn oldest_unfinished(&self) -> Result<Vec<(Lane, Timestamp)>, StoreError>;

    /// Keeps a version as its problem's latest, and with it the submission that will calibrate it: both or neither.
    /// Tells whether the version is new; one that was there keeps all but its calibration.
    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError>;

    /// Versions of a problem whose hash begins with some digits (all of them, if there are none), latest first.
    async fn versions(
        &self,
        problem: &str,
        sha256_prefix: &str,
        limit: u32,
    ) -> Result<Vec<ProblemVersion>, StoreError>;

    /// The latest version of each problem after an id, by id.
    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError>;

    /// Forgets a problem; tells how many versions it had.
    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError>;

    /// Keeps a new key.
    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// The key with this hash, revoked or not.
    async fn key(&self, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError>;

    /// Every key, revoked or not, the oldest first.
    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// Whether there ever was a key.
    async fn has_keys(&self) -> Result<bool, StoreError>;

    /// Makes a key good for nothing; tells whether there is such a key. To revoke it again changes nothing.
    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// Notes that a key was used.
    async fn mark_key_used(&self, id: &str, at: Timestamp) -> Result<(), StoreError>;
}
