//! One `SQLite` file, written ahead (WAL): many readers, one writer.

mod batches;
mod doors;
mod fault;
mod handover;
mod keys;
mod list;
mod once;
mod problems;
mod retention;
mod rows;
mod submissions;
mod webhooks;

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId};
use gavel_platform::private::private_file;
use jiff::Timestamp;
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use uuid::Uuid;

use self::fault::fault;
use super::{
    ApiKey, Backlog, Batch, BatchId, Begun, CanceledEntry, Cancellation, Cause, Completion, DoorCount,
    DoorPage, Entry, Filter, Finish, FinishedEntry, Inserted, Listed, NewEntry, NewSubmission, Once,
    ProblemVersion, Store, StoreError, Stored, Try, TryOutcome, Webhook, WebhookFilter,
};
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
        let writer =
            pool(1).before_acquire(|connection, _| Box::pin(async move { Ok(is_outside(connection)) }));
        let writer = writer.connect_with(options.clone()).await.map_err(|error| failed(error.into()))?;
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

/// Whether no transaction is open, as far as the driver knows.
///
/// A full disk makes `SQLite` itself roll back, so the driver's own rollback fails and it still counts a transaction
/// (`sqlx-sqlite`, `connection/worker.rs`). What it begins from then on is a part of that one, which never ends: it
/// would say "committed" of what nobody can read. Such a connection is closed, and another one opened.
fn is_outside(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
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
    async fn insert_new(&self, new: NewSubmission<'_>) -> Result<Inserted, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let inserted = submissions::insert(&mut transaction, new).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(inserted)
    }

    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        handover::mark_published(&mut transaction, ids).await?;
        transaction.commit().await.map_err(fault)
    }

    async fn mark_judging(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        handover::mark_judging(&mut transaction, ids).await?;
        transaction.commit().await.map_err(fault)
    }

    async fn forget_published(&self) -> Result<u64, StoreError> {
        handover::forget_published(&self.writer).await
    }

    async fn waiting(&self, lane: Lane) -> Result<Vec<String>, StoreError> {
        handover::waiting(&self.reader, lane).await
    }

    async fn handed_over(&self, lane: Lane) -> Result<Vec<(String, u32)>, StoreError> {
        handover::handed_over(&self.reader, lane).await
    }

    async fn claim(
        &self,
        lane: Lane,
        owner: &str,
        limit: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Submission>, StoreError> {
        handover::claim(&self.writer, lane, owner, limit, now, until).await
    }

    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let mut outcomes = Vec::with_capacity(results.len());
        for result in results {
            let outcome = submissions::finish(&mut transaction, result).await?;
            if matches!(outcome, Finish::First(_)) {
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

    async fn begin_batch(
        &self,
        id: BatchId,
        owner: &Owner,
        once: Option<&Once>,
        most_unfinished: Option<u32>,
    ) -> Result<Begun, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let begun = batches::begin(&mut transaction, id, owner, once, most_unfinished).await?;
        if begun == Begun::New {
            transaction.commit().await.map_err(fault)?;
        }
        Ok(begun)
    }

    async fn extend_batch(&self, id: BatchId, entries: &[NewEntry]) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        batches::extend(&mut transaction, id, entries).await?;
        transaction.commit().await.map_err(fault)
    }

    async fn complete_batch(&self, id: BatchId, completion: Completion<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let kept = batches::complete(&mut transaction, id, completion).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(kept)
    }

    async fn drop_batch(&self, id: BatchId) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        batches::drop_one(&mut transaction, id).await?;
        transaction.commit().await.map_err(fault)
    }

    async fn drop_abandoned(&self, before: Timestamp) -> Result<u64, StoreError> {
        let abandoned = batches::abandoned(&self.reader, before).await?;
        for id in &abandoned {
            self.drop_batch(*id).await?;
        }
        Ok(abandoned.len() as u64)
    }

    async fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        batches::get(&self.reader, id).await
    }

    async fn entries(
        &self,
        id: BatchId,
        from: u32,
        limit: u32,
        results: bool,
    ) -> Result<Vec<Entry>, StoreError> {
        batches::entries(&self.reader, id, from, limit, results).await
    }

    async fn finished_entries(
        &self,
        id: BatchId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<FinishedEntry>, StoreError> {
        batches::finished(&self.reader, id, after, limit).await
    }

    async fn cancel_some(&self, id: BatchId, limit: u32) -> Result<Vec<CanceledEntry>, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let canceled = batches::cancel_some(&mut transaction, id, limit).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(canceled)
    }

    async fn list(&self, filter: &Filter, limit: u32) -> Result<Vec<Listed>, StoreError> {
        list::list(&self.reader, filter, limit).await
    }

    async fn forget_finished(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let forgotten = retention::forget_finished(&mut transaction, before, limit).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(forgotten)
    }

    async fn forget_webhooks(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let forgotten = retention::forget_webhooks(&mut transaction, before, limit).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(forgotten)
    }

    async fn forget_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        once::forget_before(&self.writer, before).await
    }

    async fn claim_webhooks(
        &self,
        limit: u32,
        without: &[&str],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Webhook>, StoreError> {
        webhooks::claim(&self.reader, &self.writer, limit, without, now, until).await
    }

    async fn note_try(&self, id: Uuid, tried: &Try, outcome: &TryOutcome) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        webhooks::note_try(&mut transaction, id, tried, outcome).await?;
        transaction.commit().await.map_err(fault)
    }

    async fn webhooks(
        &self,
        filter: &WebhookFilter,
        limit: u32,
    ) -> Result<Vec<(Webhook, Vec<Try>)>, StoreError> {
        webhooks::list(&self.reader, filter, limit).await
    }

    async fn secret(&self, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let secret = webhooks::secret(&mut transaction, name, fresh).await?;
        transaction.commit().await.map_err(fault)?;
        Ok(secret)
    }

    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
        submissions::get(&self.reader, id).await
    }

    async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
        doors::submission(&self.reader, id).await
    }

    async fn delete_final(&self, id: SubmissionId) -> Result<bool, StoreError> {
        doors::delete_final(&self.writer, id).await
    }

    async fn count_unfinished(&self) -> Result<u64, StoreError> {
        doors::count_unfinished(&self.reader).await
    }

    async fn door_page(&self, door: &str, skip: u64, limit: u32) -> Result<DoorPage, StoreError> {
        doors::page(&self.reader, door, skip, limit).await
    }

    async fn door_counts(&self, door: &str) -> Result<Vec<DoorCount>, StoreError> {
        doors::counts(&self.reader, door).await
    }

    async fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        submissions::backlog(&self.reader).await
    }

    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await.map_err(fault)?;
        let new = problems::put_version(&mut transaction, version).await?;
        if let Some(submission) = calibration {
            submissions::insert(&mut transaction, NewSubmission::new(submission)).await?;
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
