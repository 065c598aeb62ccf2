//! Submissions as the doors of other systems ask for them.

use gavel_model::{Submission, SubmissionId, Verdict};
use sqlx::sqlite::SqlitePool;

use super::fault::fault;
use super::rows::{column, damaged, json};
use crate::store::{DoorCount, DoorPage, StoreError};

pub(super) async fn submission(
    pool: &SqlitePool,
    id: SubmissionId,
) -> Result<Option<Submission>, StoreError> {
    let row = sqlx::query("SELECT id, body FROM submissions WHERE id = ?").bind(id.to_string());
    let row = row.fetch_optional(pool).await.map_err(fault)?;
    row.as_ref().map(|row| json(row, "body")).transpose()
}

pub(super) async fn page(
    pool: &SqlitePool,
    door: &str,
    skip: u64,
    limit: u32,
) -> Result<DoorPage, StoreError> {
    // Word for word what the partial index says.
    let total = sqlx::query(
        "SELECT '' AS id, count(*) AS total FROM submissions
         WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END IS NOT NULL
           AND CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END = ?",
    )
    .bind(door)
    .fetch_one(pool)
    .await
    .map_err(fault)?;
    let rows = sqlx::query(
        "SELECT id FROM submissions
         WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END IS NOT NULL
           AND CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END = ?
         ORDER BY id DESC LIMIT ? OFFSET ?",
    )
    .bind(door)
    .bind(limit)
    .bind(i64::try_from(skip).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    let ids = rows.iter().map(|row| {
        let id: &str = column(row, "id")?;
        id.parse().map_err(|error: uuid::Error| damaged(row, "id", error))
    });
    Ok(DoorPage {
        ids: ids.collect::<Result<_, _>>()?,
        total: u64::try_from(column::<i64>(&total, "total")?).unwrap_or_default(),
    })
}

pub(super) async fn counts(pool: &SqlitePool, door: &str) -> Result<Vec<DoorCount>, StoreError> {
    let rows = sqlx::query(
        "SELECT '' AS id, language, verdict, date(created_at / 1000, 'unixepoch') AS day, count(*) AS count
         FROM submissions
         WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END IS NOT NULL
           AND CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END = ?
         GROUP BY language, verdict, day",
    )
    .bind(door)
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    rows.iter()
        .map(|row| {
            let verdict = column::<Option<&str>>(row, "verdict")?;
            let verdict = verdict.map(str::parse::<Verdict>).transpose();
            Ok(DoorCount {
                language: column(row, "language")?,
                verdict: verdict.map_err(|error| damaged(row, "verdict", error))?,
                day: column(row, "day")?,
                count: u64::try_from(column::<i64>(row, "count")?).unwrap_or_default(),
            })
        })
        .collect()
}

pub(super) async fn delete_final(pool: &SqlitePool, id: SubmissionId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM submissions WHERE id = ? AND state IN ('done', 'canceled')")
        .bind(id.to_string())
        .execute(pool)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn count_unfinished(pool: &SqlitePool) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT '' AS id, count(*) AS count FROM submissions WHERE state IN ('queued', 'judging')",
    )
    .fetch_one(pool)
    .await
    .map_err(fault)?;
    Ok(u64::try_from(column::<i64>(&row, "count")?).unwrap_or_default())
}
