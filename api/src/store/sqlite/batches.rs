//! Batches and their entries.

use std::collections::BTreeMap;

use gavel_model::{JudgeResult, Submission, Work};
use jiff::Timestamp;
use serde_json::json;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::fault::fault;
use super::list::verdict;
use super::rows::{column, encode, optional_time, state, stored, time};
use super::{once, submissions, webhooks};
use crate::principal::Owner;
use crate::store::{
    Batch, BatchId, Begun, CanceledEntry, Completion, Entry, EntryKind, FinishedEntry, NewEntry, Once,
    StoreError, Subject, SubmissionState,
};

pub(super) async fn begin(
    transaction: &mut Transaction<'_, Sqlite>,
    id: BatchId,
    owner: &Owner,
    once: Option<&Once>,
    most_unfinished: Option<u32>,
) -> Result<Begun, StoreError> {
    if let Some(once) = once
        && let Some(made) = once::claim(transaction, owner, once, id.0).await?
    {
        return Ok(Begun::Before(made));
    }
    if let Some(most) = most_unfinished
        && unfinished(&mut **transaction, owner.as_str()).await? >= u64::from(most)
    {
        return Ok(Begun::TooMany);
    }
    let now = Timestamp::now().as_millisecond();
    sqlx::query("INSERT INTO batches (id, owner, created_at, touched_at) VALUES (?1, ?2, ?3, ?3)")
        .bind(id.to_string())
        .bind(owner.as_str())
        .bind(now)
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    Ok(Begun::New)
}

/// How many submissions of an owner's batches are not final, those of batches that are still received included.
async fn unfinished(executor: impl SqliteExecutor<'_>, owner: &str) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT '' AS id, count(*) AS count FROM submissions
         WHERE owner = ? AND batch IS NOT NULL AND state IN ('queued', 'judging')",
    )
    .bind(owner)
    .fetch_one(executor)
    .await
    .map_err(fault)?;
    column::<i64>(&row, "count").map(i64::cast_unsigned)
}

/// One statement for all submissions: ten thousand of them would take ten thousand times the way to the writer's thread.
pub(super) async fn extend(
    transaction: &mut Transaction<'_, Sqlite>,
    id: BatchId,
    entries: &[NewEntry],
) -> Result<(), StoreError> {
    let (mut submissions, mut refusals) = (Vec::new(), Vec::new());
    for NewEntry { place, callback, entry } in entries {
        match entry {
            EntryKind::Submission(submission) => {
                submissions.push(row_of(*place, submission, callback.as_deref())?);
            }
            EntryKind::Refused(error) => refusals.push(json!([place, error])),
        }
    }
    sqlx::query(
        "INSERT INTO submissions
             (id, lane, language, created_at, state, body, problem, problem_sha256, owner, batch, place, callback_url, held)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 'queued', value ->> 4, value ->> 5, value ->> 6,
                (SELECT owner FROM batches WHERE id = ?2), ?2, value ->> 7, value ->> 8, 1
         FROM json_each(?1)",
    )
    .bind(encode(&submissions)?)
    .bind(id.to_string())
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    sqlx::query(
        "INSERT INTO batch_refusals (batch, place, error) SELECT ?2, value ->> 0, value ->> 1 FROM json_each(?1)",
    )
    .bind(encode(&refusals)?)
    .bind(id.to_string())
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    let done = sqlx::query(
        "UPDATE batches SET entries = entries + ?2, accepted = accepted + ?3, touched_at = ?4
         WHERE id = ?1 AND touched_at IS NOT NULL",
    )
    .bind(id.to_string())
    .bind(entries.len() as i64)
    .bind(submissions.len() as i64)
    .bind(Timestamp::now().as_millisecond())
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Refused("the batch is not being received any more".into()))
    }
}

fn row_of(
    place: u32,
    submission: &Submission,
    callback: Option<&str>,
) -> Result<serde_json::Value, StoreError> {
    let (problem, sha256) = match &submission.work {
        Work::Problem { problem, sha256, .. } => (Some(problem), Some(sha256.to_string())),
        Work::Run { .. } | Work::Tests { .. } => (None, None),
    };
    Ok(json!([
        submission.id,
        submission.lane,
        submission.language,
        submission.created_at.as_millisecond(),
        encode(submission)?,
        problem,
        sha256,
        place,
        callback,
    ]))
}

/// Makes a batch whole; false where its owner has too many, and then nothing is left of it.
pub(super) async fn complete(
    transaction: &mut Transaction<'_, Sqlite>,
    id: BatchId,
    completion: Completion<'_>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "UPDATE batches SET touched_at = NULL, callback_url = ?2 WHERE id = ?1 AND touched_at IS NOT NULL
         RETURNING id, owner, accepted",
    )
    .bind(id.to_string())
    .bind(completion.callback)
    .fetch_optional(&mut **transaction)
    .await
    .map_err(fault)?;
    let Some(row) = row else {
        return Err(StoreError::Refused("the batch is not being received any more".into()));
    };
    let owner: String = column::<Option<String>>(&row, "owner")?.unwrap_or_default();
    if let Some(most) = completion.most_unfinished
        && unfinished(&mut **transaction, &owner).await? > u64::from(most)
    {
        remove(transaction, id).await?;
        return Ok(false);
    }
    if let Some(url) = completion.callback
        && column::<i64>(&row, "accepted")? == 0
    {
        // Nothing of it will ever be judged.
        webhooks::owe(&mut **transaction, Some(owner.as_str()), Subject::Batch(id), url).await?;
    }
    if let Some(sha256) = completion.sha256 {
        once::complete(transaction, id.0, sha256).await?;
    }
    sqlx::query("UPDATE submissions SET held = 0 WHERE batch = ?")
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    Ok(true)
}

/// Forgets a batch that is not whole.
pub(super) async fn drop_one(
    transaction: &mut Transaction<'_, Sqlite>,
    id: BatchId,
) -> Result<(), StoreError> {
    let received = sqlx::query("SELECT 1 FROM batches WHERE id = ? AND touched_at IS NOT NULL")
        .bind(id.to_string())
        .fetch_optional(&mut **transaction)
        .await
        .map_err(fault)?;
    if received.is_some() { remove(transaction, id).await } else { Ok(()) }
}

pub(super) async fn abandoned(pool: &SqlitePool, before: Timestamp) -> Result<Vec<BatchId>, StoreError> {
    sqlx::query("SELECT id FROM batches WHERE touched_at IS NOT NULL AND touched_at > 0 AND touched_at < ?")
        .bind(before.as_millisecond())
        .fetch_all(pool)
        .await
        .map_err(fault)?
        .iter()
        .map(|row| super::rows::parsed(row, "id"))
        .collect()
}

async fn remove(transaction: &mut Transaction<'_, Sqlite>, id: BatchId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM submissions WHERE batch = ?",
        "DELETE FROM batch_refusals WHERE batch = ?",
        "DELETE FROM batches WHERE id = ?",
    ] {
        let statement = sqlx::query(statement).bind(id.to_string());
        statement.execute(&mut **transaction).await.map_err(fault)?;
    }
    once::forget(transaction, id.0).await
}

pub(super) async fn get(pool: &SqlitePool, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let row = sqlx::query("SELECT * FROM batches WHERE id = ? AND touched_at IS NULL")
        .bind(id.to_string())
        .fetch_optional(pool)
        .await
        .map_err(fault)?;
    let Some(row) = row else { return Ok(None) };
    let number = |name| column::<i64>(&row, name).map(i64::cast_unsigned);
    let mut batch = Batch {
        id,
        owner: column::<Option<String>>(&row, "owner")?.map(Owner::stored),
        created_at: time(&row, "created_at")?,
        entries: number("entries")?,
        accepted: number("accepted")?,
        canceled_at: optional_time(&row, "canceled_at")?,
        queued: 0,
        judging: 0,
        verdicts: BTreeMap::new(),
    };
    let counts = sqlx::query(
        "SELECT batch AS id, state, verdict, count(*) AS count FROM submissions WHERE batch = ?
         GROUP BY state, verdict",
    )
    .bind(id.to_string())
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    for row in &counts {
        let count = column::<i64>(row, "count")?.cast_unsigned();
        match (state(row)?, column::<Option<&str>>(row, "verdict")?) {
            (SubmissionState::Queued, _) => batch.queued += count,
            (SubmissionState::Judging, _) => batch.judging += count,
            (SubmissionState::Done | SubmissionState::Canceled, word) => {
                *batch.verdicts.entry(verdict(row, word.unwrap_or_default())?).or_default() += count;
            }
        }
    }
    Ok(Some(batch))
}

pub(super) async fn entries(
    pool: &SqlitePool,
    id: BatchId,
    from: u32,
    limit: u32,
    results: bool,
) -> Result<Vec<Entry>, StoreError> {
    let end = from.saturating_add(limit);
    let accepted = sqlx::query(
        "SELECT id, lane, language, owner, batch, created_at, state, place,
                CASE WHEN ? THEN result END AS result
         FROM submissions WHERE batch = ? AND place >= ? AND place < ?",
    );
    let accepted = accepted.bind(results).bind(id.to_string()).bind(from).bind(end);
    let refused = sqlx::query(
        "SELECT batch AS id, place, error FROM batch_refusals WHERE batch = ? AND place >= ? AND place < ?",
    );
    let refused = refused.bind(id.to_string()).bind(from).bind(end);
    let mut entries = Vec::new();
    for row in &accepted.fetch_all(pool).await.map_err(fault)? {
        entries.push(Entry { place: column(row, "place")?, entry: Ok(stored(row)?) });
    }
    for row in &refused.fetch_all(pool).await.map_err(fault)? {
        entries.push(Entry { place: column(row, "place")?, entry: Err(column(row, "error")?) });
    }
    entries.sort_by_key(|entry| entry.place);
    Ok(entries)
}

pub(super) async fn finished(
    pool: &SqlitePool,
    id: BatchId,
    after: u64,
    limit: u32,
) -> Result<Vec<FinishedEntry>, StoreError> {
    sqlx::query(
        "SELECT id, lane, language, owner, batch, created_at, state, result, place, turn FROM submissions
         WHERE batch = ? AND turn > ? ORDER BY turn LIMIT ?",
    )
    .bind(id.to_string())
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(|row| {
        let turn = column::<i64>(row, "turn")?.cast_unsigned();
        Ok(FinishedEntry { turn, place: column(row, "place")?, submission: stored(row)? })
    })
    .collect()
}

pub(super) async fn cancel_some(
    transaction: &mut Transaction<'_, Sqlite>,
    id: BatchId,
    limit: u32,
) -> Result<Vec<CanceledEntry>, StoreError> {
    sqlx::query(
        "UPDATE batches SET canceled_at = ? WHERE id = ? AND canceled_at IS NULL AND finished < accepted",
    )
    .bind(Timestamp::now().as_millisecond())
    .bind(id.to_string())
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    let rows: Vec<SqliteRow> = sqlx::query(
        "SELECT id, lane, language, owner, batch, created_at, state, result, published_at FROM submissions
         WHERE batch = ? AND state IN ('queued', 'judging') LIMIT ?",
    )
    .bind(id.to_string())
    .bind(limit)
    .fetch_all(&mut **transaction)
    .await
    .map_err(fault)?;
    let mut canceled = Vec::with_capacity(rows.len());
    for row in &rows {
        let answer = JudgeResult::canceled(stored(row)?.reference());
        submissions::end(transaction, SubmissionState::Canceled, &answer).await?;
        canceled.push(CanceledEntry { answer, handed_over: optional_time(row, "published_at")?.is_some() });
    }
    Ok(canceled)
}
