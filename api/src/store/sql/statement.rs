//! A statement with its values, asked of either database.
//!
//! Parameters are written `$1`, `$2`, which both know.

use std::borrow::Cow;
use std::time::Duration;

use gavel_model::SubmissionId;
use jiff::Timestamp;
use sqlx::{Arguments as _, AssertSqlSafe, Database, Encode, Executor as _, Postgres, Sqlite, Type};
use uuid::Uuid;

use super::database::Executor;
use super::rows::Row;
use super::{postgres, sqlite};
use crate::store::{BatchId, Cause, StoreError};

/// How long Postgres may take for a statement, the way there and back included. None takes a tenth of it.
const DEADLINE: Duration = Duration::from_secs(15);

/// A value of a statement.
pub(super) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
    Truth(bool),
}

/// A statement with its values, in the order of its parameters.
pub(super) struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

/// A statement without values. What clients sent is never a part of its text.
pub(super) fn sql(text: impl Into<Cow<'static, str>>) -> Statement {
    Statement { text: text.into(), values: Vec::new() }
}

impl Statement {
    /// Gives the next parameter its value.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Goes on with a text.
    pub(super) fn push(mut self, text: &str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Goes on with a text and the next parameter behind it.
    pub(super) fn push_bind(self, text: &str, value: impl Into<Value>) -> Self {
        let place = self.values.len() + 1;
        self.push(text).push(&format!("${place}")).bind(value)
    }

    /// How many rows it changed.
    pub(super) async fn execute(self, on: impl Into<Executor<'_>>) -> Result<u64, StoreError> {
        match on.into() {
            Executor::Sqlite(pool) => {
                let (text, values) = self.arguments::<Sqlite>()?;
                let done = pool.execute(sqlx::query_with(text, values)).await.map_err(sqlite::fault)?;
                Ok(done.rows_affected())
            }
            Executor::InSqlite(connection) => {
                let (text, values) = self.arguments::<Sqlite>()?;
                let done = connection.execute(sqlx::query_with(text, values)).await.map_err(sqlite::fault)?;
                Ok(done.rows_affected())
            }
            Executor::Postgres(pool) => {
                let (text, values) = self.arguments::<Postgres>()?;
                Ok(in_time(pool.execute(sqlx::query_with(text, values))).await?.rows_affected())
            }
            Executor::InPostgres(connection) => {
                let (text, values) = self.arguments::<Postgres>()?;
                Ok(in_time(connection.execute(sqlx::query_with(text, values))).await?.rows_affected())
            }
        }
    }

    /// Every row.
    pub(super) async fn all(self, on: impl Into<Executor<'_>>) -> Result<Vec<Row>, StoreError> {
        match on.into() {
            Executor::Sqlite(pool) => {
                let (text, values) = self.arguments::<Sqlite>()?;
                let rows = pool.fetch_all(sqlx::query_with(text, values)).await.map_err(sqlite::fault)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Executor::InSqlite(connection) => {
                let (text, values) = self.arguments::<Sqlite>()?;
                let rows = connection.fetch_all(sqlx::query_with(text, values)).await;
                Ok(rows.map_err(sqlite::fault)?.into_iter().map(Row::Sqlite).collect())
            }
            Executor::Postgres(pool) => {
                let (text, values) = self.arguments::<Postgres>()?;
                let rows = in_time(pool.fetch_all(sqlx::query_with(text, values))).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
            Executor::InPostgres(connection) => {
                let (text, values) = self.arguments::<Postgres>()?;
                let rows = in_time(connection.fetch_all(sqlx::query_with(text, values))).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The first row, if there is one.
    pub(super) async fn optional(self, on: impl Into<Executor<'_>>) -> Result<Option<Row>, StoreError> {
        Ok(self.all(on).await?.into_iter().next())
    }

    /// The one row that there always is.
    pub(super) async fn one(self, on: impl Into<Executor<'_>>) -> Result<Row, StoreError> {
        let row = self.optional(on).await?;
        row.ok_or_else(|| StoreError::Damaged { what: "an answer".to_owned(), source: "no row".into() })
    }

    fn arguments<D: Database>(self) -> Result<(AssertSqlSafe<Cow<'static, str>>, D::Arguments), StoreError>
    where
        Option<String>: Encode<'static, D> + Type<D>,
        Option<i64>: Encode<'static, D> + Type<D>,
        Option<Vec<u8>>: Encode<'static, D> + Type<D>,
        bool: Encode<'static, D> + Type<D>,
    {
        let mut arguments = D::Arguments::default();
        for value in self.values {
            let added = match value {
                Value::Text(text) => arguments.add(text),
                Value::Number(number) => arguments.add(number),
                Value::Bytes(bytes) => arguments.add(bytes),
                Value::Truth(truth) => arguments.add(truth),
            };
            added.map_err(|error: Cause| StoreError::Encode(error))?;
        }
        Ok((AssertSqlSafe(self.text), arguments))
    }
}

/// What Postgres answers, unless that takes too long: a connection that hangs must not hang who asks.
pub(super) async fn in_time<T>(
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(DEADLINE, answer).await {
        Ok(answer) => answer.map_err(postgres::fault),
        Err(elapsed) => Err(StoreError::Unavailable(elapsed.into())),
    }
}

/// Postgres has no NUL in texts; nothing that is stored has one, so that a text with one is like no other.
fn text(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(text(value)))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        value.clone().into()
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value.map(text))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        value.map(str::to_owned).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Some(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        i64::from(value).into()
    }
}

/// What is above the largest number that is stored is taken for that.
impl From<u64> for Value {
    fn from(value: u64) -> Self {
        i64::try_from(value).unwrap_or(i64::MAX).into()
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Number(value)
    }
}

/// Milliseconds since 1970 UTC.
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        value.as_millisecond().into()
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(value: Option<Timestamp>) -> Self {
        value.map(Timestamp::as_millisecond).into()
    }
}

/// Milliseconds, so few that a time of day may be added.
impl From<Duration> for Value {
    fn from(value: Duration) -> Self {
        i64::try_from(value.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 2).into()
    }
}

impl From<[u8; 32]> for Value {
    fn from(value: [u8; 32]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

impl From<Option<[u8; 32]>> for Value {
    fn from(value: Option<[u8; 32]>) -> Self {
        Self::Bytes(value.map(|bytes| bytes.to_vec()))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Truth(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        value.to_string().into()
    }
}

impl From<SubmissionId> for Value {
    fn from(value: SubmissionId) -> Self {
        value.to_string().into()
    }
}

impl From<BatchId> for Value {
    fn from(value: BatchId) -> Self {
        value.to_string().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_in_the_order_of_their_parameters() {
        let statement =
            sql("SELECT $1").bind(1_u32).push_bind(" WHERE a = ", "x").push_bind(" AND b < ", 2_u32);
        assert_eq!(statement.text, "SELECT $1 WHERE a = $2 AND b < $3");
        assert_eq!(statement.values.len(), 3);
    }
}
