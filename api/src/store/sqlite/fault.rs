//! What an error of `SQLite` means for who asked.

use sqlx::Error;

use crate::store::StoreError;

/// Primary result codes, from <https://www.sqlite.org/rescode.html>.
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CONSTRAINT: i32 = 19;
const NOT_A_DATABASE: i32 = 26;

/// Classifies an error of a statement.
pub(super) fn fault(error: Error) -> StoreError {
    if matches!(error, Error::ColumnDecode { .. } | Error::Decode(_) | Error::ColumnNotFound(_)) {
        return StoreError::Damaged { what: "a row".to_owned(), source: error.into() };
    }
    match primary_code(&error) {
        Some(FULL) => StoreError::Full(error.into()),
        Some(CONSTRAINT) => StoreError::Refused(error.into()),
        Some(CORRUPT | NOT_A_DATABASE) => {
            StoreError::Damaged { what: "the file".to_owned(), source: error.into() }
        }
        _ => StoreError::Unavailable(error.into()),
    }
}

/// The low byte of an extended code says of which family it is.
fn primary_code(error: &Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}
