//! Problems in the `SQLite` file.

use async_trait::async_trait;
use gavel_model::{JudgeResult, Submission};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, Sqlite, Transaction};

use super::sqlite::{SqliteStore, created_at, damaged, decode, encode, insert_submission};
use super::{ProblemStore, ProblemVersion, StoreError};

#[async_trait]
impl ProblemStore for SqliteStore {
    async fn put_version(
        &self,
        version: &ProblemVersion,
        calibration: Option<&Submission>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
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
        .execute(&mut *transaction)
        .await?;
        let new = inserted.rows_affected() == 1;
        if !new {
            sqlx::query(
                "UPDATE problem_versions SET calibration = coalesce(?3, calibration),
                 turn = (SELECT max(turn) + 1 FROM problem_versions WHERE problem = ?1)
                 WHERE problem = ?1 AND sha256 = ?2",
            )
            .bind(&version.problem)
            .bind(version.sha256.to_string())
            .bind(version.calibration.map(|id| id.to_string()))
            .execute(&mut *transaction)
            .await?;
        }
        if let Some(submission) = calibration {
            insert_submission(submission, &mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(new)
    }

    async fn versions(
        &self,
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
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(version)
        .collect()
    }

    async fn problems(&self, after: &str, limit: u32) -> Result<Vec<ProblemVersion>, StoreError> {
        sqlx::query(
            "SELECT *, problem AS id FROM problem_versions AS one
             WHERE problem > ?1
               AND turn = (SELECT max(turn) FROM problem_versions WHERE problem = one.problem)
             ORDER BY problem LIMIT ?2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?
        .iter()
        .map(version)
        .collect()
    }

    async fn delete_problem(&self, problem: &str) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM problem_versions WHERE problem = ?")
            .bind(problem)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected())
    }
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
    .await?;
    Ok(())
}

fn version(row: &SqliteRow) -> Result<ProblemVersion, StoreError> {
    let text = |column| row.try_get::<String, _>(column);
    let calibration: Option<String> = row.try_get("calibration")?;
    Ok(ProblemVersion {
        problem: text("problem")?,
        sha256: text("sha256")?.parse().map_err(|_| damaged(row, "sha256"))?,
        size: row.try_get::<i64, _>("size")?.cast_unsigned(),
        created_at: created_at(row, "created_at")?,
        detail: decode(row, "detail", &text("detail")?)?,
        time_limit_ms: row.try_get::<Option<i64>, _>("time_limit_ms")?.map(i64::cast_unsigned),
        calibration: calibration.map(|id| id.parse().map_err(|_| damaged(row, "calibration"))).transpose()?,
    })
}
