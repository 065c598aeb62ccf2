//! Values into columns, and columns into values.

use std::str::FromStr;

use gavel_model::{JudgeResult, Lane};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

use crate::principal::Owner;
use crate::store::{Cause, StoreError, Stored, SubmissionState};

/// A row of an answer.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A value in JSON.
pub(super) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Encode(error.into()))
}

/// A column as it is.
pub(super) fn column<'r, T>(row: &'r Row, name: &'static str) -> Result<T, StoreError>
where
    T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
{
    let value = match row {
        Row::Sqlite(row) => row.try_get(name),
        Row::Postgres(row) => row.try_get(name),
    };
    value.map_err(|error| damaged(row, name, error))
}

/// A column that holds a number of a kind.
pub(super) fn number<T: TryFrom<i64, Error: Into<Cause>>>(
    row: &Row,
    name: &'static str,
) -> Result<T, StoreError> {
    column::<i64>(row, name)?.try_into().map_err(|error: T::Error| damaged(row, name, error))
}

/// [`number`], or nothing.
pub(super) fn optional_number<T: TryFrom<i64, Error: Into<Cause>>>(
    row: &Row,
    name: &'static str,
) -> Result<Option<T>, StoreError> {
    let value: Option<i64> = column(row, name)?;
    value.map(|_| number(row, name)).transpose()
}

/// A column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row, name: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(column(row, name)?).map_err(|error| damaged(row, name, error))
}

/// A column that holds milliseconds since 1970.
pub(super) fn time(row: &Row, name: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(column(row, name)?).map_err(|error| damaged(row, name, error))
}

/// [`time`], or nothing.
pub(super) fn optional_time(row: &Row, name: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let milliseconds: Option<i64> = column(row, name)?;
    milliseconds.map(|_| time(row, name)).transpose()
}

pub(super) fn lane(row: &Row) -> Result<Lane, StoreError> {
    let word: &str = column(row, "lane")?;
    let found = Lane::ALL.into_iter().find(|lane| lane.as_str() == word);
    found.ok_or_else(|| damaged(row, "lane", "no such lane"))
}

pub(super) fn state(row: &Row) -> Result<SubmissionState, StoreError> {
    let word: &str = column(row, "state")?;
    let found = SubmissionState::ALL.into_iter().find(|state| state.as_str() == word);
    found.ok_or_else(|| damaged(row, "state", "no such state"))
}

/// A column that holds an id.
pub(super) fn parsed<T>(row: &Row, name: &'static str) -> Result<T, StoreError>
where
    T: FromStr<Err: Into<Cause>>,
{
    column::<&str>(row, name)?.parse().map_err(|error: T::Err| damaged(row, name, error))
}

/// [`parsed`], or nothing.
pub(super) fn optional_parsed<T>(row: &Row, name: &'static str) -> Result<Option<T>, StoreError>
where
    T: FromStr<Err: Into<Cause>>,
{
    column::<Option<&str>>(row, name)?.map(|_| parsed(row, name)).transpose()
}

/// A submission, from the columns that [`Stored`] has.
pub(super) fn stored(row: &Row) -> Result<Stored, StoreError> {
    let (id, lane, created_at) = (parsed(row, "id")?, lane(row)?, time(row, "created_at")?);
    let judged = column::<Option<&str>>(row, "result")?.is_some();
    let result: Option<JudgeResult> = if judged { Some(json(row, "result")?) } else { None };
    Ok(Stored {
        id,
        lane,
        language: column(row, "language")?,
        owner: column::<Option<String>>(row, "owner")?.map(Owner::stored),
        batch: optional_parsed(row, "batch")?,
        created_at,
        state: state(row)?,
        // It may have come from a copy.
        result: result.map(|result| JudgeResult { id, lane, created_at, ..result }),
    })
}

/// A column that cannot be read, of the row that the column `id` names.
pub(super) fn damaged(row: &Row, column: &'static str, why: impl Into<Cause>) -> StoreError {
    let id: Result<String, _> = match row {
        Row::Sqlite(row) => row.try_get("id"),
        Row::Postgres(row) => row.try_get("id"),
    };
    StoreError::Damaged { what: format!("{column} of row {:?}", id.unwrap_or_default()), source: why.into() }
}
