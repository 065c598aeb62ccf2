//! What waits for a broker, whose it is, and who is at it.

use std::time::Duration;

use gavel_model::{Lane, Submission, SubmissionId};
use jiff::Timestamp;

use super::database::{Database, Transaction};
use super::rows::{Row, column, encode, json, number};
use super::statement::sql;
use crate::store::StoreError;

pub(super) async fn mark_published(
    transaction: &mut Transaction,
    ids: &[SubmissionId],
) -> Result<(), StoreError> {
    let (ids_of, lock) = (transaction.dialect().texts_of_list(), transaction.dialect().for_update());
    // Rows are locked by id, as everywhere: two transactions never wait for each other.
    sql(format!(
        "UPDATE submissions SET published_at = $2 WHERE id IN (
             SELECT id FROM submissions WHERE id IN (SELECT value FROM {ids_of})
               AND state IN ('queued', 'judging') ORDER BY id {lock})"
    ))
    .bind(encode(ids)?)
    .bind(Timestamp::now())
    .execute(transaction)
    .await
    .map(drop)
}

pub(super) async fn mark_judging(
    transaction: &mut Transaction,
    ids: &[SubmissionId],
) -> Result<(), StoreError> {
    let (ids_of, lock) = (transaction.dialect().texts_of_list(), transaction.dialect().for_update());
    sql(format!(
        "UPDATE submissions SET state = 'judging' WHERE id IN (
             SELECT id FROM submissions WHERE id IN (SELECT value FROM {ids_of})
               AND state = 'queued' ORDER BY id {lock})"
    ))
    .bind(encode(ids)?)
    .execute(transaction)
    .await
    .map(drop)
}

pub(super) async fn forget_published(transaction: &mut Transaction) -> Result<u64, StoreError> {
    sql("UPDATE submissions SET published_at = NULL, ready_at = 0
         WHERE state IN ('queued', 'judging') AND published_at IS NOT NULL")
    .execute(transaction)
    .await
}

pub(super) async fn forget_publication(
    transaction: &mut Transaction,
    id: SubmissionId,
) -> Result<bool, StoreError> {
    let forgotten =
        sql("UPDATE submissions SET published_at = NULL, ready_at = 0 WHERE id = $1 AND state = 'queued'")
            .bind(id.to_string())
            .execute(transaction)
            .await?;
    Ok(forgotten > 0)
}

/// From one owner to the next in the index: the number of their submissions does not matter.
pub(super) async fn waiting(database: &Database, lane: Lane) -> Result<Vec<String>, StoreError> {
    let index = database.dialect().indexed_by("submissions_waiting");
    sql(format!(
        "WITH RECURSIVE owners (name) AS (
             SELECT (SELECT coalesce(owner, '') FROM submissions {index}
                     WHERE lane = $1 AND published_at IS NULL AND state IN ('queued', 'judging') AND held = 0
                     ORDER BY coalesce(owner, '') LIMIT 1)
             UNION ALL
             SELECT (SELECT coalesce(owner, '') FROM submissions {index}
                     WHERE lane = $1 AND coalesce(owner, '') > name
                       AND published_at IS NULL AND state IN ('queued', 'judging') AND held = 0
                     ORDER BY coalesce(owner, '') LIMIT 1)
             FROM owners WHERE name IS NOT NULL
         )
         SELECT name FROM owners WHERE name IS NOT NULL"
    ))
    .bind(lane.as_str())
    .all(database)
    .await?
    .iter()
    .map(|row| column(row, "name"))
    .collect()
}

pub(super) async fn handed_over(database: &Database, lane: Lane) -> Result<Vec<(String, u32)>, StoreError> {
    let index = database.dialect().indexed_by("submissions_handed_over");
    sql(format!(
        "SELECT coalesce(owner, '') AS name, count(*) AS count FROM submissions {index}
         WHERE lane = $1 AND published_at IS NOT NULL AND state IN ('queued', 'judging') AND held = 0
         GROUP BY coalesce(owner, '') ORDER BY coalesce(owner, '')"
    ))
    .bind(lane.as_str())
    .all(database)
    .await?
    .iter()
    .map(|row| Ok((column(row, "name")?, number(row, "count")?)))
    .collect()
}

pub(super) async fn claim(
    transaction: &mut Transaction,
    lane: Lane,
    owner: &str,
    limit: u32,
    within: Duration,
) -> Result<Vec<Submission>, StoreError> {
    let dialect = transaction.dialect();
    let (index, lock) = (dialect.indexed_by("submissions_waiting"), dialect.skip_locked());
    let now = dialect.now();
    let rows = sql(format!(
        "UPDATE submissions SET ready_at = {now} + $4 WHERE id IN (
             SELECT id FROM submissions {index}
             WHERE lane = $1 AND coalesce(owner, '') = $2 AND published_at IS NULL
               AND state IN ('queued', 'judging') AND held = 0 AND ready_at <= {now}
             ORDER BY batch NULLS FIRST, created_at, id LIMIT $3 {lock})
         RETURNING id, body, batch"
    ))
    .bind(lane.as_str())
    .bind(owner)
    .bind(limit)
    .bind(within)
    .all(transaction)
    .await?;
    let mut claimed: Vec<(Option<String>, Submission)> = rows.iter().filter_map(readable).collect();
    // What is updated is told in any order.
    claimed.sort_by(|(a, one), (b, other)| (a, one.created_at, one.id).cmp(&(b, other.created_at, other.id)));
    Ok(claimed.into_iter().map(|(_, submission)| submission).collect())
}

/// The submission of a row; a damaged one is passed over, so that it does not hold up its neighbours.
fn readable(row: &Row) -> Option<(Option<String>, Submission)> {
    let read = || Ok::<_, StoreError>((column(row, "batch")?, json(row, "body")?));
    read()
        .inspect_err(|error| {
            let error: &dyn std::error::Error = error;
            tracing::error!(error, "a stored submission cannot be read and will not be published");
        })
        .ok()
}
