//! Batches and their entries.

use std::collections::BTreeMap;
use std::time::Duration;

use gavel_model::{JudgeResult, Submission, SubmissionId};
use jiff::Timestamp;
use serde_json::json;

use super::database::{Database, Executor, Transaction};
use super::list::verdict;
use super::rows::{Row, column, encode, number, optional_time, parsed, state, stored, time};
use super::statement::sql;
use super::{once, rejudges, submissions, webhooks};
use crate::principal::Owner;
use crate::store::{
    Batch, BatchId, Begun, CanceledEntry, Completion, Entry, EntryKind, FinishedEntry, NewEntry, Once,
    Reused, StoreError, Subject, SubmissionState,
};

pub(super) async fn begin(
    transaction: &mut Transaction,
    id: BatchId,
    owner: &Owner,
    reused: Option<Reused<'_>>,
    most_unfinished: Option<u32>,
    rejudge: Option<&str>,
) -> Result<Begun, StoreError> {
    if let Some(Reused { key, left }) = reused {
        // What it is made of is known only when it is whole.
        let once = Once { key: key.to_owned(), sha256: None };
        if let Some(made) = once::claim(transaction, owner, &once, id.0).await? {
            if !was_left(transaction, BatchId(made.id), left).await? {
                return Ok(Begun::Before(made));
            }
            remove(transaction, BatchId(made.id)).await?;
            if let Some(made) = once::claim(transaction, owner, &once, id.0).await? {
                return Ok(Begun::Before(made));
            }
        }
    }
    if let Some(most) = most_unfinished
        && unfinished(&mut *transaction, owner.as_str()).await? >= u64::from(most)
    {
        return Ok(Begun::TooMany);
    }
    let now = transaction.dialect().now();
    sql(format!(
        "INSERT INTO batches (id, owner, created_at, touched_at, rejudge) VALUES ($1, $2, $3, {now}, $4)"
    ))
    .bind(id)
    .bind(owner.as_str())
    .bind(Timestamp::now())
    .bind(rejudge)
    .execute(transaction)
    .await?;
    Ok(Begun::New)
}

/// Whether a batch is not whole, and nobody receives it any more. From now on nobody can.
async fn was_left(transaction: &mut Transaction, id: BatchId, left: Duration) -> Result<bool, StoreError> {
    let (lock, now) = (transaction.dialect().for_update(), transaction.dialect().now());
    let found = sql(format!(
        "SELECT 1 FROM batches WHERE id = $1 AND touched_at > 0 AND touched_at < {now} - $2 {lock}"
    ));
    Ok(found.bind(id).bind(left).optional(transaction).await?.is_some())
}

pub(super) async fn touch(transaction: &mut Transaction, id: BatchId) -> Result<(), StoreError> {
    let now = transaction.dialect().now();
    let touched = sql(format!("UPDATE batches SET touched_at = {now} WHERE id = $1 AND touched_at > 0"));
    touched.bind(id).execute(transaction).await.map(drop)
}

/// How many submissions of an owner's batches are not final, those of batches that are still received included.
async fn unfinished(on: impl Into<Executor<'_>>, owner: &str) -> Result<u64, StoreError> {
    let count = sql("SELECT count(*) AS count FROM submissions
         WHERE owner = $1 AND batch IS NOT NULL AND state IN ('queued', 'judging')");
    number(&count.bind(owner).one(on).await?, "count")
}

/// One statement for all submissions: ten thousand of them would take ten thousand times the way to the writer.
pub(super) async fn extend(
    transaction: &mut Transaction,
    id: BatchId,
    entries: &[NewEntry],
) -> Result<(), StoreError> {
    let (mut submissions, mut refusals) = (Vec::new(), Vec::new());
    for NewEntry { place, callback, entry } in entries {
        match entry {
            EntryKind::Submission(submission) => {
                submissions.push(row_of(*place, submission, callback.as_deref(), None)?);
            }
            EntryKind::Copy(of, submission) => {
                submissions.push(row_of(*place, submission, callback.as_deref(), Some(*of))?);
            }
            EntryKind::Refused(error) => refusals.push(json!([place, error])),
        }
    }
    let rows = transaction.dialect().values_of_list();
    sql(format!(
        "INSERT INTO submissions
             (id, lane, language, created_at, state, body, problem, problem_sha256, owner, batch, place, callback_url,
              door, copy_of, held)
         SELECT value ->> 0, value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT), 'queued', value ->> 4,
                value ->> 5, value ->> 6, (SELECT owner FROM batches WHERE id = $2), $2,
                CAST(value ->> 7 AS BIGINT), value ->> 8, value ->> 9, value ->> 10, 1
         FROM {rows}"
    ))
    .bind(encode(&submissions)?)
    .bind(id)
    .execute(&mut *transaction)
    .await?;
    sql(format!(
        "INSERT INTO batch_refusals (batch, place, error)
         SELECT $2, CAST(value ->> 0 AS BIGINT), value ->> 1 FROM {rows}"
    ))
    .bind(encode(&refusals)?)
    .bind(id)
    .execute(&mut *transaction)
    .await?;
    let now = transaction.dialect().now();
    let touched = sql(format!(
        "UPDATE batches SET entries = entries + $2, accepted = accepted + $3, touched_at = {now}
         WHERE id = $1 AND touched_at IS NOT NULL"
    ))
    .bind(id)
    .bind(entries.len() as u64)
    .bind(submissions.len() as u64)
    .execute(transaction)
    .await?;
    if touched == 1 { Ok(()) } else { Err(not_received()) }
}

fn not_received() -> StoreError {
    StoreError::Unavailable("the batch is not being received any more".into())
}

fn row_of(
    place: u32,
    submission: &Submission,
    callback: Option<&str>,
    copy_of: Option<SubmissionId>,
) -> Result<serde_json::Value, StoreError> {
    let (problem, sha256) = submissions::judged_by(submission);
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
        submissions::door(submission),
        copy_of,
    ]))
}

/// Makes a batch whole; false where its owner has too many, and then nothing is left of it.
pub(super) async fn complete(
    transaction: &mut Transaction,
    id: BatchId,
    completion: Completion<'_>,
) -> Result<bool, StoreError> {
    let row = sql(
        "UPDATE batches SET touched_at = NULL, callback_url = $2 WHERE id = $1 AND touched_at IS NOT NULL
         RETURNING id, owner, accepted",
    )
    .bind(id)
    .bind(completion.callback)
    .optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Err(not_received()) };
    let owner: &str = column::<Option<&str>>(&row, "owner")?.unwrap_or_default();
    if let Some(most) = completion.most_unfinished {
        transaction.lock(&format!("batches of {owner}")).await?;
        if unfinished(&mut *transaction, owner).await? > u64::from(most) {
            remove(transaction, id).await?;
            return Ok(false);
        }
    }
    if let Some(url) = completion.callback
        && number::<u64>(&row, "accepted")? == 0
    {
        // Nothing of it will ever be judged.
        webhooks::owe(transaction, Some(owner), Subject::Batch(id), url).await?;
    }
    if let Some(sha256) = completion.sha256 {
        once::complete(transaction, id.0, sha256).await?;
    }
    sql("UPDATE submissions SET held = 0 WHERE batch = $1").bind(id).execute(transaction).await?;
    Ok(true)
}

/// Forgets a batch that is not whole and that nobody has touched since an instant; whether it did.
pub(super) async fn drop_one(
    transaction: &mut Transaction,
    id: BatchId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    let lock = transaction.dialect().for_update();
    let received = sql(format!("SELECT 1 FROM batches WHERE id = $1 AND touched_at < $2 {lock}"));
    if received.bind(id).bind(before).optional(&mut *transaction).await?.is_none() {
        return Ok(false);
    }
    remove(transaction, id).await?;
    Ok(true)
}

pub(super) async fn abandoned(database: &Database, before: Timestamp) -> Result<Vec<BatchId>, StoreError> {
    sql("SELECT id FROM batches WHERE touched_at IS NOT NULL AND touched_at > 0 AND touched_at < $1")
        .bind(before)
        .all(database)
        .await?
        .iter()
        .map(|row| parsed(row, "id"))
        .collect()
}

async fn remove(transaction: &mut Transaction, id: BatchId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM submissions WHERE batch = $1",
        "DELETE FROM batch_refusals WHERE batch = $1",
        "DELETE FROM batches WHERE id = $1",
    ] {
        sql(statement).bind(id).execute(&mut *transaction).await?;
    }
    once::forget(transaction, id.0).await
}

pub(super) async fn get(database: &Database, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let row =
        sql("SELECT * FROM batches WHERE id = $1 AND touched_at IS NULL").bind(id).optional(database).await?;
    let Some(row) = row else { return Ok(None) };
    let mut batch = Batch {
        id,
        owner: column::<Option<String>>(&row, "owner")?.map(Owner::stored),
        created_at: time(&row, "created_at")?,
        entries: number(&row, "entries")?,
        accepted: number(&row, "accepted")?,
        canceled_at: optional_time(&row, "canceled_at")?,
        queued: 0,
        judging: 0,
        verdicts: BTreeMap::new(),
        rejudge: rejudges::of_batch(&row)?,
    };
    let counts =
        sql("SELECT batch AS id, state, verdict, count(*) AS count FROM submissions WHERE batch = $1
         GROUP BY batch, state, verdict");
    for row in &counts.bind(id).all(database).await? {
        let count: u64 = number(row, "count")?;
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
    database: &Database,
    id: BatchId,
    from: u32,
    limit: u32,
    results: bool,
) -> Result<Vec<Entry>, StoreError> {
    let end = u64::from(from) + u64::from(limit);
    let accepted = sql("SELECT id, lane, language, owner, batch, created_at, state, place,
                CASE WHEN $1 THEN result END AS result
         FROM submissions WHERE batch = $2 AND place >= $3 AND place < $4")
    .bind(results)
    .bind(id)
    .bind(from)
    .bind(end);
    let refused = sql("SELECT batch AS id, place, error FROM batch_refusals
         WHERE batch = $1 AND place >= $2 AND place < $3")
    .bind(id)
    .bind(from)
    .bind(end);
    let mut entries = Vec::new();
    for row in &accepted.all(database).await? {
        entries.push(Entry { place: number(row, "place")?, entry: Ok(stored(row)?) });
    }
    for row in &refused.all(database).await? {
        entries.push(Entry { place: number(row, "place")?, entry: Err(column(row, "error")?) });
    }
    entries.sort_by_key(|entry| entry.place);
    Ok(entries)
}

pub(super) async fn finished(
    database: &Database,
    id: BatchId,
    after: u64,
    limit: u32,
) -> Result<Vec<FinishedEntry>, StoreError> {
    sql("SELECT id, lane, language, owner, batch, created_at, state, result, place, turn FROM submissions
         WHERE batch = $1 AND turn > $2 ORDER BY turn LIMIT $3")
    .bind(id)
    .bind(after)
    .bind(limit)
    .all(database)
    .await?
    .iter()
    .map(|row| {
        let (turn, place) = (number(row, "turn")?, number(row, "place")?);
        Ok(FinishedEntry { turn, place, submission: stored(row)? })
    })
    .collect()
}

pub(super) async fn cancel_some(
    transaction: &mut Transaction,
    id: BatchId,
    limit: u32,
) -> Result<Vec<CanceledEntry>, StoreError> {
    let lock = transaction.dialect().for_update();
    sql(format!("SELECT id FROM batches WHERE id = $1 {lock}")).bind(id).all(&mut *transaction).await?;
    sql("UPDATE batches SET canceled_at = $1 WHERE id = $2 AND canceled_at IS NULL AND finished < accepted")
        .bind(Timestamp::now())
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    let rows: Vec<Row> = sql(format!(
        "SELECT id, lane, language, owner, batch, created_at, state, result, published_at FROM submissions
         WHERE batch = $1 AND state IN ('queued', 'judging') ORDER BY id LIMIT $2 {lock}"
    ))
    .bind(id)
    .bind(limit)
    .all(&mut *transaction)
    .await?;
    let mut canceled = Vec::with_capacity(rows.len());
    for row in &rows {
        let answer = JudgeResult::canceled(stored(row)?.reference());
        submissions::end(transaction, SubmissionState::Canceled, &answer).await?;
        canceled.push(CanceledEntry { answer, handed_over: optional_time(row, "published_at")?.is_some() });
    }
    Ok(canceled)
}
