//! One `SQLite` file, written ahead (WAL): many readers, one writer.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId, Work};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row as _, Sqlite, SqliteExecutor, Transaction};

use super::sqlite_problems::learn_time_limit;
use super::{Finish, Store, StoreError, Stored};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement may wait for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a caller may wait for a connection before the store counts as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

const READERS: u32 = 4;

/// Submissions and results in one `SQLite` file.
pub struct SqliteStore {
    pub(super) reader: SqlitePool,
    pub(super) writer: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When the folder cannot be made, the file cannot be opened, or a migration fails.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|source| StoreError::Folder { path: folder.display().to_string(), source })?;
        }
        // FULL: an answer that says "accepted" or "stored" survives a power cut, since the queue forgets by it.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let open = |source| StoreError::Open { path: path.display().to_string(), source };
        let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT);
        let writer = pool(1).connect_with(options.clone()).await.map_err(open)?;
        MIGRATIONS.run(&writer).await?;
        let reader = pool(READERS).connect_with(options.read_only(true)).await.map_err(open)?;
        Ok(Self { reader, writer })
    }

    /// Closes the file once open statements are done.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn insert(&self, submission: &Submission) -> Result<(), StoreError> {
        insert_submission(submission, &self.writer).await
    }

    async fn mark_published(&self, ids: &[SubmissionId]) -> Result<(), StoreError> {
        let now = Timestamp::now().as_millisecond();
        let mut transaction = self.writer.begin().await?;
        for id in ids {
            sqlx::query("UPDATE submissions SET published_at = ? WHERE id = ? AND result IS NULL")
                .bind(now)
                .bind(id.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn forget_published(&self) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "UPDATE submissions SET published_at = NULL WHERE result IS NULL AND published_at IS NOT NULL",
        )
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected())
    }

    async fn unpublished(
        &self,
        lane: Lane,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Submission>, StoreError> {
        sqlx::query(
            "SELECT id, body FROM submissions
             WHERE lane = ? AND created_at < ? AND published_at IS NULL AND result IS NULL
             ORDER BY created_at, id LIMIT ?",
        )
        .bind(lane.as_str())
        .bind(before.as_millisecond())
        .bind(limit)
        .fetch_all(&self.reader)
        .await?
        .iter()
        .filter_map(|row| readable(row).transpose())
        .collect()
    }

    async fn finish(&self, results: &[JudgeResult]) -> Result<Vec<Finish>, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let mut outcomes = Vec::with_capacity(results.len());
        for result in results {
            outcomes.push(finish_one(&mut transaction, result).await?);
        }
        transaction.commit().await?;
        Ok(outcomes)
    }

    async fn get(&self, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
        sqlx::query("SELECT id, lane, language, created_at, result FROM submissions WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.reader)
            .await?
            .map(|row| {
                let result: Option<String> = row.try_get("result")?;
                Ok(Stored {
                    id,
                    lane: lane(&row)?,
                    language: row.try_get("language")?,
                    created_at: created_at(&row, "created_at")?,
                    result: result.map(|text| decode(&row, "result", &text)).transpose()?,
                })
            })
            .transpose()
    }

    async fn oldest_unfinished(&self) -> Result<Vec<(Lane, Timestamp)>, StoreError> {
        sqlx::query(
            "SELECT '' AS id, lane, min(created_at) AS oldest FROM submissions WHERE result IS NULL GROUP BY lane",
        )
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(|row| Ok((lane(row)?, created_at(row, "oldest")?)))
        .collect()
    }
}

pub(super) async fn insert_submission(
    submission: &Submission,
    executor: impl SqliteExecutor<'_>,
) -> Result<(), StoreError> {
    let (problem, sha256) = match &submission.work {
        Work::Problem { problem, sha256, .. } => (Some(problem), Some(sha256.to_string())),
        Work::Run { .. } | Work::Tests { .. } => (None, None),
    };
    sqlx::query(
        "INSERT INTO submissions (id, lane, language, created_at, body, problem, problem_sha256)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(submission.id.to_string())
    .bind(submission.lane.as_str())
    .bind(&submission.language)
    .bind(submission.created_at.as_millisecond())
    .bind(encode(submission)?)
    .bind(problem)
    .bind(sha256)
    .execute(executor)
    .await?;
    Ok(())
}

/// The fence: only a row that has no result takes one.
async fn finish_one(
    transaction: &mut Transaction<'_, Sqlite>,
    result: &JudgeResult,
) -> Result<Finish, StoreError> {
    let taken = sqlx::query(
        "UPDATE submissions SET result = ?, verdict = ?, finished_at = ? WHERE id = ? AND result IS NULL",
    )
    .bind(encode(result)?)
    .bind(result.verdict.as_str())
    .bind(result.finished_at.as_millisecond())
    .bind(result.id.to_string())
    .execute(&mut **transaction)
    .await?;
    if taken.rows_affected() == 1 {
        learn_time_limit(transaction, result).await?;
        return Ok(Finish::First);
    }
    let there = sqlx::query("SELECT 1 FROM submissions WHERE id = ?")
        .bind(result.id.to_string())
        .fetch_optional(&mut **transaction)
        .await?;
    Ok(if there.is_some() { Finish::Duplicate } else { Finish::Unknown })
}

/// The submission of a row; a damaged one is passed over, so that it does not hold up its neighbours.
fn readable(row: &SqliteRow) -> Result<Option<Submission>, StoreError> {
    match decode(row, "body", &row.try_get::<String, _>("body")?) {
        Ok(submission) => Ok(Some(submission)),
        Err(error) => {
            tracing::error!(%error, "a stored submission cannot be read and will not be published");
            Ok(None)
        }
    }
}

pub(super) fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::Encode)
}

pub(super) fn decode<T: DeserializeOwned>(
    row: &SqliteRow,
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| damaged(row, column))
}

fn lane(row: &SqliteRow) -> Result<Lane, StoreError> {
    let name: String = row.try_get("lane")?;
    Lane::ALL.into_iter().find(|lane| lane.as_str() == name).ok_or_else(|| damaged(row, "lane"))
}

pub(super) fn created_at(row: &SqliteRow, column: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(row.try_get(column)?).map_err(|_| damaged(row, column))
}

pub(super) fn damaged(row: &SqliteRow, column: &'static str) -> StoreError {
    StoreError::Damaged { id: row.try_get("id").unwrap_or_default(), column }
}
