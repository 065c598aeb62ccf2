//! One `SQLite` file, written ahead (WAL): many readers, one writer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gavel_platform::private::private_file;
use sqlx::Connection as _;
use sqlx::Error;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};

use super::database::Database;
use crate::store::{Cause, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement may wait for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a caller may wait for a connection before the store counts as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

const READERS: u32 = 4;

/// Primary result codes, from <https://www.sqlite.org/rescode.html>.
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CONSTRAINT: i32 = 19;
const NOT_A_DATABASE: i32 = 26;

/// Opens the file, makes it where there is none, and brings its tables up to date.
pub(super) async fn open(path: &Path) -> Result<Database, Cause> {
    make_private(path).await?;
    // FULL: an answer that says "accepted" or "stored" survives a power cut, since the queue forgets by it.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT);
    let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT);
    let writer = pool(1).before_acquire(|connection, _| Box::pin(async move { Ok(is_outside(connection)) }));
    let writer = writer.connect_with(options.clone()).await?;
    MIGRATIONS.run(&writer).await?;
    let reader = pool(READERS).connect_with(options.read_only(true)).await?;
    Ok(Database::Sqlite { reader, writer })
}

/// Whether no transaction is open, as far as the driver knows.
///
/// A full disk makes `SQLite` itself roll back, so the driver's own rollback fails and it still counts a transaction
/// (`sqlx-sqlite`, `connection/worker.rs`). What it begins from then on is a part of that one, which never ends: it
/// would say "committed" of what nobody can read. Such a connection is closed, and another one opened.
fn is_outside(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}

/// The file before `SQLite` opens it, with its folder; `SQLite` gives the files beside it the same permissions.
async fn make_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    private_file(path)?;
    for beside in ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", path.display()))) {
        if beside.exists() {
            private_file(&beside)?;
        }
    }
    Ok(())
}

/// What an error of a statement means for who asked.
pub(super) fn fault(error: Error) -> StoreError {
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
