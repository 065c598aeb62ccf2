//! The broker goes away with submissions on their way, and comes back.

use std::process::Command;
use std::time::Duration;

use gavel_testkit::{Rabbit, until};
use serde_json::json;

use crate::docker::Sandboxes;
use crate::fleet::{Fleet, PATIENCE, unique};

/// A RabbitMQ of this test's own: everybody else's connections stay as they are.
struct Server {
    container: String,
}

impl Server {
    async fn start() -> Self {
        let container = docker(&[
            "run",
            "--detach",
            "--publish=127.0.0.1::5672",
            "--label=gavel.test=rabbitmq",
            "--env=RABBITMQ_DEFAULT_USER=gavel",
            "--env=RABBITMQ_DEFAULT_PASS=gavel",
            "rabbitmq:4-management",
        ])
        .expect("the image that deploy/test.sh makes");
        let server = Self { container: container.trim().to_owned() };
        until("RabbitMQ answers", Duration::from_secs(90), async || {
            let diagnostics = ["rabbitmq-diagnostics", "--quiet", "check_port_connectivity"];
            docker(&[&["exec", &server.container], &diagnostics[..]].concat())
        })
        .await;
        server
    }

    fn url(&self) -> String {
        let address = docker(&["port", &self.container, "5672"]).unwrap();
        format!("amqp://gavel:gavel@{}/%2f", address.lines().next().unwrap())
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

#[tokio::test]
async fn submissions_outlive_lost_connections_and_a_restart_of_the_broker() {
    let server = Server::start().await;
    let fleet = Fleet::on(Rabbit::at(server.url().parse().unwrap()).await).await;
    let name = unique("restart");
    let worker = fleet.worker(&name).await;
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
