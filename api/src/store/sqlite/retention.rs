//! Forgetting what is final, a part at a time.

use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::fault::fault;
use super::rows::column;
use crate::store::StoreError;

/// Forgets single submissions that became final before an instant and, once there are none, a part of a batch all of which
/// did. Tells how much was forgotten.
pub(super) async fn forget_finished(
    transaction: &mut Transaction<'_, Sqlite>,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let single = sqlx::query(
        "DELETE FROM submissions WHERE id IN (
             SELECT id FROM submissions WHERE finished_at < ? AND finished_at IS NOT NULL AND batch IS NULL LIMIT ?)",
    )
    .bind(before.as_millisecond())
    .bind(limit)
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    match single.rows_affected() {
        0 => forget_batch(transaction, before, limit).await,
        forgotten => Ok(forgotten),
    }
}

async fn forget_batch(
    transaction: &mut Transaction<'_, Sqlite>,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    // From the first part on the batch is not whole any more, and so nobody's business.
    let batch = sqlx::query(
        "UPDATE batches SET touched_at = 0 WHERE id = (
             SELECT id FROM batches b WHERE created_at < ?1 AND (touched_at = 0 OR touched_at IS NULL
               AND finished = accepted
               AND coalesce((SELECT finished_at FROM submissions s WHERE s.batch = b.id AND s.turn = b.finished), 0) < ?1)
             ORDER BY created_at LIMIT 1)
         RETURNING id",
    )
    .bind(before.as_millisecond())
    .fetch_optional(&mut **transaction)
    .await
    .map_err(fault)?;
    let Some(row) = batch else { return Ok(0) };
    let id: String = column(&row, "id")?;
    let part = sqlx::query(
        "DELETE FROM submissions WHERE id IN (SELECT id FROM submissions WHERE batch = ? LIMIT ?)",
    );
    let part = part.bind(&id).bind(limit).execute(&mut **transaction).await.map_err(fault)?;
    if part.rows_affected() < u64::from(limit) {
        for statement in ["DELETE FROM batch_refusals WHERE batch = ?", "DELETE FROM batches WHERE id = ?"] {
            sqlx::query(statement).bind(&id).execute(&mut **transaction).await.map_err(fault)?;
        }
    }
    Ok(part.rows_affected() + 1)
}

/// Forgets calls that were done with before an instant.
pub(super) async fn forget_webhooks(
    transaction: &mut Transaction<'_, Sqlite>,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let rows = sqlx::query(
        "DELETE FROM webhooks WHERE id IN (
             SELECT id FROM webhooks WHERE created_at < ? AND state <> 'waiting' LIMIT ?)
         RETURNING id",
    )
    .bind(before.as_millisecond())
    .bind(limit)
    .fetch_all(&mut **transaction)
    .await
    .map_err(fault)?;
    for row in &rows {
        let id: &str = column(row, "id")?;
        let tries = sqlx::query("DELETE FROM webhook_attempts WHERE webhook = ?").bind(id);
        tries.execute(&mut **transaction).await.map_err(fault)?;
    }
    Ok(rows.len() as u64)
}
