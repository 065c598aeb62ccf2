//! Submissions by what they have in common.

use gavel_model::Verdict;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{QueryBuilder, Sqlite};

use super::fault::fault;
use super::rows::{column, damaged, optional_time, stored};
use crate::store::{Filter, Listed, StoreError};

pub(super) async fn list(pool: &SqlitePool, filter: &Filter, limit: u32) -> Result<Vec<Listed>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT id, lane, language, owner, batch, created_at, state, NULL AS result, verdict, problem, finished_at
         FROM submissions WHERE held = 0",
    );
    let Filter { owner, batch, problem, language, verdict, after } = filter;
    let conditions = [
        ("owner", owner.as_ref().map(|owner| owner.as_str().to_owned())),
        ("batch", batch.map(|batch| batch.to_string())),
        ("problem", problem.clone()),
        ("language", language.clone()),
        ("verdict", verdict.map(|verdict| verdict.as_str().to_owned())),
    ];
    for (name, value) in conditions {
        if let Some(value) = value {
            query.push(format_args!(" AND {name} = ")).push_bind(value);
        }
    }
    if let Some(after) = after {
        query.push(" AND id < ").push_bind(after.to_string());
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
    query.build().fetch_all(pool).await.map_err(fault)?.iter().map(listed).collect()
}

fn listed(row: &SqliteRow) -> Result<Listed, StoreError> {
    Ok(Listed {
        submission: stored(row)?,
        verdict: column::<Option<&str>>(row, "verdict")?.map(|word| verdict(row, word)).transpose()?,
        problem: column(row, "problem")?,
        finished_at: optional_time(row, "finished_at")?,
    })
}

pub(super) fn verdict(row: &SqliteRow, word: &str) -> Result<Verdict, StoreError> {
    let found = Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word);
    found.ok_or_else(|| damaged(row, "verdict", "no such verdict"))
}
