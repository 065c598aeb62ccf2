//! Submissions by what they have in common.

use gavel_model::Verdict;

use super::database::Database;
use super::rows::{Row, column, damaged, optional_time, stored};
use super::statement::sql;
use crate::store::{Filter, Listed, StoreError};

pub(super) async fn list(
    database: &Database,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = sql(
        "SELECT id, lane, language, owner, batch, created_at, state, NULL AS result, verdict, problem, finished_at
         FROM submissions WHERE held = 0",
    );
    let Filter { owner, batch, problem, language, verdict, after, copies } = filter;
    if !copies {
        query = query.push(" AND copy_of IS NULL");
    }
    let conditions = [
        (" AND owner = ", owner.as_ref().map(|owner| owner.as_str().to_owned())),
        (" AND batch = ", batch.map(|batch| batch.to_string())),
        (" AND problem = ", problem.clone()),
        (" AND language = ", language.clone()),
        (" AND verdict = ", verdict.map(|verdict| verdict.as_str().to_owned())),
        (" AND id < ", after.map(|after| after.to_string())),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            query = query.push_bind(condition, value);
        }
    }
    query.push_bind(" ORDER BY id DESC LIMIT ", limit).all(database).await?.iter().map(listed).collect()
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        submission: stored(row)?,
        verdict: column::<Option<&str>>(row, "verdict")?.map(|word| verdict(row, word)).transpose()?,
        problem: column(row, "problem")?,
        finished_at: optional_time(row, "finished_at")?,
    })
}

pub(super) fn verdict(row: &Row, word: &str) -> Result<Verdict, StoreError> {
    let found = Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word);
    found.ok_or_else(|| damaged(row, "verdict", "no such verdict"))
}
