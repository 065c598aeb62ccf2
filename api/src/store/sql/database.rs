//! One database or the other: connections, transactions, and the words in which they differ.

use sqlx::postgres::{PgConnection, PgPool};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Postgres, Sqlite};

use super::rows::column;
use super::sqlite;
use super::statement::{in_time, sql};
use crate::store::{StoreConnections, StoreError, StoreKind, Task, Turn};

/// Where the tables are.
pub(super) enum Database {
    /// One file with many readers and one writer.
    Sqlite { reader: SqlitePool, writer: SqlitePool },
    /// A server, of which other processes have connections too.
    Postgres(PgPool),
}

/// A transaction; what is not committed when it is dropped never was.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Where a statement is asked.
pub(super) enum Executor<'e> {
    Sqlite(&'e SqlitePool),
    InSqlite(&'e mut SqliteConnection),
    Postgres(&'e PgPool),
    InPostgres(&'e mut PgConnection),
}

/// Which database, where a statement has to be written for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Database {
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => {
                writer.begin().await.map(Transaction::Sqlite).map_err(sqlite::fault)
            }
            Self::Postgres(pool) => in_time(pool.begin()).await.map(Transaction::Postgres),
        }
    }

    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A task for this process alone. The lock is a transaction's, so it ends with the turn or with the process; one file
    /// is one process's anyway.
    pub(super) async fn turn(&self, task: Task) -> Result<Option<Turn>, StoreError> {
        let mut transaction = match self {
            Self::Sqlite { .. } => return Ok(Some(Turn::new(()))),
            Self::Postgres(_) => self.begin().await?,
        };
        let taken = match task {
            Task::HandOver(lane) => {
                transaction.lock(&format!("hand over {lane}")).await?;
                true
            }
            Task::Tidy => transaction.try_lock("tidy").await?,
            Task::Collect => transaction.try_lock("collect").await?,
        };
        Ok(taken.then(|| Turn::new(transaction)))
    }

    pub(super) fn connections(&self) -> StoreConnections {
        let (kind, size, idle) = match self {
            Self::Sqlite { reader, writer } => {
                (StoreKind::Sqlite, reader.size() + writer.size(), reader.num_idle() + writer.num_idle())
            }
            Self::Postgres(pool) => (StoreKind::Postgres, pool.size(), pool.num_idle()),
        };
        let idle = u32::try_from(idle).unwrap_or(size);
        StoreConnections { kind, busy: size.saturating_sub(idle), idle }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await.map_err(sqlite::fault),
            Self::Postgres(transaction) => in_time(transaction.commit()).await,
        }
    }

    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Keeps other transactions that want the same from going on until this one ends. `SQLite` has one writer, which keeps
    /// them anyway.
    pub(super) async fn lock(&mut self, what: &str) -> Result<(), StoreError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                let lock = sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))").bind(what);
                lock.all(self).await.map(drop)
            }
        }
    }

    /// The same lock as [`Transaction::lock`], unless somebody has it.
    async fn try_lock(&mut self, what: &str) -> Result<bool, StoreError> {
        let lock = sql("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken").bind(what);
        column(&lock.one(self).await?, "taken")
    }
}

/// Outside of a transaction statements only read.
impl<'e> From<&'e Database> for Executor<'e> {
    fn from(database: &'e Database) -> Self {
        match database {
            Database::Sqlite { reader, .. } => Self::Sqlite(reader),
            Database::Postgres(pool) => Self::Postgres(pool),
        }
    }
}

impl<'e> From<&'e mut Transaction> for Executor<'e> {
    fn from(transaction: &'e mut Transaction) -> Self {
        match transaction {
            Transaction::Sqlite(transaction) => Self::InSqlite(&mut *transaction),
            Transaction::Postgres(transaction) => Self::InPostgres(&mut *transaction),
        }
    }
}

impl Dialect {
    /// Behind a table: from which index, where `SQLite` would not find it by itself.
    pub(super) fn indexed_by(self, index: &str) -> String {
        match self {
            Self::Sqlite => format!("INDEXED BY {index}"),
            Self::Postgres => String::new(),
        }
    }

    /// At the end of a query: nobody else changes its rows until the transaction ends.
    pub(super) const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE",
        }
    }

    /// [`Dialect::for_update`], without the rows that somebody else is at.
    pub(super) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// A table with the column `value`: what is in the JSON list `$1`, each as JSON.
    pub(super) const fn values_of_list(self) -> &'static str {
        match self {
            Self::Sqlite => "json_each($1)",
            Self::Postgres => "json_array_elements($1::json) AS each (value)",
        }
    }

    /// A table with the column `value`: the texts in the JSON list `$1`.
    pub(super) const fn texts_of_list(self) -> &'static str {
        match self {
            Self::Sqlite => "json_each($1)",
            Self::Postgres => "json_array_elements_text($1::json) AS each (value)",
        }
    }

    /// Milliseconds since 1970 by the clock that all processes over one store share: what one of them claims for a while, or is to do
    /// later, another one takes up in time even if the clock of the first was wrong.
    pub(super) const fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)",
            Self::Postgres => "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)",
        }
    }

    /// The day of a column with milliseconds since 1970, in UTC: `2026-11-27`.
    pub(super) fn day(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("date({column} / 1000, 'unixepoch')"),
            Self::Postgres => {
                format!("to_char(to_timestamp({column} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')")
            }
        }
    }
}
