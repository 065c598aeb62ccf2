//! Submissions and their results.
//!
//! Unfinished are `queued` and `judging`. Every statement writes that set the same way, since the partial indexes serve
//! only a condition that they repeat word for word.

use gavel_model::{JudgeResult, Lane, Submission, SubmissionId, Work};
use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::fault::fault;
use super::rows::{column, encode, json, lane, state, time};
use crate::principal::Owner;
use crate::store::{Cancellation, Finish, StoreError, Stored, SubmissionState};

/// Keeps a submission, unless its owner has so many unfinished ones; whether it did.
pub(super) async fn insert(
    submission: &Submission,
    owner: Option<&Owner>,
    most_unfinished: Option<u32>,
    executor: impl SqliteExecutor<'_>,
) -> Result<bool, StoreError> {
    let (problem, sha256) = match &submission.work {
        Work::Problem { problem, sha256, .. } => (Some(problem), Some(sha256.to_string())),
        Work::Run { .. } | Work::Tests { .. } => (None, None),
    };
    let done = sqlx::query(
        "INSERT INTO submissions (id, lane, language, created_at, state, body, problem, problem_sha256, owner)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
         WHERE ?10 IS NULL OR ?10 > (SELECT count(*) FROM submissions
                                     WHERE owner = ?9 AND state IN ('queued', 'judging'))",
    )
    .bind(submission.id.to_string())
    .bind(submission.lane.as_str())
    .bind(&submission.language)
    .bind(submission.created_at.as_millisecond())
    .bind(SubmissionState::Queued.as_str())
    .bind(encode(submission)?)
    .bind(problem)
    .bind(sha256)
    .bind(owner.map(Owner::as_str))
    .bind(most_unfinished)
    .execute(executor)
    .await
    .map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn mark_published(
    transaction: &mut Transaction<'_, Sqlite>,
    ids: &[SubmissionId],
) -> Result<(), StoreError> {
    let now = Timestamp::now().as_millisecond();
    for id in ids {
        sqlx::query(
            "UPDATE submissions SET published_at = ? WHERE id = ? AND state IN ('queued', 'judging')",
        )
        .bind(now)
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    }
    Ok(())
}

pub(super) async fn forget_published(pool: &SqlitePool) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE submissions SET published_at = NULL
         WHERE state IN ('queued', 'judging') AND published_at IS NOT NULL",
    )
    .execute(pool)
    .await
    .map_err(fault)?;
    Ok(done.rows_affected())
}

pub(super) async fn unpublished(
    pool: &SqlitePool,
    lane: Lane,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<Submission>, StoreError> {
    // Named, since the planner without statistics takes the index that also holds all that is published and waits.
    let rows = sqlx::query(
        "SELECT id, body FROM submissions INDEXED BY submissions_unpublished
         WHERE lane = ? AND created_at < ? AND published_at IS NULL AND state IN ('queued', 'judging')
         ORDER BY created_at, id LIMIT ?",
    )
    .bind(lane.as_str())
    .bind(before.as_millisecond())
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    Ok(rows.iter().filter_map(readable).collect())
}

/// The submission of a row; a damaged one is passed over, so that it does not hold up its neighbours.
fn readable(row: &SqliteRow) -> Option<Submission> {
    json(row, "body")
        .inspect_err(|error| {
            let error: &dyn std::error::Error = error;
            tracing::error!(error, "a stored submission cannot be read and will not be published");
        })
        .ok()
}

/// The fence: only a row that is not final takes a result.
pub(super) async fn finish(
    transaction: &mut Transaction<'_, Sqlite>,
    result: &JudgeResult,
) -> Result<Finish, StoreError> {
    if end(transaction, SubmissionState::Done, result).await? {
        return Ok(Finish::First);
    }
    let row = sqlx::query("SELECT id, state FROM submissions WHERE id = ?")
        .bind(result.id.to_string())
        .fetch_optional(&mut **transaction)
        .await
        .map_err(fault)?;
    Ok(match row.as_ref().map(state).transpose()? {
        None => Finish::Unknown,
        Some(SubmissionState::Canceled) => Finish::Canceled,
        Some(_) => Finish::Duplicate,
    })
}

pub(super) async fn cancel(
    transaction: &mut Transaction<'_, Sqlite>,
    id: SubmissionId,
) -> Result<Option<Cancellation>, StoreError> {
    let Some(stored) = get(&mut **transaction, id).await? else { return Ok(None) };
    Ok(Some(match (stored.state, stored.result.clone()) {
        (SubmissionState::Queued | SubmissionState::Judging, _) => {
            let answer = JudgeResult::canceled(stored.reference());
            end(transaction, SubmissionState::Canceled, &answer).await?;
            Cancellation::Now(answer)
        }
        (SubmissionState::Canceled, Some(answer)) => Cancellation::Before(answer),
        (SubmissionState::Done, Some(result)) => Cancellation::TooLate(result),
        (SubmissionState::Canceled | SubmissionState::Done, None) => {
            let what = format!("result of row {:?}", id.to_string());
            return Err(StoreError::Damaged { what, source: "final, and without an answer".into() });
        }
    }))
}

/// Gives a row that is not final its last state; whether it was one.
async fn end(
    transaction: &mut Transaction<'_, Sqlite>,
    state: SubmissionState,
    result: &JudgeResult,
) -> Result<bool, StoreError> {
    let ended = sqlx::query(
        "UPDATE submissions SET state = ?, result = ?, verdict = ?, finished_at = ?
         WHERE id = ? AND state IN ('queued', 'judging')",
    )
    .bind(state.as_str())
    .bind(encode(result)?)
    .bind(result.verdict.as_str())
    .bind(result.finished_at.as_millisecond())
    .bind(result.id.to_string())
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    Ok(ended.rows_affected() == 1)
}

pub(super) async fn get(
    executor: impl SqliteExecutor<'_>,
    id: SubmissionId,
) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(
        "SELECT id, lane, language, owner, created_at, state, result FROM submissions WHERE id = ?",
    )
    .bind(id.to_string())
    .fetch_optional(executor)
    .await
    .map_err(fault)?;
    let Some(row) = row else { return Ok(None) };
    let judged = column::<Option<&str>>(&row, "result")?.is_some();
    Ok(Some(Stored {
        id,
        lane: lane(&row)?,
        language: column(&row, "language")?,
        owner: column::<Option<String>>(&row, "owner")?.map(Owner::stored),
        created_at: time(&row, "created_at")?,
        state: state(&row)?,
        result: if judged { Some(json(&row, "result")?) } else { None },
    }))
}

pub(super) async fn oldest_unfinished(pool: &SqlitePool) -> Result<Vec<(Lane, Timestamp)>, StoreError> {
    sqlx::query(
        "SELECT '' AS id, lane, min(created_at) AS oldest FROM submissions
         WHERE state IN ('queued', 'judging') GROUP BY lane",
    )
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(|row| Ok((lane(row)?, time(row, "oldest")?)))
    .collect()
}
