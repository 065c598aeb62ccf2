//! Calls that are owed to clients, and what came of them.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor, Transaction};
use uuid::Uuid;

use super::fault::fault;
use super::rows::{column, damaged, encode, parsed, time};
use crate::principal::Owner;
use crate::store::{StoreError, Subject, Try, TryOutcome, Webhook, WebhookFilter, WebhookState};

/// Owes a call from now on.
pub(super) async fn owe(
    executor: impl SqliteExecutor<'_>,
    owner: Option<&str>,
    subject: Subject,
    url: &str,
) -> Result<(), StoreError> {
    let (submission, batch) = columns(subject);
    sqlx::query(
        "INSERT INTO webhooks (id, owner, submission, batch, url, created_at, next_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(owner)
    .bind(submission)
    .bind(batch)
    .bind(url)
    .bind(Timestamp::now().as_millisecond())
    .execute(executor)
    .await
    .map(drop)
    .map_err(fault)
}

fn columns(subject: Subject) -> (Option<String>, Option<String>) {
    match subject {
        Subject::Submission(id) => (Some(id.to_string()), None),
        Subject::Batch(id) => (None, Some(id.to_string())),
    }
}

pub(super) async fn claim(
    reader: &SqlitePool,
    writer: &SqlitePool,
    limit: u32,
    without: &[&str],
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Webhook>, StoreError> {
    let due = sqlx::query("SELECT 1 FROM webhooks WHERE state = 'waiting' AND next_at <= ? LIMIT 1");
    // Most of the time there is nothing, and then nothing is written.
    if due.bind(now.as_millisecond()).fetch_optional(reader).await.map_err(fault)?.is_none() {
        return Ok(Vec::new());
    }
    sqlx::query(
        "UPDATE webhooks SET next_at = ?4 WHERE id IN (
             SELECT id FROM webhooks WHERE state = 'waiting' AND next_at <= ?3
               AND coalesce(owner, '') NOT IN (SELECT value FROM json_each(?2))
             ORDER BY next_at LIMIT ?1)
         RETURNING *",
    )
    .bind(limit)
    .bind(encode(&without)?)
    .bind(now.as_millisecond())
    .bind(until.as_millisecond())
    .fetch_all(writer)
    .await
    .map_err(fault)?
    .iter()
    .map(webhook)
    .collect()
}

pub(super) async fn note_try(
    transaction: &mut Transaction<'_, Sqlite>,
    id: Uuid,
    tried: &Try,
    outcome: &TryOutcome,
) -> Result<(), StoreError> {
    let (state, next_at) = match outcome {
        TryOutcome::Delivered => (WebhookState::Delivered, None),
        TryOutcome::Failed => (WebhookState::Failed, None),
        TryOutcome::Again(at) => (WebhookState::Waiting, Some(at.as_millisecond())),
    };
    sqlx::query(
        "UPDATE webhooks SET state = ?2, attempts = ?3, next_at = coalesce(?4, next_at)
         WHERE id = ?1 AND state = 'waiting'",
    )
    .bind(id.to_string())
    .bind(state.as_str())
    .bind(tried.number)
    .bind(next_at)
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    // The same number twice: a process that was taken for dead had tried as well.
    sqlx::query(
        "INSERT OR REPLACE INTO webhook_attempts (webhook, number, at, ms, status, error) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(id.to_string())
    .bind(tried.number)
    .bind(tried.at.as_millisecond())
    .bind(tried.took_ms.cast_signed())
    .bind(tried.status)
    .bind(&tried.error)
    .execute(&mut **transaction)
    .await
    .map(drop)
    .map_err(fault)
}

pub(super) async fn list(
    pool: &SqlitePool,
    filter: &WebhookFilter,
    limit: u32,
) -> Result<Vec<(Webhook, Vec<Try>)>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM webhooks WHERE 1");
    let WebhookFilter { owner, subject, state, after } = filter;
    let (submission, batch) = subject.map(columns).unwrap_or_default();
    let conditions = [
        (" AND owner = ", owner.as_ref().map(|owner| owner.as_str().to_owned())),
        (" AND submission = ", submission),
        (" AND batch = ", batch),
        (" AND state = ", state.map(|state| state.as_str().to_owned())),
        (" AND id < ", after.map(|id| id.to_string())),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            query.push(condition).push_bind(value);
        }
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
    let rows = query.build().fetch_all(pool).await.map_err(fault)?;
    let webhooks = rows.iter().map(webhook).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<_> = webhooks.iter().map(|webhook| webhook.id).collect();
    let tries = sqlx::query(
        "SELECT webhook AS id, number, at, ms, status, error FROM webhook_attempts
         WHERE webhook IN (SELECT value FROM json_each(?)) ORDER BY webhook, number",
    );
    let mut by_id: HashMap<Uuid, Vec<Try>> = HashMap::new();
    for row in &tries.bind(encode(&ids)?).fetch_all(pool).await.map_err(fault)? {
        by_id.entry(parsed(row, "id")?).or_default().push(tried(row)?);
    }
    Ok(webhooks
        .into_iter()
        .map(|webhook| {
            let tries = by_id.remove(&webhook.id).unwrap_or_default();
            (webhook, tries)
        })
        .collect())
}

fn tried(row: &SqliteRow) -> Result<Try, StoreError> {
    Ok(Try {
        number: column(row, "number")?,
        at: time(row, "at")?,
        took_ms: column::<i64>(row, "ms")?.cast_unsigned(),
        status: column(row, "status")?,
        error: column(row, "error")?,
    })
}

fn webhook(row: &SqliteRow) -> Result<Webhook, StoreError> {
    let subject = if column::<Option<&str>>(row, "submission")?.is_some() {
        Subject::Submission(parsed(row, "submission")?)
    } else {
        Subject::Batch(parsed(row, "batch")?)
    };
    let word: &str = column(row, "state")?;
    let state = WebhookState::ALL.into_iter().find(|state| state.as_str() == word);
    Ok(Webhook {
        id: parsed(row, "id")?,
        owner: column::<Option<String>>(row, "owner")?.map(Owner::stored),
        subject,
        url: column(row, "url")?,
        created_at: time(row, "created_at")?,
        state: state.ok_or_else(|| damaged(row, "state", "no such state"))?,
        attempts: column(row, "attempts")?,
        next_at: time(row, "next_at")?,
    })
}

pub(super) async fn secret(
    transaction: &mut Transaction<'_, Sqlite>,
    name: &str,
    fresh: [u8; 32],
) -> Result<[u8; 32], StoreError> {
    sqlx::query("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(fresh.to_vec())
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    let row = sqlx::query("SELECT name AS id, value FROM secrets WHERE name = ?")
        .bind(name)
        .fetch_one(&mut **transaction)
        .await
        .map_err(fault)?;
    column::<&[u8]>(&row, "value")?
        .try_into()
        .map_err(|error: std::array::TryFromSliceError| damaged(&row, "value", error))
}
