//! Submissions and their results.
//!
//! Unfinished are `queued` and `judging`. Every statement writes that set the same way, since the partial indexes serve
//! only a condition that they repeat word for word.

use gavel_model::{JudgeResult, Submission, SubmissionId, Work};

use super::database::{Database, Executor, Transaction};
use super::rows::{column, encode, lane, number, optional_parsed, state, stored, time};
use super::statement::sql;
use super::{once, webhooks};
use crate::principal::Owner;
use crate::store::{
    Backlog, BatchId, Cancellation, Finish, Inserted, NewSubmission, StoreError, Stored, Subject,
    SubmissionState,
};

/// Keeps a submission and its client's key, unless its owner has so many unfinished ones or the key was used.
pub(super) async fn insert(
    transaction: &mut Transaction,
    new: NewSubmission<'_>,
) -> Result<Inserted, StoreError> {
    let NewSubmission { submission, owner, most_unfinished, ready_after, once, callback } = new;
    if let (Some(once), Some(owner)) = (once, owner)
        && let Some(made) = once::claim(transaction, owner, once, submission.id.0).await?
    {
        return Ok(Inserted::Before(made));
    }
    if let (Some(owner), Some(_)) = (owner, most_unfinished) {
        transaction.lock(&format!("owner {owner}")).await?;
    }
    let (problem, sha256) = judged_by(submission);
    let now = transaction.dialect().now();
    let inserted = sql(format!(
        "INSERT INTO submissions
             (id, lane, language, created_at, state, body, problem, problem_sha256, owner, ready_at,
              callback_url, door)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, {now} + $11, $12, $13
         WHERE $10 IS NULL OR $10 > (SELECT count(*) FROM submissions
                                     WHERE owner = $9 AND batch IS NULL AND state IN ('queued', 'judging'))"
    ))
    .bind(submission.id)
    .bind(submission.lane.as_str())
    .bind(&submission.language)
    .bind(submission.created_at)
    .bind(SubmissionState::Queued.as_str())
    .bind(encode(submission)?)
    .bind(problem)
    .bind(sha256)
    .bind(owner.map(Owner::as_str))
    .bind(most_unfinished.map(i64::from))
    .bind(ready_after)
    .bind(callback)
    .bind(door(submission))
    .execute(&mut *transaction)
    .await?;
    if inserted == 1 {
        return Ok(Inserted::Kept);
    }
    if once.is_some() {
        once::forget(transaction, submission.id.0).await?;
    }
    Ok(Inserted::TooMany)
}

/// The problem and the version that it is judged by, where it is a stored one.
pub(super) fn judged_by(submission: &Submission) -> (Option<&str>, Option<String>) {
    match &submission.work {
        Work::Problem { problem, sha256, .. } => (Some(problem), Some(sha256.to_string())),
        Work::Run { .. } | Work::Tests { .. } => (None, None),
    }
}

/// The door it came through, where that one keeps a note.
pub(super) fn door(submission: &Submission) -> Option<&str> {
    submission.note.as_ref().map(|note| note.door.as_str())
}

/// The fence: only a row that is not final takes a result.
pub(super) async fn finish(
    transaction: &mut Transaction,
    result: &JudgeResult,
) -> Result<Finish, StoreError> {
    if let Some(batch) = end(transaction, SubmissionState::Done, result).await? {
        return Ok(Finish::First(batch));
    }
    let row =
        sql("SELECT id, state FROM submissions WHERE id = $1").bind(result.id).optional(transaction).await?;
    Ok(match row.as_ref().map(state).transpose()? {
        None => Finish::Unknown,
        Some(SubmissionState::Canceled) => Finish::Canceled,
        Some(_) => Finish::Duplicate,
    })
}

pub(super) async fn cancel(
    transaction: &mut Transaction,
    id: SubmissionId,
) -> Result<Option<Cancellation>, StoreError> {
    lock(transaction, &[id]).await?;
    let Some(stored) = get(&mut *transaction, id).await? else { return Ok(None) };
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

/// Keeps others from the batches that submissions came with, and then from the submissions: whoever ends some locks in
/// this order, so that no two wait for each other.
pub(super) async fn lock(transaction: &mut Transaction, ids: &[SubmissionId]) -> Result<(), StoreError> {
    let (ids_of, for_update) = (transaction.dialect().texts_of_list(), transaction.dialect().for_update());
    if for_update.is_empty() {
        return Ok(());
    }
    for statement in [
        format!(
            "SELECT id FROM batches WHERE id IN (
                 SELECT batch FROM submissions WHERE id IN (SELECT value FROM {ids_of}))
             ORDER BY id {for_update}"
        ),
        format!(
            "SELECT id FROM submissions WHERE id IN (SELECT value FROM {ids_of}) ORDER BY id {for_update}"
        ),
    ] {
        sql(statement).bind(encode(ids)?).all(&mut *transaction).await?;
    }
    Ok(())
}

/// Gives a row that is not final its last state, and its turn in the batch it came with, which is told; nothing where it
/// was final.
pub(super) async fn end(
    transaction: &mut Transaction,
    state: SubmissionState,
    result: &JudgeResult,
) -> Result<Option<Option<BatchId>>, StoreError> {
    let ended =
        sql("UPDATE submissions SET state = $1, result = $2, verdict = $3, finished_at = $4, score = $6
         WHERE id = $5 AND state IN ('queued', 'judging') RETURNING id, batch, owner, callback_url")
        .bind(state.as_str())
        .bind(encode(result)?)
        .bind(result.verdict.as_str())
        .bind(result.finished_at)
        .bind(result.id)
        .bind(result.score.map(|score| encode(&score)).transpose()?)
        .optional(&mut *transaction)
        .await?;
    let Some(row) = ended else { return Ok(None) };
    let owner: Option<&str> = column(&row, "owner")?;
    if let Some(url) = column::<Option<&str>>(&row, "callback_url")? {
        webhooks::owe(transaction, owner, Subject::Submission(result.id), url).await?;
    }
    let Some(batch) = optional_parsed::<BatchId>(&row, "batch")? else { return Ok(Some(None)) };
    // The turn is of the transaction that holds the batch's row: turns are seen in their order.
    let turn = sql("UPDATE batches SET finished = finished + 1 WHERE id = $1
         RETURNING id, finished, CASE WHEN finished = accepted THEN callback_url END AS callback_url")
    .bind(batch)
    .one(&mut *transaction)
    .await?;
    sql("UPDATE submissions SET turn = $1 WHERE id = $2")
        .bind(column::<i64>(&turn, "finished")?)
        .bind(result.id)
        .execute(&mut *transaction)
        .await?;
    if let Some(url) = column::<Option<&str>>(&turn, "callback_url")? {
        webhooks::owe(transaction, owner, Subject::Batch(batch), url).await?;
    }
    Ok(Some(Some(batch)))
}

pub(super) async fn get(on: impl Into<Executor<'_>>, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
    let row = sql("SELECT id, lane, language, owner, batch, created_at, state, result FROM submissions
         WHERE id = $1 AND held = 0");
    row.bind(id).optional(on).await?.as_ref().map(stored).transpose()
}

pub(super) async fn backlog(database: &Database) -> Result<Vec<Backlog>, StoreError> {
    sql("SELECT lane, count(*) AS submissions, min(created_at) AS oldest FROM submissions
         WHERE state IN ('queued', 'judging') AND held = 0 GROUP BY lane")
    .all(database)
    .await?
    .iter()
    .map(|row| {
        let submissions = number(row, "submissions")?;
        Ok(Backlog { lane: lane(row)?, submissions, oldest: time(row, "oldest")? })
    })
    .collect()
}
