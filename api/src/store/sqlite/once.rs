//! Keys of clients, under which a call counts once.

use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use super::fault::fault;
use super::rows::{column, damaged};
use crate::principal::Owner;
use crate::store::{Made, Once, StoreError};

/// Notes what is made under a key, or tells what was made under it before.
pub(super) async fn claim(
    transaction: &mut Transaction<'_, Sqlite>,
    owner: &Owner,
    once: &Once,
    made: Uuid,
) -> Result<Option<Made>, StoreError> {
    let row = sqlx::query("SELECT made AS id, sha256 FROM idempotency_keys WHERE owner = ? AND key = ?")
        .bind(owner.as_str())
        .bind(&once.key)
        .fetch_optional(&mut **transaction)
        .await
        .map_err(fault)?;
    if let Some(row) = row {
        return before(&row).map(Some);
    }
    sqlx::query("INSERT INTO idempotency_keys (owner, key, sha256, made, created_at) VALUES (?, ?, ?, ?, ?)")
        .bind(owner.as_str())
        .bind(&once.key)
        .bind(once.sha256.as_ref().map(|hash| hash.as_slice().to_vec()))
        .bind(made.to_string())
        .bind(Timestamp::now().as_millisecond())
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    Ok(None)
}

fn before(row: &SqliteRow) -> Result<Made, StoreError> {
    let id: &str = column(row, "id")?;
    let id = id.parse().map_err(|error: uuid::Error| damaged(row, "made", error))?;
    let sha256 = column::<Option<&[u8]>>(row, "sha256")?.map(<[u8; 32]>::try_from).transpose();
    Ok(Made { id, sha256: sha256.map_err(|error| damaged(row, "sha256", error))? })
}

/// Makes the hash of what was asked for known.
pub(super) async fn complete(
    transaction: &mut Transaction<'_, Sqlite>,
    made: Uuid,
    sha256: [u8; 32],
) -> Result<(), StoreError> {
    let statement = sqlx::query("UPDATE idempotency_keys SET sha256 = ? WHERE made = ?");
    let statement = statement.bind(sha256.to_vec()).bind(made.to_string());
    statement.execute(&mut **transaction).await.map(drop).map_err(fault)
}

/// Forgets the key that something was made under.
pub(super) async fn forget(transaction: &mut Transaction<'_, Sqlite>, made: Uuid) -> Result<(), StoreError> {
    let statement = sqlx::query("DELETE FROM idempotency_keys WHERE made = ?").bind(made.to_string());
    statement.execute(&mut **transaction).await.map(drop).map_err(fault)
}

pub(super) async fn forget_before(pool: &SqlitePool, before: Timestamp) -> Result<u64, StoreError> {
    let statement = sqlx::query("DELETE FROM idempotency_keys WHERE created_at < ?");
    let done = statement.bind(before.as_millisecond()).execute(pool).await.map_err(fault)?;
    Ok(done.rows_affected())
}
