//! The broker goes away with submissions on their way, and comes back. It is spoken to by TLS, and trusts nobody without a
//! certificate.

use std::process::Command;
use std::time::Duration;

use gavel_testkit::{Rabbit, until};
use serde_json::json;

use crate::docker::Sandboxes;
use crate::fleet::{Fleet, PATIENCE, unique};
use crate::papers::Papers;
use crate::process::Gavel;

/// A RabbitMQ of this test's own: everybody else's connections stay as they are.
struct Server {
    container: String,
    papers: Papers,
}

impl Server {
    async fn start() -> Self {
        let papers = Papers::issue();
        let folder = papers.folder.path().display();
        let container = docker(&[
            "run",
            "--detach",
            "--publish=127.0.0.1::5672",
            "--publish=127.0.0.1::5671",
            &format!("--volume={folder}:/papers:ro"),
            &format!("--volume={folder}/tls.conf:/etc/rabbitmq/conf.d/90-tls.conf:ro"),
            "--label=gavel.test=rabbitmq",
            "--env=RABBITMQ_DEFAULT_USER=gavel",
            "--env=RABBITMQ_DEFAULT_PASS=gavel",
            "rabbitmq:4-management",
        ])
        .expect("the image that deploy/test.sh makes");
        let server = Self { container: container.trim().to_owned(), papers };
        until("RabbitMQ answers", Duration::from_secs(90), async || {
            let diagnostics = ["rabbitmq-diagnostics", "--quiet", "check_port_connectivity"];
            docker(&[&["exec", &server.container], &diagnostics[..]].concat())
        })
        .await;
        server
    }

    fn url(&self) -> String {
        format!("amqp://gavel:gavel@127.0.0.1:{}/%2f", self.port("5672"))
    }

    /// By the name that its certificate is for.
    fn tls_url(&self) -> String {
        format!("amqps://gavel:gavel@localhost:{}/%2f", self.port("5671"))
    }

    fn port(&self, inside: &str) -> u16 {
        let address = docker(&["port", &self.container, inside]).unwrap();
        address.lines().next().unwrap().parse::<std::net::SocketAddr>().unwrap().port()
    }

    /// The settings of a process that speaks to it by TLS.
    fn tls(&self) -> Vec<(&'static str, String)> {
        vec![
            ("broker.url", self.tls_url()),
            ("broker.ca_file", self.papers.path("ca.pem")),
            ("broker.cert_file", self.papers.path("client.pem")),
            ("broker.key_file", self.papers.path("client.key")),
        ]
    }

    /// `rabbitmqctl ARGUMENTS`
    fn control(&self, arguments: &[&str]) -> String {
        let begin = ["exec", &self.container, "rabbitmqctl", "--quiet"];
        docker(&[&begin, arguments].concat()).unwrap_or_else(|| panic!("rabbitmqctl {arguments:?} failed"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        docker(&["rm", "--force", "--volumes", &self.container]);
    }
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

/// Slow enough that some are always on their way, and each with a verdict of its own kind.
fn submission(number: usize) -> (serde_json::Value, &'static str) {
    let answer = number * 2 + usize::from(number.is_multiple_of(3));
    let source = format!("import time\ntime.sleep(0.2)\nprint({number} * 2)\n");
    let body = json!({
        "language": "python", "source": source, "limits": {"wall_ms": 20_000},
        "work": {"kind": "run", "expected_output": answer.to_string()},
    });
    (body, if number.is_multiple_of(3) { "WA" } else { "AC" })
}

async fn submit(fleet: &Fleet, numbers: std::ops::Range<usize>, wanted: &mut Vec<(String, &'static str)>) {
    for number in numbers {
        let (body, verdict) = submission(number);
        wanted.push((fleet.api.submit(&body).await, verdict));
    }
}

/// What a doctor says of a broker by these settings: its state, and what was found.
async fn diagnosis(settings: &[(&'static str, String)]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings.to_vec();
    settings.push(("store.path", folder.path().join("gavel.db").display().to_string()));
    settings.push(("blobs.dir", folder.path().join("blobs").display().to_string()));
    let ended = Gavel::start(&["doctor", "--role=api", "--json"], folder.path(), &settings).end().await;
    let begin = ended.log.find('[').unwrap_or_else(|| panic!("{}", ended.log));
    let findings: Vec<serde_json::Value> = serde_json::from_str(&ended.log[begin..]).unwrap();
    let broker = findings.iter().find(|one| one["name"] == "broker").unwrap();
    let text = |field: &str| broker[field].as_str().unwrap().to_owned();
    (text("state"), text("found"))
}

async fn assert_tls_is_checked(server: &Server) {
    let of = |change: &[(&'static str, &str)], without: &[&str]| {
        let kept = server.tls().into_iter().filter(|(key, _)| !without.contains(key));
        let changed = change.iter().map(|(key, file)| (*key, server.papers.path(file)));
        kept.chain(changed).collect::<Vec<_>>()
    };
    let (state, found) = diagnosis(&of(&[], &[])).await;
    assert_eq!((state.as_str(), found.contains("amqps://localhost:")), ("ok", true), "{found}");
    let (state, found) = diagnosis(&of(&[("broker.ca_file", "other.pem")], &["broker.ca_file"])).await;
    assert!(state == "fail" && found.contains("UnknownIssuer"), "another authority: {found}");
    let (state, found) = diagnosis(&of(&[], &["broker.ca_file"])).await;
    assert!(state == "fail" && found.contains("UnknownIssuer"), "the machine's authorities: {found}");
    let (state, found) = diagnosis(&of(&[], &["broker.cert_file", "broker.key_file"])).await;
    assert_eq!(state, "fail", "without a certificate of this side: {found}");
    let mut by_number = server.tls();
    by_number[0].1 = server.tls_url().replace("localhost", "127.0.0.1");
    let (state, found) = diagnosis(&by_number).await;
    assert!(state == "fail" && found.contains("not valid for name"), "another name: {found}");
}

#[tokio::test]
async fn submissions_outlive_lost_connections_and_a_restart_of_the_broker() {
    let server = Server::start().await;
    let fleet = Fleet::on(Rabbit::at(server.url().parse().unwrap()).await).await;
    let name = unique("restart");
    assert_tls_is_checked(&server).await;
    let worker = fleet.worker_by(&name, server.tls()).await;
    let mut wanted = Vec::new();
    submit(&fleet, 0..10, &mut wanted).await;
    Sandboxes::of(&name).wait_for_a_program().await;
    server.control(&["close_all_connections", "a test"]);
    submit(&fleet, 10..20, &mut wanted).await;
    assert_eq!(fleet.api.result(&wanted[0].0, PATIENCE).await["verdict"], wanted[0].1);

    Sandboxes::of(&name).wait_for_a_program().await;
    server.control(&["stop_app"]);
    let (status, text) = until("the loss is noticed", PATIENCE, async || {
        let answer = fleet.api.get("/readyz").await;
        (answer.0 != 200).then_some(answer)
    })
    .await;
    assert!(status == 503 && text.contains("the broker is not connected"), "{status}: {text}");
    // They are stored, and published once there is somebody to publish them to.
    submit(&fleet, 20..25, &mut wanted).await;
    server.control(&["start_app"]);

    for (id, verdict) in &wanted {
        let view = fleet.api.result(id, PATIENCE).await;
        assert_eq!(view["verdict"], *verdict, "{view:#}");
    }
    until("every queue is empty", PATIENCE, async || {
        let queues = server.control(&["list_queues", "--no-table-headers", "messages"]);
        queues.lines().all(|count| count.trim() == "0").then_some(())
    })
    .await;
    for process in [&fleet.api, &worker] {
        assert!(process.metric("gavel_broker_reconnects_total").await >= 2.0, "it never lost its connection");
    }
}
