//! Keys of the API.

use jiff::Timestamp;
use sqlx::SqliteExecutor;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::fault::fault;
use super::rows::{column, damaged, optional_time, time};
use crate::principal::Owner;
use crate::store::{ApiKey, StoreError};

pub(super) async fn insert(key: &ApiKey, executor: impl SqliteExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO api_keys (id, sha256, owner, scopes, created_at, used_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&key.id)
    .bind(key.sha256.as_slice())
    .bind(key.owner.as_str())
    .bind(key.scopes.to_string())
    .bind(key.created_at.as_millisecond())
    .bind(key.used_at.map(Timestamp::as_millisecond))
    .bind(key.revoked_at.map(Timestamp::as_millisecond))
    .execute(executor)
    .await
    .map_err(fault)?;
    Ok(())
}

pub(super) async fn find(pool: &SqlitePool, sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
    let row = sqlx::query("SELECT * FROM api_keys WHERE sha256 = ?")
        .bind(sha256.as_slice())
        .fetch_optional(pool)
        .await
        .map_err(fault)?;
    row.as_ref().map(key).transpose()
}

pub(super) async fn all(pool: &SqlitePool) -> Result<Vec<ApiKey>, StoreError> {
    let rows = sqlx::query("SELECT * FROM api_keys ORDER BY created_at, id");
    rows.fetch_all(pool).await.map_err(fault)?.iter().map(key).collect()
}

pub(super) async fn any(pool: &SqlitePool) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM api_keys LIMIT 1").fetch_optional(pool).await.map_err(fault)?;
    Ok(row.is_some())
}

pub(super) async fn revoke(pool: &SqlitePool, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
        .bind(at.as_millisecond())
        .bind(id)
        .execute(pool)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn mark_used(pool: &SqlitePool, id: &str, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE api_keys SET used_at = max(coalesce(used_at, 0), ?) WHERE id = ?")
        .bind(at.as_millisecond())
        .bind(id)
        .execute(pool)
        .await
        .map_err(fault)?;
    Ok(())
}

fn key(row: &SqliteRow) -> Result<ApiKey, StoreError> {
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
