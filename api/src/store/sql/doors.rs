//! Submissions as the doors of other systems ask for them.

use gavel_model::{Submission, SubmissionId, Verdict};

use super::database::{Database, Transaction};
use super::rows::{column, damaged, json, number, parsed};
use super::statement::sql;
use crate::store::{DoorCount, DoorPage, StoreError};

pub(super) async fn submission(
    database: &Database,
    id: SubmissionId,
) -> Result<Option<Submission>, StoreError> {
    let row = sql("SELECT id, body FROM submissions WHERE id = $1").bind(id).optional(database).await?;
    row.as_ref().map(|row| json(row, "body")).transpose()
}

pub(super) async fn page(
    database: &Database,
    door: &str,
    skip: u64,
    limit: u32,
) -> Result<DoorPage, StoreError> {
    let total =
        sql("SELECT count(*) AS total FROM submissions WHERE door = $1").bind(door).one(database).await?;
    let rows = sql("SELECT id FROM submissions WHERE door = $1 ORDER BY id DESC LIMIT $2 OFFSET $3")
        .bind(door)
        .bind(limit)
        .bind(skip)
        .all(database)
        .await?;
    let ids = rows.iter().map(|row| parsed(row, "id")).collect::<Result<_, _>>()?;
    Ok(DoorPage { ids, total: number(&total, "total")? })
}

pub(super) async fn counts(database: &Database, door: &str) -> Result<Vec<DoorCount>, StoreError> {
    let day = database.dialect().day("created_at");
    let rows = sql(format!(
        "SELECT language, verdict, {day} AS day, count(*) AS count FROM submissions
         WHERE door = $1 GROUP BY language, verdict, day"
    ));
    rows.bind(door)
        .all(database)
        .await?
        .iter()
        .map(|row| {
            let verdict = column::<Option<&str>>(row, "verdict")?;
            let verdict = verdict.map(str::parse::<Verdict>).transpose();
            Ok(DoorCount {
                language: column(row, "language")?,
                verdict: verdict.map_err(|error| damaged(row, "verdict", error))?,
                day: column(row, "day")?,
                count: number(row, "count")?,
            })
        })
        .collect()
}

pub(super) async fn delete_final(
    transaction: &mut Transaction,
    id: SubmissionId,
) -> Result<bool, StoreError> {
    let delete = sql("DELETE FROM submissions WHERE id = $1 AND state IN ('done', 'canceled')").bind(id);
    Ok(delete.execute(transaction).await? == 1)
}

pub(super) async fn count_unfinished(database: &Database) -> Result<u64, StoreError> {
    let row = sql("SELECT count(*) AS count FROM submissions WHERE state IN ('queued', 'judging')");
    number(&row.one(database).await?, "count")
}
