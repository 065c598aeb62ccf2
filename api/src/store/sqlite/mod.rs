//! One `SQLite` file, written ahead (WAL): many readers, one writer.

mod fault;
mod keys;
mod problems;
mod rows;
mod submissions;

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use gavel_platform::private::private_file;
use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use self::fault::fault;
use super::{ApiKey, Cancellation, Cause, Finish, ProblemVersion, Store, StoreError, Stored};
use crate::principal::Owner;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement may wait for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a caller may wait for a connection before the store counts as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

const READERS: u32 = 4;

/// Submissions, results and problems in one `SQLite` file.
pub struct SqliteStore {
    reader: SqlitePool,
    writer: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Open`] when the folder cannot be made, the file cannot be opened, or a migration fails.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source: Cause| StoreError::Open { place: path.display().to_string(), source };
        make_private(path).await.map_err(|error| failed(error.into()))?;
        // FULL: an answer that says "accepted" or "stored" survives a power cut, since the queue forgets by it.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT);
        let writer = pool(1).connect_with(options.clone()).await.map_err(|error| failed(error.into()))?;
        MIGRATIONS.run(&writer).await.map_err(|error| failed(error.into()))?;
        let reader = pool(READERS).connect_with(options.read_only(true)).await;
        Ok(Self { reader: reader.map_err(|error| failed(error.into()))?, writer })
    }

    /// Closes the file once open statements are done.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// The file before `SQLite` opens it, with its folder; `SQLite` gives the files beside it the same permissions.
async fn make_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    private_file(path)?;
    for beside in ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", path.display()))) {
        if beside.exists() {
            private_file(&beside)?;
        }
    }
    Ok(())
}

#[async_trait]
impl Store for SqliteStore {
    async fn insert(&self, submission: &Submission) -> Result<(), StoreError> {
        submissions::insert(submission, None, None, &self.writer).await.map(drop)
    }

    async fn insert_of(
        &self,
        owner: &Owner,
        submission: &Submission,
        most_unfinished: Option<u32>,
    ) -> Result<bool, StoreError> {
        submissions::insert(submission, Some(owner), most_unfinished, &self.writer).await
    }

    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        submissions::mark_published(&mut transaction, ids).await?;
        transaction.commit().await.map_err(fault)
    }

    async fn forget_published(&self) -> Result<u64, StoreError> {
        submissions::forget_published(&self.writer).await
    }

    async fn unpublished(
        &self,
        lane: Lane,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Submission>, StoreError> {
        submissions::unpublished(&self.reader, lane, before, limit).await
    }

    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let mut outcomes = Vec::with_capacity(results.len());
        for result in results {
            let outcome = submissions::finish(&mut transaction, result).await?;
            if outcome == Finish::First {
                problems::learn_time_limit(&mut transaction, result).await?;
            }
            outcomes.push(outcome);
        }
        transaction.commit().await.map_err(fault)?;
        Ok(outcomes)
    }

    async fn cancel(&self, id: SubmissionId) -> Result<Option<Cancellation>, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let outcome = submissions::cancel(&mut transaction, id).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(outcome)
    }

    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
        submissions::get(&self.reader, id).await
    }

    async fn oldest_unfinished(&self) -> Result<Vec<(Lane, Timestamp)>, StoreError> {
        submissions::oldest_unfinished(&self.reader).await
    }

    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let new = problems::put_version(&mut transaction, version).await?;
        if let Some(submission) = calibration {
            submissions::insert(submission, None, None, &mut *transaction).await?;
        }
        transaction.commit().await.map_err(fault)?;
        Ok(new)
    }

    async fn versions(
        &self,
        problem: &str,
        sha256_prefix: &str,
        limit: u32,
    ) -> Result<Vec<ProblemVersion>, StoreError> {
        problems::versions(&self.reader, problem, sha256_prefix, limit).await
    }

    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError> {
        problems::latest(&self.reader, after, limit).await
    }

    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError> {
        problems::delete(&self.writer, problem).await
    }

    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        keys::insert(key, &self.writer).await
    }

    async fn key(&self, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        keys::find(&self.reader, sha256).await
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        keys::all(&self.reader).await
    }

    async fn has_keys(&self) -> Result<bool, StoreError> {
        keys::any(&self.reader).await
    }

    async fn revoke_key(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        keys::revoke(&self.writer, id, at).await
    }

    async fn mark_key_used(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        keys::mark_used(&self.writer, id, at).await
    }
}
