//! Submissions and their results.
//!
//! Unfinished are `queued` and `judging`. Every statement writes that set the same way, since the partial indexes serve
//! only a condition that they repeat word for word.

use gavel_model::{JudgeResult, SubmissionId, Work};
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::fault::fault;
use super::rows::{column, encode, lane, parsed, state, stored, time};
use super::{once, webhooks};
use crate::principal::Owner;
use crate::store::{
    Backlog, BatchId, Cancellation, Finish, Inserted, NewSubmission, StoreError, Stored, Subject,
    SubmissionState,
};

/// Keeps a submission and its client's key, unless its owner has so many unfinished ones or the key was used.
pub(super) async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    new: NewSubmission<'_>,
) -> Result<Inserted, StoreError> {
    let NewSubmission { submission, owner, most_unfinished, ready_at, once, callback } = new;
    if let (Some(once), Some(owner)) = (once, owner)
        && let Some(made) = once::claim(transaction, owner, once, submission.id.0).await?
    {
        return Ok(Inserted::Before(made));
    }
    let (problem, sha256) = match &submission.work {
        Work::Problem { problem, sha256, .. } => (Some(problem), Some(sha256.to_string())),
        Work::Run { .. } | Work::Tests { .. } => (None, None),
    };
    let done = sqlx::query(
        "INSERT INTO submissions
             (id, lane, language, created_at, state, body, problem, problem_sha256, owner, ready_at,
              callback_url)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?11, ?12
         WHERE ?10 IS NULL OR ?10 > (SELECT count(*) FROM submissions
                                     WHERE owner = ?9 AND batch IS NULL AND state IN ('queued', 'judging'))",
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
    .bind(ready_at.as_millisecond())
    .bind(callback)
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    if done.rows_affected() == 1 {
        return Ok(Inserted::Kept);
    }
    if once.is_some() {
        once::forget(transaction, submission.id.0).await?;
    }
    Ok(Inserted::TooMany)
}

/// The fence: only a row that is not final takes a result.
pub(super) async fn finish(
    transaction: &mut Transaction<'_, Sqlite>,
    result: &JudgeResult,
) -> Result<Finish, StoreError> {
    if let Some(batch) = end(transaction, SubmissionState::Done, result).await? {
        return Ok(Finish::First(batch));
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
            Cancellation::Now(answer, stored.batch)
        }
        (SubmissionState::Canceled, Some(answer)) => Cancellation::Before(answer),
        (SubmissionState::Done, Some(result)) => Cancellation::TooLate(result),
        (SubmissionState::Canceled | SubmissionState::Done, None) => {
            let what = format!("result of row {:?}", id.to_string());
            return Err(StoreError::Damaged { what, source: "final, and without an answer".into() });
        }
    }))
}

/// Gives a row that is not final its last state, and its turn in the batch it came with, which is told; nothing where it
/// was final.
pub(super) async fn end(
    transaction: &mut Transaction<'_, Sqlite>,
    state: SubmissionState,
    result: &JudgeResult,
) -> Result<Option<Option<BatchId>>, StoreError> {
    let ended = sqlx::query(
        "UPDATE submissions SET state = ?, result = ?, verdict = ?, finished_at = ?
         WHERE id = ? AND state IN ('queued', 'judging') RETURNING id, batch, owner, callback_url",
    )
    .bind(state.as_str())
    .bind(encode(result)?)
    .bind(result.verdict.as_str())
    .bind(result.finished_at.as_millisecond())
    .bind(result.id.to_string())
    .fetch_optional(&mut **transaction)
    .await
    .map_err(fault)?;
    let Some(row) = ended else { return Ok(None) };
    let owner: Option<&str> = column(&row, "owner")?;
    if let Some(url) = column::<Option<&str>>(&row, "callback_url")? {
        webhooks::owe(&mut **transaction, owner, Subject::Submission(result.id), url).await?;
    }
    if column::<Option<&str>>(&row, "batch")?.is_none() {
        return Ok(Some(None));
    }
    let batch: BatchId = parsed(&row, "batch")?;
    // The turn is of the transaction that holds the batch's row: turns are seen in their order.
    let turn = sqlx::query(
        "UPDATE batches SET finished = finished + 1 WHERE id = ?
         RETURNING id, finished, CASE WHEN finished = accepted THEN callback_url END AS callback_url",
    )
    .bind(batch.to_string())
    .fetch_one(&mut **transaction)
    .await
    .map_err(fault)?;
    sqlx::query("UPDATE submissions SET turn = ? WHERE id = ?")
        .bind(column::<i64>(&turn, "finished")?)
        .bind(result.id.to_string())
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    if let Some(url) = column::<Option<&str>>(&turn, "callback_url")? {
        webhooks::owe(&mut **transaction, owner, Subject::Batch(batch), url).await?;
    }
    Ok(Some(Some(batch)))
}

pub(super) async fn get(
    executor: impl SqliteExecutor<'_>,
    id: SubmissionId,
) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(
        "SELECT id, lane, language, owner, batch, created_at, state, result FROM submissions
         WHERE id = ? AND held = 0",
    )
    .bind(id.to_string())
    .fetch_optional(executor)
    .await
    .map_err(fault)?;
    row.as_ref().map(stored).transpose()
}

pub(super) async fn backlog(pool: &SqlitePool) -> Result<Vec<Backlog>, StoreError> {
    sqlx::query(
        "SELECT '' AS id, lane, count(*) AS submissions, min(created_at) AS oldest FROM submissions
         WHERE state IN ('queued', 'judging') AND held = 0 GROUP BY lane",
    )
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(|row| {
        let submissions = column(row, "submissions")?;
        Ok(Backlog { lane: lane(row)?, submissions, oldest: time(row, "oldest")? })
    })
    .collect()
}
