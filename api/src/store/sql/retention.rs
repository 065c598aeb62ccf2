//! Forgetting what is final, a part at a time.

use jiff::Timestamp;

use super::database::Transaction;
use super::rows::{column, encode};
use super::statement::sql;
use crate::store::StoreError;

/// Forgets single submissions that became final before an instant and, once there are none, a part of a batch all of which
/// did. Tells how much was forgotten. What a rejudge may still replace the result of stays until the rejudge is forgotten.
pub(super) async fn forget_finished(
    transaction: &mut Transaction,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let single = sql("DELETE FROM submissions WHERE id IN (
             SELECT id FROM submissions WHERE finished_at < $1 AND finished_at IS NOT NULL AND batch IS NULL
               AND NOT EXISTS (SELECT 1 FROM submissions AS c WHERE c.copy_of = submissions.id) LIMIT $2)")
    .bind(before)
    .bind(limit)
    .execute(&mut *transaction)
    .await?;
    match single {
        0 => forget_batch(transaction, before, limit).await,
        forgotten => Ok(forgotten),
    }
}

async fn forget_batch(
    transaction: &mut Transaction,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    // From the first part on the batch is not whole any more, and so nobody's business.
    let batch = sql("UPDATE batches SET touched_at = 0 WHERE id = (
             SELECT id FROM batches b WHERE created_at < $1 AND (touched_at = 0 OR touched_at IS NULL
               AND finished = accepted
               AND coalesce((SELECT finished_at FROM submissions s WHERE s.batch = b.id AND s.turn = b.finished), 0) < $1
               AND NOT EXISTS (SELECT 1 FROM submissions s JOIN submissions c ON c.copy_of = s.id WHERE s.batch = b.id))
             ORDER BY created_at LIMIT 1)
         RETURNING id")
    .bind(before)
    .optional(&mut *transaction)
    .await?;
    let Some(row) = batch else { return Ok(0) };
    let id: &str = column(&row, "id")?;
    let part =
        sql("DELETE FROM submissions WHERE id IN (SELECT id FROM submissions WHERE batch = $1 LIMIT $2)");
    let part = part.bind(id).bind(limit).execute(&mut *transaction).await?;
    if part < u64::from(limit) {
        for statement in ["DELETE FROM batch_refusals WHERE batch = $1", "DELETE FROM batches WHERE id = $1"]
        {
            sql(statement).bind(id).execute(&mut *transaction).await?;
        }
    }
    Ok(part + 1)
}

/// Forgets calls that were done with before an instant.
pub(super) async fn forget_webhooks(
    transaction: &mut Transaction,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let rows = sql("DELETE FROM webhooks WHERE id IN (
             SELECT id FROM webhooks WHERE created_at < $1 AND state <> 'waiting' LIMIT $2)
         RETURNING id")
    .bind(before)
    .bind(limit)
    .all(&mut *transaction)
    .await?;
    let ids = rows.iter().map(|row| column::<&str>(row, "id")).collect::<Result<Vec<_>, _>>()?;
    let ids_of = transaction.dialect().texts_of_list();
    let tries = sql(format!("DELETE FROM webhook_attempts WHERE webhook IN (SELECT value FROM {ids_of})"));
    tries.bind(encode(&ids)?).execute(transaction).await?;
    Ok(ids.len() as u64)
}
