//! Servers of a test's own, which can be killed and started again: everybody else's connections stay as they are.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use url::Url;

use crate::papers::Papers;
use crate::wait::until;

/// How long a server may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(90);

/// A server in a container; removed when dropped.
pub struct Server {
    container: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let begin = ["run", "--detach", "--label=gavel.test=server"];
        let id = docker(&[&begin, arguments].concat())
            .unwrap_or_else(|| panic!("the images that deploy/test.sh makes sure of"));
        Self { container: id.trim().to_owned() }
    }

    /// Ends it without a word to anybody.
    pub fn kill(&self) {
        docker(&["kill", &self.container]);
    }

    /// Starts it again, with what it had written, at the same port.
    pub fn resume(&self) {
        docker(&["start", &self.container]);
    }

    /// What a command in the container prints; nothing when it fails.
    #[must_use]
    pub fn run(&self, command: &[&str]) -> Option<String> {
        docker(&[&["exec", self.container.as_str()], command].concat())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        docker(&["rm", "--force", "--volumes", &self.container]);
    }
}

/// A Postgres with an empty database.
pub struct PostgresServer {
    /// The server.
    pub server: Server,
    port: u16,
}

impl PostgresServer {
    /// One that answers.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        let port = free_port();
        let server = Server::start(&[
            &format!("--publish=127.0.0.1:{port}:5432"),
            "--env=POSTGRES_USER=gavel",
            "--env=POSTGRES_PASSWORD=gavel",
            "postgres:17",
            "postgres",
            "-c",
            "fsync=off",
        ]);
        let started = Self { server, port };
        let url = started.url();
        until("Postgres answers", STARTS_WITHIN, async || {
            use sqlx::Connection as _;
            sqlx::PgConnection::connect(url.as_str()).await.ok()
        })
        .await;
        started
    }

    /// From now on it speaks TLS to those who ask for it, as `localhost`.
    ///
    /// # Panics
    /// When it does not.
    pub fn offer_tls(&self, papers: &Papers) {
        for file in ["server.pem", "server.key"] {
            let there = format!("{}:/tmp/{file}", self.server.container);
            docker(&["cp", &papers.path(file), &there]).unwrap();
        }
        // A key that others could read is refused.
        let own = "cd /tmp && cp server.pem server.key \"$PGDATA\" && cd \"$PGDATA\" && chmod 600 server.key && chown postgres server.*";
        self.server.run(&["sh", "-c", own]).unwrap();
        for change in [
            "ALTER SYSTEM SET ssl_cert_file = 'server.pem'",
            "ALTER SYSTEM SET ssl_key_file = 'server.key'",
            "ALTER SYSTEM SET ssl = on",
            "SELECT pg_reload_conf()",
        ] {
            self.server.run(&["psql", "--username=gavel", "--command", change]).unwrap();
        }
    }

    /// Where it is.
    ///
    /// # Panics
    /// Never: it is a URL.
    #[must_use]
    pub fn url(&self) -> Url {
        format!("postgres://gavel:gavel@127.0.0.1:{}/gavel", self.port).parse().unwrap()
    }
}

/// A RabbitMQ.
pub struct RabbitServer {
    /// The server.
    pub server: Server,
    port: u16,
}

impl RabbitServer {
    /// One that answers, with further arguments of `docker run`.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(arguments: &[&str]) -> Self {
        let port = free_port();
        let publish = format!("--publish=127.0.0.1:{port}:5672");
        let own =
            [publish.as_str(), "--env=RABBITMQ_DEFAULT_USER=gavel", "--env=RABBITMQ_DEFAULT_PASS=gavel"];
        let server = Server::start(&[&own, arguments, &["rabbitmq:4-management"]].concat());
        let started = Self { server, port };
        started.answers().await;
        started
    }

    /// Waits until it answers.
    pub async fn answers(&self) {
        let ask = ["rabbitmq-diagnostics", "--quiet", "check_port_connectivity"];
        until("RabbitMQ answers", STARTS_WITHIN, async || self.server.run(&ask)).await;
    }

    /// Where it is.
    ///
    /// # Panics
    /// Never: it is a URL.
    #[must_use]
    pub fn url(&self) -> Url {
        format!("amqp://gavel:gavel@127.0.0.1:{}/%2f", self.port).parse().unwrap()
    }

    /// Where a port of the container is, that was published by the arguments.
    ///
    /// # Panics
    /// When it was not.
    #[must_use]
    pub fn port(&self, inside: &str) -> u16 {
        let address = docker(&["port", &self.server.container, inside]).unwrap();
        address.lines().next().unwrap().parse::<std::net::SocketAddr>().unwrap().port()
    }

    /// `rabbitmqctl ARGUMENTS`
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn control(&self, arguments: &[&str]) -> String {
        let command = [&["rabbitmqctl", "--quiet"], arguments].concat();
        self.server.run(&command).unwrap_or_else(|| panic!("rabbitmqctl {arguments:?} failed"))
    }
}

/// A port of this machine that nobody has just now, and that is the same after a restart.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What `docker` prints; nothing when it fails.
fn docker(arguments: &[&str]) -> Option<String> {
    let output = Command::new("docker").args(arguments).output().unwrap();
    if !output.status.success() {
        eprintln!("docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    Some(String::from_utf8(output.stdout).unwrap())
}
