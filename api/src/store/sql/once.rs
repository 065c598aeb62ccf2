//! Keys of clients, under which a call counts once.

use jiff::Timestamp;
use uuid::Uuid;

use super::database::Transaction;
use super::rows::{Row, column, damaged, parsed};
use super::statement::sql;
use crate::principal::Owner;
use crate::store::{Made, Once, StoreError};

/// Notes what is made under a key, or tells what was made under it before. Who comes second waits for the transaction of
/// who came first.
pub(super) async fn claim(
    transaction: &mut Transaction,
    owner: &Owner,
    once: &Once,
    made: Uuid,
) -> Result<Option<Made>, StoreError> {
    let now = transaction.dialect().now();
    let noted = sql(format!(
        "INSERT INTO idempotency_keys (owner, key, sha256, made, created_at)
         VALUES ($1, $2, $3, $4, {now}) ON CONFLICT (owner, key) DO NOTHING"
    ))
    .bind(owner.as_str())
    .bind(&once.key)
    .bind(once.sha256)
    .bind(made)
    .execute(&mut *transaction)
    .await?;
    if noted == 1 {
        return Ok(None);
    }
    let row = sql("SELECT made AS id, sha256 FROM idempotency_keys WHERE owner = $1 AND key = $2")
        .bind(owner.as_str())
        .bind(&once.key)
        .optional(transaction)
        .await?;
    match row {
        Some(row) => before(&row).map(Some),
        None => Err(StoreError::Unavailable("the key was forgotten this very moment".into())),
    }
}

fn before(row: &Row) -> Result<Made, StoreError> {
    let sha256 = column::<Option<&[u8]>>(row, "sha256")?.map(<[u8; 32]>::try_from).transpose();
    Ok(Made { id: parsed(row, "id")?, sha256: sha256.map_err(|error| damaged(row, "sha256", error))? })
}

/// Makes the hash of what was asked for known.
pub(super) async fn complete(
    transaction: &mut Transaction,
    made: Uuid,
    sha256: [u8; 32],
) -> Result<(), StoreError> {
    let known = sql("UPDATE idempotency_keys SET sha256 = $1 WHERE made = $2");
    known.bind(sha256).bind(made).execute(transaction).await.map(drop)
}

/// Forgets the key that something was made under.
pub(super) async fn forget(transaction: &mut Transaction, made: Uuid) -> Result<(), StoreError> {
    sql("DELETE FROM idempotency_keys WHERE made = $1").bind(made).execute(transaction).await.map(drop)
}

pub(super) async fn forget_before(
    transaction: &mut Transaction,
    before: Timestamp,
) -> Result<u64, StoreError> {
    sql("DELETE FROM idempotency_keys WHERE created_at < $1").bind(before).execute(transaction).await
}
