//! Problems: what their packages say.

use gavel_model::JudgeResult;

use super::database::{Database, Transaction};
use super::rows::{Row, column, damaged, encode, json, number, optional_number, optional_parsed, time};
use super::statement::sql;
use crate::store::{ProblemVersion, StoreError};

/// Keeps a version as the latest; false when it was there and only took its new turn and calibration.
pub(super) async fn put_version(
    transaction: &mut Transaction,
    version: &ProblemVersion,
) -> Result<bool, StoreError> {
    // No two versions of a problem have the same turn.
    transaction.lock(&format!("problem {}", version.problem)).await?;
    let inserted = sql("INSERT INTO problem_versions
         (problem, sha256, turn, size, created_at, detail, time_limit_ms, calibration)
         VALUES ($1, $2, (SELECT coalesce(max(turn), 0) + 1 FROM problem_versions WHERE problem = $1),
                 $3, $4, $5, $6, $7)
         ON CONFLICT (problem, sha256) DO NOTHING")
    .bind(&version.problem)
    .bind(version.sha256.to_string())
    .bind(version.size)
    .bind(version.created_at)
    .bind(encode(&version.detail)?)
    .bind(version.time_limit_ms.map(u64::cast_signed))
    .bind(version.calibration.map(|id| id.to_string()))
    .execute(&mut *transaction)
    .await?;
    if inserted == 1 {
        return Ok(true);
    }
    sql("UPDATE problem_versions SET calibration = coalesce($3, calibration),
         turn = (SELECT max(turn) + 1 FROM problem_versions WHERE problem = $1)
         WHERE problem = $1 AND sha256 = $2")
    .bind(&version.problem)
    .bind(version.sha256.to_string())
    .bind(version.calibration.map(|id| id.to_string()))
    .execute(transaction)
    .await?;
    Ok(false)
}

pub(super) async fn versions(
    database: &Database,
    problem: &str,
    sha256_prefix: &str,
    limit: u32,
) -> Result<Vec<ProblemVersion>, StoreError> {
    sql("SELECT *, problem AS id FROM problem_versions
         WHERE problem = $1 AND substr(sha256, 1, length($2)) = $2 ORDER BY turn DESC LIMIT $3")
    .bind(problem)
    .bind(sha256_prefix)
    .bind(limit)
    .all(database)
    .await?
    .iter()
    .map(version)
    .collect()
}

/// The latest version of each problem after an id.
pub(super) async fn latest(
    database: &Database,
    after: &str,
    limit: u32,
) -> Result<Vec<ProblemVersion>, StoreError> {
    sql("SELECT *, problem AS id FROM problem_versions AS one
         WHERE problem > $1
           AND turn = (SELECT max(turn) FROM problem_versions WHERE problem = one.problem)
         ORDER BY problem LIMIT $2")
    .bind(after)
    .bind(limit)
    .all(database)
    .await?
    .iter()
    .map(version)
    .collect()
}

pub(super) async fn delete(transaction: &mut Transaction, problem: &str) -> Result<u64, StoreError> {
    sql("DELETE FROM problem_versions WHERE problem = $1").bind(problem).execute(transaction).await
}

/// The first CPU limit that a test of a version was held against becomes the version's, where it states none.
///
/// A result without tests tells nothing: its limits were not used.
pub(super) async fn learn_time_limit(
    transaction: &mut Transaction,
    result: &JudgeResult,
) -> Result<(), StoreError> {
    let Some(limits) = result.limits.filter(|_| !result.tests.is_empty()) else { return Ok(()) };
    sql("UPDATE problem_versions SET time_limit_ms = $1 WHERE time_limit_ms IS NULL
         AND (problem, sha256) IN (SELECT problem, problem_sha256 FROM submissions WHERE id = $2)")
    .bind(limits.cpu_ms)
    .bind(result.id)
    .execute(transaction)
    .await
    .map(drop)
}

fn version(row: &Row) -> Result<ProblemVersion, StoreError> {
    Ok(ProblemVersion {
        problem: column(row, "problem")?,
        sha256: column::<&str>(row, "sha256")?.parse().map_err(|_| damaged(row, "sha256", "no hash"))?,
        size: number(row, "size")?,
        created_at: time(row, "created_at")?,
        detail: json(row, "detail")?,
        time_limit_ms: optional_number(row, "time_limit_ms")?,
        calibration: optional_parsed(row, "calibration")?,
    })
}
