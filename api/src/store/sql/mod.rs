//! The tables, in one of two databases; what is said to both is said once.

mod batches;
mod database;
mod doors;
mod handover;
mod keys;
mod list;
mod once;
mod postgres;
mod problems;
mod rejudges;
mod retention;
mod rows;
mod sqlite;
mod statement;
mod store;
mod submissions;
mod webhooks;

use std::path::Path;

use self::database::Database;
use super::{Cause, StoreConfig, StoreError};

pub(super) use postgres::is_url;

/// Submissions, results and problems in one `SQLite` file, or in a Postgres that several processes share.
pub struct SqlStore {
    database: Database,
}

impl SqlStore {
    /// Opens what the settings name.
    ///
    /// # Errors
    /// [`StoreError::Open`], as [`SqlStore::file`] and for a Postgres that cannot be reached or does not let us in.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        if !config.is_shared() {
            return Self::file(&config.path).await;
        }
        let place = || postgres::place(config);
        postgres::open(config)
            .await
            .map(|database| Self { database })
            .map_err(|source| failed(place(), source))
    }

    /// Opens a `SQLite` file, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Open`] when the folder cannot be made, the file cannot be opened, or a migration fails.
    pub async fn file(path: &Path) -> Result<Self, StoreError> {
        let place = || path.display().to_string();
        sqlite::open(path).await.map(|database| Self { database }).map_err(|source| failed(place(), source))
    }

    /// Closes every connection once open statements are done.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// Connects once to the Postgres that the settings name, changes nothing, and tells its version.
///
/// # Errors
/// [`StoreError::Open`].
pub async fn greet(config: &StoreConfig) -> Result<String, StoreError> {
    postgres::greet(config).await.map_err(|source| failed(postgres::place(config), source))
}

fn failed(place: String, source: Cause) -> StoreError {
    StoreError::Open { place, source }
}
