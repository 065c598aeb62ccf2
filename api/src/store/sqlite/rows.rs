//! Values into columns, and columns into values.

use std::str::FromStr;

use gavel_model::Lane;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Sqlite, Type};

use crate::principal::Owner;
use crate::store::{Cause, StoreError, Stored, SubmissionState};

/// A value in JSON.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Encode(error.into()))
}

/// A column as it is.
pub(super) fn column<'r, T>(row: &'r SqliteRow, name: &'static str) -> Result<T, StoreError>
where
    T: Decode<'r, Sqlite> + Type<Sqlite>,
{
    row.try_get(name).map_err(|error| damaged(row, name, error))
}

/// A column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &SqliteRow, name: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(column(row, name)?).map_err(|error| damaged(row, name, error))
}

/// A column that holds milliseconds since 1970.
pub(super) fn time(row: &SqliteRow, name: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(column(row, name)?).map_err(|error| damaged(row, name, error))
}

/// [`time`], or nothing.
pub(super) fn optional_time(row: &SqliteRow, name: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let milliseconds: Option<i64> = column(row, name)?;
    milliseconds.map(|_| time(row, name)).transpose()
}

pub(super) fn lane(row: &SqliteRow) -> Result<Lane, StoreError> {
    let word: &str = column(row, "lane")?;
    let found = Lane::ALL.into_iter().find(|lane| lane.as_str() == word);
    found.ok_or_else(|| damaged(row, "lane", "no such lane"))
}

pub(super) fn state(row: &SqliteRow) -> Result<SubmissionState, StoreError> {
    let word: &str = column(row, "state")?;
    let found = SubmissionState::ALL.into_iter().find(|state| state.as_str() == word);
    found.ok_or_else(|| damaged(row, "state", "no such state"))
}

/// A column that holds an id.
pub(super) fn parsed<T>(row: &SqliteRow, name: &'static str) -> Result<T, StoreError>
where
    T: FromStr<Err: Into<Cause>>,
{
    column::<&str>(row, name)?.parse().map_err(|error: T::Err| damaged(row, name, error))
}

/// A submission, from the columns that [`Stored`] has.
pub(super) fn stored(row: &SqliteRow) -> Result<Stored, StoreError> {
    let judged = column::<Option<&str>>(row, "result")?.is_some();
    let batch = column::<Option<&str>>(row, "batch")?.is_some();
    Ok(Stored {
        id: parsed(row, "id")?,
        lane: lane(row)?,
        language: column(row, "language")?,
        owner: column::<Option<String>>(row, "owner")?.map(Owner::stored),
        batch: if batch { Some(parsed(row, "batch")?) } else { None },
        created_at: time(row, "created_at")?,
        state: state(row)?,
        result: if judged { Some(json(row, "result")?) } else { None },
    })
}

/// A column that cannot be read, of the row that the column `id` names.
pub(super) fn damaged(row: &SqliteRow, column: &'static str, why: impl Into<Cause>) -> StoreError {
    let id: String = row.try_get("id").unwrap_or_default();
    StoreError::Damaged { what: format!("{column} of row {id:?}"), source: why.into() }
}
