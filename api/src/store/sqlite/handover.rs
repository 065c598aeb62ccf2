//! What waits for a broker, whose it is, and who is at it.

use gavel_model::{Lane, Submission, SubmissionId};
use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Sqlite, Transaction};

use super::fault::fault;
use super::rows::{column, json};
use crate::store::StoreError;

pub(super) async fn mark_published(
    transaction: &mut Transaction<'_, Sqlite>,
    ids: &[SubmissionId],
) -> Result<(), StoreError> {
    let now = Timestamp::now().as_millisecond();
    for id in ids {
        sqlx::query(
            "UPDATE submissions SET published_at = ? WHERE id = ? AND state IN ('queued', 'judging')",
        )
        .bind(now)
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await
        .map_err(fault)?;
    }
    Ok(())
}

pub(super) async fn mark_judging(
    transaction: &mut Transaction<'_, Sqlite>,
    ids: &[SubmissionId],
) -> Result<(), StoreError> {
    for id in ids {
        sqlx::query("UPDATE submissions SET state = 'judging' WHERE id = ? AND state = 'queued'")
            .bind(id.to_string())
            .execute(&mut **transaction)
            .await
            .map_err(fault)?;
    }
    Ok(())
}

pub(super) async fn forget_published(pool: &SqlitePool) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE submissions SET published_at = NULL, ready_at = 0
         WHERE state IN ('queued', 'judging') AND published_at IS NOT NULL",
    )
    .execute(pool)
    .await
    .map_err(fault)?;
    Ok(done.rows_affected())
}

/// From one owner to the next in the index: the number of their submissions does not matter.
pub(super) async fn waiting(pool: &SqlitePool, lane: Lane) -> Result<Vec<String>, StoreError> {
    sqlx::query(
        "WITH RECURSIVE owners (name) AS (
             SELECT (SELECT coalesce(owner, '') FROM submissions INDEXED BY submissions_waiting
                     WHERE lane = ?1 AND published_at IS NULL AND state IN ('queued', 'judging') AND held = 0
                     ORDER BY coalesce(owner, '') LIMIT 1)
             UNION ALL
             SELECT (SELECT coalesce(owner, '') FROM submissions INDEXED BY submissions_waiting
                     WHERE lane = ?1 AND coalesce(owner, '') > name
                       AND published_at IS NULL AND state IN ('queued', 'judging') AND held = 0
                     ORDER BY coalesce(owner, '') LIMIT 1)
             FROM owners WHERE name IS NOT NULL
         )
         SELECT '' AS id, name FROM owners WHERE name IS NOT NULL",
    )
    .bind(lane.as_str())
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(|row| column(row, "name"))
    .collect()
}

pub(super) async fn handed_over(pool: &SqlitePool, lane: Lane) -> Result<Vec<(String, u32)>, StoreError> {
    sqlx::query(
        "SELECT '' AS id, coalesce(owner, '') AS name, count(*) AS count
         FROM submissions INDEXED BY submissions_handed_over
         WHERE lane = ? AND published_at IS NOT NULL AND state IN ('queued', 'judging') AND held = 0
         GROUP BY coalesce(owner, '')",
    )
    .bind(lane.as_str())
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(|row| Ok((column(row, "name")?, column(row, "count")?)))
    .collect()
}

pub(super) async fn claim(
    pool: &SqlitePool,
    lane: Lane,
    owner: &str,
    limit: u32,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Submission>, StoreError> {
    let rows = sqlx::query(
        "UPDATE submissions SET ready_at = ?5 WHERE id IN (
             SELECT id FROM submissions INDEXED BY submissions_waiting
             WHERE lane = ?1 AND coalesce(owner, '') = ?2 AND published_at IS NULL
               AND state IN ('queued', 'judging') AND held = 0 AND ready_at <= ?4
             ORDER BY batch, created_at, id LIMIT ?3)
         RETURNING id, body, batch",
    )
    .bind(lane.as_str())
    .bind(owner)
    .bind(limit)
    .bind(now.as_millisecond())
    .bind(until.as_millisecond())
    .fetch_all(pool)
    .await
    .map_err(fault)?;
    let mut claimed: Vec<(Option<String>, Submission)> = rows.iter().filter_map(readable).collect();
    // What is updated is told in any order.
    claimed.sort_by(|(a, one), (b, other)| (a, one.created_at, one.id).cmp(&(b, other.created_at, other.id)));
    Ok(claimed.into_iter().map(|(_, submission)| submission).collect())
}

/// The submission of a row; a damaged one is passed over, so that it does not hold up its neighbours.
fn readable(row: &SqliteRow) -> Option<(Option<String>, Submission)> {
    let read = || Ok::<_, StoreError>((column(row, "batch")?, json(row, "body")?));
    read()
        .inspect_err(|error| {
            let error: &dyn std::error::Error = error;
            tracing::error!(error, "a stored submission cannot be read and will not be published");
        })
        .ok()
}
