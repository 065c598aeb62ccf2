//! Keys of the API.

use jiff::Timestamp;

use super::database::{Database, Transaction};
use super::rows::{Row, column, damaged, optional_time, time};
use super::statement::sql;
use crate::principal::Owner;
use crate::store::{ApiKey, StoreError};

pub(super) async fn insert(transaction: &mut Transaction, key: &ApiKey) -> Result<(), StoreError> {
    sql("INSERT INTO api_keys (id, sha256, owner, scopes, created_at, used_at, revoked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(&key.id)
    .bind(key.sha256)
    .bind(key.owner.as_str())
    .bind(key.scopes.to_string())
    .bind(key.created_at)
    .bind(key.used_at)
    .bind(key.revoked_at)
    .execute(transaction)
    .await
    .map(drop)
}

pub(super) async fn find(database: &Database, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
    let row = sql("SELECT * FROM api_keys WHERE sha256 = $1").bind(*sha256).optional(database).await?;
    row.as_ref().map(key).transpose()
}

pub(super) async fn all(database: &Database) -> Result<Vec<ApiKey>, StoreError> {
    sql("SELECT * FROM api_keys ORDER BY created_at, id").all(database).await?.iter().map(key).collect()
}

pub(super) async fn any(database: &Database) -> Result<bool, StoreError> {
    Ok(sql("SELECT 1 FROM api_keys LIMIT 1").optional(database).await?.is_some())
}

pub(super) async fn revoke(
    transaction: &mut Transaction,
    id: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let revoke = sql("UPDATE api_keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2");
    Ok(revoke.bind(at).bind(id).execute(transaction).await? == 1)
}

pub(super) async fn mark_used(
    transaction: &mut Transaction,
    id: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let used =
        sql("UPDATE api_keys SET used_at = CASE WHEN used_at >= $1 THEN used_at ELSE $1 END WHERE id = $2");
    used.bind(at).bind(id).execute(transaction).await.map(drop)
}

fn key(row: &Row) -> Result<ApiKey, StoreError> {
    let sha256 = column::<&[u8]>(row, "sha256")?;
    let scopes = column::<&str>(row, "scopes")?;
    Ok(ApiKey {
        id: column(row, "id")?,
        sha256: sha256.try_into().map_err(|_| damaged(row, "sha256", "no hash"))?,
        owner: Owner::stored(column(row, "owner")?),
        scopes: scopes.parse().map_err(|_| damaged(row, "scopes", "no scopes"))?,
        created_at: time(row, "created_at")?,
        used_at: optional_time(row, "used_at")?,
        revoked_at: optional_time(row, "revoked_at")?,
    })
}
