//! Problems: what their packages say.

use gavel_model::JudgeResult;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Sqlite, Transaction};

use super::fault::fault;
use super::rows::{column, damaged, encode, json, time};
use crate::store::{ProblemVersion, StoreError};

/// Keeps a version as the latest; false when it was there and only took its new turn and calibration.
pub(super) async fn put_version(
    transaction: &mut Transaction<'_, Sqlite>,
    version: &ProblemVersion,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO problem_versions
         (problem, sha256, turn, size, created_at, detail, time_limit_ms, calibration)
         VALUES (?1, ?2, (SELECT coalesce(max(turn), 0) + 1 FROM problem_versions WHERE problem = ?1),
                 ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (problem, sha256) DO NOTHING",
    )
    .bind(&version.problem)
    .bind(version.sha256.to_string())
    .bind(version.size.cast_signed())
    .bind(version.created_at.as_millisecond())
    .bind(encode(&version.detail)?)
    .bind(version.time_limit_ms.map(u64::cast_signed))
    .bind(version.calibration.map(|id| id.to_string()))
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    if inserted.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query(
        "UPDATE problem_versions SET calibration = coalesce(?3, calibration),
         turn = (SELECT max(turn) + 1 FROM problem_versions WHERE problem = ?1)
         WHERE problem = ?1 AND sha256 = ?2",
    )
    .bind(&version.problem)
    .bind(version.sha256.to_string())
    .bind(version.calibration.map(|id| id.to_string()))
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    Ok(false)
}

pub(super) async fn versions(
    pool: &SqlitePool,
    problem: &str,
    sha256_prefix: &str,
    limit: u32,
) -> Result<Vec<ProblemVersion>, StoreError> {
    sqlx::query(
        "SELECT *, problem AS id FROM problem_versions
         WHERE problem = ?1 AND substr(sha256, 1, length(?2)) = ?2 ORDER BY turn DESC LIMIT ?3",
    )
    .bind(problem)
    .bind(sha256_prefix)
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(version)
    .collect()
}

/// The latest version of each problem after an id.
pub(super) async fn latest(
    pool: &SqlitePool,
    after: &str,
    limit: u32,
) -> Result<Vec<ProblemVersion>, StoreError> {
    sqlx::query(
        "SELECT *, problem AS id FROM problem_versions AS one
         WHERE problem > ?1
           AND turn = (SELECT max(turn) FROM problem_versions WHERE problem = one.problem)
         ORDER BY problem LIMIT ?2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(fault)?
    .iter()
    .map(version)
    .collect()
}

pub(super) async fn delete(pool: &SqlitePool, problem: &str) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM problem_versions WHERE problem = ?")
        .bind(problem)
        .execute(pool)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected())
}

/// The first CPU limit that a test of a version was held against becomes the version's, where it states none.
///
/// A result without tests tells nothing: its limits were not used.
pub(super) async fn learn_time_limit(
    transaction: &mut Transaction<'_, Sqlite>,
    result: &JudgeResult,
) -> Result<(), StoreError> {
    let Some(limits) = result.limits.filter(|_| !result.tests.is_empty()) else { return Ok(()) };
    sqlx::query(
        "UPDATE problem_versions SET time_limit_ms = ? WHERE time_limit_ms IS NULL
         AND (problem, sha256) IN (SELECT problem, problem_sha256 FROM submissions WHERE id = ?)",
    )
    .bind(limits.cpu_ms.cast_signed())
    .bind(result.id.to_string())
    .execute(&mut **transaction)
    .await
    .map_err(fault)?;
    Ok(())
}

fn version(row: &SqliteRow) -> Result<ProblemVersion, StoreError> {
    let calibration: Option<&str> = column(row, "calibration")?;
    Ok(ProblemVersion {
        problem: column(row, "problem")?,
        sha256: column::<&str>(row, "sha256")?.parse().map_err(|_| damaged(row, "sha256", "no hash"))?,
        size: column::<i64>(row, "size")?.cast_unsigned(),
        created_at: time(row, "created_at")?,
        detail: json(row, "detail")?,
        time_limit_ms: column::<Option<i64>>(row, "time_limit_ms")?.map(i64::cast_unsigned),
        calibration: calibration
            .map(|id| id.parse().map_err(|_| damaged(row, "calibration", "no id")))
            .transpose()?,
    })
}
