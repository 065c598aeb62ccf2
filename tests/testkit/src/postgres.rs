//! A database of its own for each test on one Postgres.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use url::Url;

/// A database that nobody else uses. It stays until its server goes: to remove it the server would wait for every client of any
/// test, also for one that does not answer just then.
pub struct PostgresDatabase {
    server: Url,
    name: String,
}

impl PostgresDatabase {
    /// On the tests' own Postgres, which `GAVEL_TEST_POSTGRES` names.
    pub async fn new() -> Self {
        let database = Self { server: server(), name: format!("test_{}", uuid::Uuid::new_v4().simple()) };
        execute(&database.server, format!("CREATE DATABASE {}", database.name)).await;
        database
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> Url {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url
    }

    /// A connection past the Gavel under test, to look and to meddle.
    pub async fn aside(&self) -> PgConnection {
        PgConnection::connect(self.url().as_str()).await.unwrap()
    }

    /// Ends every connection that a Gavel has to it, as a restart of the server would.
    pub async fn cut(&self) {
        let ended =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
                     AND application_name = 'gavel'";
        self.aside().await.execute(ended).await.unwrap();
    }
}

async fn execute(server: &Url, statement: String) {
    let mut connection = PgConnection::connect(server.as_str())
        .await
        .unwrap_or_else(|error| panic!("no Postgres answers at the tests' address: {error}"));
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
    connection.close().await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
fn server() -> Url {
    let url = std::env::var("GAVEL_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "these tests need a Postgres: set GAVEL_TEST_POSTGRES=postgres://user:password@host:port/postgres, \
             or run deploy/test.sh, which starts one"
        )
    });
    url.parse().unwrap_or_else(|error| panic!("GAVEL_TEST_POSTGRES is no URL: {error}"))
}
