//! Calls that are owed to clients, and what came of them.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

use super::database::{Database, Transaction};
use super::rows::{Row, column, damaged, encode, number, optional_number, parsed, time};
use super::statement::sql;
use crate::principal::Owner;
use crate::store::{StoreError, Subject, Try, TryOutcome, Webhook, WebhookFilter, WebhookState};

/// Owes a call from now on.
pub(super) async fn owe(
    transaction: &mut Transaction,
    owner: Option<&str>,
    subject: Subject,
    url: &str,
) -> Result<(), StoreError> {
    let (submission, batch) = columns(subject);
    let now = transaction.dialect().now();
    sql(format!(
        "INSERT INTO webhooks (id, owner, submission, batch, url, created_at, next_at)
         VALUES ($1, $2, $3, $4, $5, {now}, {now})"
    ))
    .bind(Uuid::now_v7())
    .bind(owner)
    .bind(submission)
    .bind(batch)
    .bind(url)
    .execute(transaction)
    .await
    .map(drop)
}

fn columns(subject: Subject) -> (Option<String>, Option<String>) {
    match subject {
        Subject::Submission(id) => (Some(id.to_string()), None),
        Subject::Batch(id) => (None, Some(id.to_string())),
    }
}

/// Whether a call is due. Most of the time none is, and then nothing is written.
pub(super) async fn any_due(database: &Database) -> Result<bool, StoreError> {
    let now = database.dialect().now();
    let due = sql(format!("SELECT 1 FROM webhooks WHERE state = 'waiting' AND next_at <= {now} LIMIT 1"));
    Ok(due.optional(database).await?.is_some())
}

pub(super) async fn claim(
    transaction: &mut Transaction,
    limit: u32,
    without: &[&str],
    within: Duration,
) -> Result<Vec<Webhook>, StoreError> {
    let dialect = transaction.dialect();
    let (owners, lock, now) = (dialect.texts_of_list(), dialect.skip_locked(), dialect.now());
    sql(format!(
        "UPDATE webhooks SET next_at = {now} + $3 WHERE id IN (
             SELECT id FROM webhooks WHERE state = 'waiting' AND next_at <= {now}
               AND coalesce(owner, '') NOT IN (SELECT value FROM {owners})
             ORDER BY next_at LIMIT $2 {lock})
         RETURNING *"
    ))
    .bind(encode(without)?)
    .bind(limit)
    .bind(within)
    .all(transaction)
    .await?
    .iter()
    .map(webhook)
    .collect()
}

pub(super) async fn note_try(
    transaction: &mut Transaction,
    id: Uuid,
    tried: &Try,
    outcome: &TryOutcome,
) -> Result<(), StoreError> {
    let (state, wait) = match outcome {
        TryOutcome::Delivered => (WebhookState::Delivered, Duration::ZERO),
        TryOutcome::Failed => (WebhookState::Failed, Duration::ZERO),
        TryOutcome::Again(wait) => (WebhookState::Waiting, *wait),
    };
    let now = transaction.dialect().now();
    sql(format!(
        "UPDATE webhooks SET state = $2, attempts = $3, next_at = {now} + $4
         WHERE id = $1 AND state = 'waiting'"
    ))
    .bind(id)
    .bind(state.as_str())
    .bind(tried.number)
    .bind(wait)
    .execute(&mut *transaction)
    .await?;
    // The same number twice: a process that was taken for dead had tried as well.
    sql("INSERT INTO webhook_attempts (webhook, number, at, ms, status, error) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (webhook, number) DO UPDATE
         SET at = excluded.at, ms = excluded.ms, status = excluded.status, error = excluded.error")
    .bind(id)
    .bind(tried.number)
    .bind(tried.at)
    .bind(tried.took_ms)
    .bind(tried.status.map(i64::from))
    .bind(tried.error.clone())
    .execute(transaction)
    .await
    .map(drop)
}

pub(super) async fn list(
    database: &Database,
    filter: &WebhookFilter,
    limit: u32,
) -> Result<Vec<(Webhook, Vec<Try>)>, StoreError> {
    let mut query = sql("SELECT * FROM webhooks WHERE true");
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
            query = query.push_bind(condition, value);
        }
    }
    let rows = query.push_bind(" ORDER BY id DESC LIMIT ", limit).all(database).await?;
    let webhooks = rows.iter().map(webhook).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<_> = webhooks.iter().map(|webhook| webhook.id).collect();
    let ids_of = database.dialect().texts_of_list();
    let tries = sql(format!(
        "SELECT webhook AS id, number, at, ms, status, error FROM webhook_attempts
         WHERE webhook IN (SELECT value FROM {ids_of}) ORDER BY webhook, number"
    ));
    let mut by_id: HashMap<Uuid, Vec<Try>> = HashMap::new();
    for row in &tries.bind(encode(&ids)?).all(database).await? {
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

fn tried(row: &Row) -> Result<Try, StoreError> {
    Ok(Try {
        number: number(row, "number")?,
        at: time(row, "at")?,
        took_ms: number(row, "ms")?,
        status: optional_number(row, "status")?,
        error: column(row, "error")?,
    })
}

fn webhook(row: &Row) -> Result<Webhook, StoreError> {
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
        attempts: number(row, "attempts")?,
        next_at: time(row, "next_at")?,
    })
}

pub(super) async fn secret(
    transaction: &mut Transaction,
    name: &str,
    fresh: [u8; 32],
) -> Result<[u8; 32], StoreError> {
    sql("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(fresh)
        .execute(&mut *transaction)
        .await?;
    let row =
        sql("SELECT name AS id, value FROM secrets WHERE name = $1").bind(name).one(transaction).await?;
    column::<&[u8]>(&row, "value")?
        .try_into()
        .map_err(|error: std::array::TryFromSliceError| damaged(&row, "value", error))
}
