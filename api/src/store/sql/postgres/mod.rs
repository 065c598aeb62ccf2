//! A Postgres, which several processes may have at once.

mod listen;

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::Connection as _;
use sqlx::Error;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};

use super::database::Database;
use crate::store::{Cause, StoreConfig, StoreError};

pub(super) use listen::listen;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long whoever listens may wait for its connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// What each connection asks of the server: to give up a statement that nobody waits for any more, and to notice within
/// half a minute that a machine is gone, with the locks that it had.
const SESSION: [(&str, &str); 4] = [
    ("statement_timeout", "15s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
];

/// Connects, and brings the tables up to date; of several processes that begin at once one does, and the others wait.
pub(super) async fn open(config: &StoreConfig) -> Result<Database, Cause> {
    let pool = PgPoolOptions::new().max_connections(config.connections).acquire_timeout(config.patience);
    let pool = pool.connect_with(options(&config.url, &config.password)?).await?;
    MIGRATIONS.run(&pool).await?;
    Ok(Database::Postgres(pool))
}

/// Connects once and tells what answers.
pub(super) async fn greet(config: &StoreConfig) -> Result<String, Cause> {
    let options = options(&config.url, &config.password)?;
    let answer = async {
        let mut connection = PgConnection::connect_with(&options).await?;
        let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok::<_, Error>(version)
    };
    let version = tokio::time::timeout(ACQUIRE_TIMEOUT, answer).await??;
    Ok(format!("PostgreSQL {version}"))
}

/// Where it is and who asks.
///
/// # Errors
/// When the URL is none, or names a certificate that cannot be read.
fn options(url: &SecretString, password: &SecretString) -> Result<PgConnectOptions, Error> {
    let options: PgConnectOptions = url.expose_secret().parse()?;
    let options = options.application_name("gavel").options(SESSION);
    Ok(match password.expose_secret() {
        "" => options,
        password => options.password(password),
    })
}

/// Whether a text says where a Postgres is.
pub(in crate::store) fn is_url(url: &SecretString) -> bool {
    url.expose_secret().starts_with("postgres") && url.expose_secret().parse::<PgConnectOptions>().is_ok()
}

/// The place without its secrets.
pub(super) fn place(config: &StoreConfig) -> String {
    let options = options(&config.url, &config.password);
    options.map_or_else(
        |_| "store.url".to_owned(),
        |options| {
            let (host, port) = (options.get_host(), options.get_port());
            format!("postgres://{host}:{port}/{}", options.get_database().unwrap_or_default())
        },
    )
}

/// What an error of a statement means for who asked, by the class of its code:
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn fault(error: Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match code.as_deref() {
        // Disk full.
        Some("53100") => StoreError::Full(error.into()),
        // Rules of a table, and those that a trigger keeps.
        Some(code) if code.starts_with("23") || code == "P0001" => StoreError::Refused(error.into()),
        Some("XX001" | "XX002") => {
            StoreError::Damaged { what: "the database".to_owned(), source: error.into() }
        }
        _ => StoreError::Unavailable(error.into()),
    }
}
