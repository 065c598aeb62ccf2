//! A Postgres of a test's own, which can be stopped and started again.

use std::net::TcpListener;
use std::process::Command;

use super::until;

/// A server in a container; removed when dropped.
pub struct PostgresServer {
    container: String,
    port: u16,
}

impl PostgresServer {
    /// With the image that `deploy/test.sh` makes sure of.
    pub async fn start() -> Self {
        // A port that is the same after a restart.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let publish = format!("127.0.0.1:{port}:5432");
        let container = docker(&[
            "run",
            "--detach",
            "--publish",
            &publish,
            "--label",
            "gavel.test=postgres-restart",
            "--env",
            "POSTGRES_USER=gavel",
            "--env",
            "POSTGRES_PASSWORD=gavel",
            "postgres:17",
            "postgres",
            "-c",
            "fsync=off",
        ]);
        let server = Self { container: container.trim().to_owned(), port };
        let url = server.url();
        until("Postgres is up", async || {
            use sqlx::Connection as _;
            sqlx::PgConnection::connect(&url).await.is_ok()
        })
        .await;
        server
    }

    pub fn url(&self) -> String {
        format!("postgres://gavel:gavel@127.0.0.1:{}/gavel", self.port)
    }

    /// Without a word to anybody.
    pub fn stop(&self) {
        docker(&["kill", &self.container]);
    }

    pub fn resume(&self) {
        docker(&["start", &self.container]);
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        docker(&["rm", "--force", "--volumes", &self.container]);
    }
}

fn docker(words: &[&str]) -> String {
    let done = Command::new("docker").args(words).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() || std::thread::panicking(), "docker {words:?}: {said}");
    String::from_utf8(done.stdout).unwrap()
}
