//! The broker goes away with submissions on their way, and comes back. It is spoken to by TLS, and trusts nobody without a
//! certificate.

use gavel_testkit::{Papers, Rabbit, RabbitServer, until};
use serde_json::json;

use crate::docker::Sandboxes;
use crate::fleet::{Fleet, PATIENCE, unique};
use crate::process::Gavel;

/// A RabbitMQ that listens by TLS, too.
struct Server {
    rabbit: RabbitServer,
    papers: Papers,
}

impl Server {
    async fn start() -> Self {
        let papers = Papers::issue();
        let folder = papers.folder.path().display();
        let rabbit = RabbitServer::start(&[
            "--publish=127.0.0.1::5671",
            &format!("--volume={folder}:/papers:ro"),
            &format!("--volume={folder}/tls.conf:/etc/rabbitmq/conf.d/90-tls.conf:ro"),
        ])
        .await;
        Self { rabbit, papers }
    }

    /// By the name that its certificate is for.
    fn tls_url(&self) -> String {
        format!("amqps://gavel:gavel@localhost:{}/%2f", self.rabbit.port("5671"))
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
    let fleet = Fleet::on(Rabbit::at(server.rabbit.url()).await).await;
    let name = unique("restart");
    let control = |arguments: &[&str]| drop(server.rabbit.control(arguments));
    assert_tls_is_checked(&server).await;
    let worker = fleet.worker_by(&name, server.tls()).await;
    let mut wanted = Vec::new();
    submit(&fleet, 0..10, &mut wanted).await;
    Sandboxes::of(&name).wait_for_a_program().await;
    control(&["close_all_connections", "a test"]);
    submit(&fleet, 10..20, &mut wanted).await;
    assert_eq!(fleet.api.result(&wanted[0].0, PATIENCE).await["verdict"], wanted[0].1);

    Sandboxes::of(&name).wait_for_a_program().await;
    control(&["stop_app"]);
    let (status, text) = until("the loss is noticed", PATIENCE, async || {
        let answer = fleet.api.get("/readyz").await;
        (answer.0 != 200).then_some(answer)
    })
    .await;
    assert!(status == 503 && text.contains("the broker is not connected"), "{status}: {text}");
    // They are stored, and published once there is somebody to publish them to.
    submit(&fleet, 20..25, &mut wanted).await;
    control(&["start_app"]);

    for (id, verdict) in &wanted {
        let view = fleet.api.result(id, PATIENCE).await;
        assert_eq!(view["verdict"], *verdict, "{view:#}");
    }
    // Under a memory alarm the server blocks whoever publishes: API and worker keep what they have.
    submit(&fleet, 25..28, &mut wanted).await;
    Sandboxes::of(&name).wait_for_a_program().await;
    control(&["set_vm_memory_high_watermark", "0.000001"]);
    submit(&fleet, 28..31, &mut wanted).await;
    until("the alarm is noticed", PATIENCE, async || (fleet.api.get("/readyz").await.0 == 503).then_some(()))
        .await;
    control(&["set_vm_memory_high_watermark", "0.6"]);
    for (id, verdict) in &wanted[25..] {
        let view = fleet.api.result(id, PATIENCE).await;
        assert_eq!((&view["verdict"], &view["attempt"]), (&json!(verdict), &json!(1)), "{view:#}");
    }

    until("every queue is empty", PATIENCE, async || {
        let queues = server.rabbit.control(&["list_queues", "--no-table-headers", "messages"]);
        queues.lines().all(|count| count.trim() == "0").then_some(())
    })
    .await;
    for process in [&fleet.api, &worker] {
        assert!(process.metric("gavel_broker_reconnects_total").await >= 2.0, "it never lost its connection");
    }
}
