//! docker-compose.yml as `deploy/compose.sh` starts it: two APIs behind one address, as many workers as are asked for, Prometheus.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::time::Duration;

use futures_util::future::join_all;
use gavel_testkit::until;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::fleet::unique;
use crate::process::root;

/// How long something may take once all containers are there.
const PATIENCE: Duration = Duration::from_secs(120);

/// The system under a name of its own, taken down with all that it stored.
struct Compose {
    environment: Vec<(&'static str, String)>,
    client: Client,
    key: String,
}

impl Compose {
    fn up(workers: usize) -> Self {
        // Of what compose would choose nobody tells, so they are chosen here.
        let port = || {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            listener.local_addr().unwrap().port().to_string()
        };
        let environment = vec![
            ("COMPOSE_PROJECT_NAME", unique("compose")),
            ("COMPOSE_PROFILES", "observe".to_owned()),
            ("GAVEL_LANGUAGES", "c".to_owned()),
            ("GAVEL_PORT", port()),
            ("GAVEL_PROMETHEUS_PORT", port()),
            ("GAVEL_GRAFANA_PORT", port()),
        ];
        let mut compose = Self { environment, client: Client::new(), key: String::new() };
        compose.run(&["up", "--scale", &format!("worker={workers}")]);
        compose.key = compose.run(&["key"]).trim().to_owned();
        compose
    }

    /// What a command of deploy/compose.sh prints; it must have done what it should.
    fn run(&self, arguments: &[&str]) -> String {
        let script = root().join("deploy/compose.sh");
        let output = Command::new(script).args(arguments).envs(self.environment.clone()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn at(&self, port: &str, path: &str) -> String {
        let found = self.environment.iter().find(|(name, _)| *name == port);
        format!("http://127.0.0.1:{}{path}", found.unwrap().1)
    }

    fn api(&self, path: &str) -> String {
        self.at("GAVEL_PORT", path)
    }

    /// The answer, where there is one.
    async fn ask(&self, request: RequestBuilder) -> Option<Value> {
        request.bearer_auth(&self.key).timeout(PATIENCE).send().await.ok()?.json().await.ok()
    }

    /// The names of the workers that are heard of.
    async fn workers(&self) -> Option<BTreeSet<String>> {
        let listed = self.ask(self.client.get(self.api("/api/v1/workers"))).await?;
        listed["workers"].as_array()?.iter().map(|worker| Some(worker["id"].as_str()?.to_owned())).collect()
    }

    async fn are_there(&self, workers: usize) -> BTreeSet<String> {
        until(&format!("{workers} workers"), PATIENCE, async || {
            self.workers().await.filter(|found| found.len() == workers)
        })
        .await
    }

    /// The final result of a new submission.
    async fn judged(&self, body: &Value) -> Value {
        let accepted = self.ask(self.client.post(self.api("/api/v1/submissions")).json(body)).await.unwrap();
        let path = format!("/api/v1/submissions/{}", accepted["id"].as_str().unwrap());
        until("it is judged", PATIENCE, async || {
            let told = self.ask(self.client.get(self.api(&path))).await?;
            told["verdict"].is_string().then_some(told)
        })
        .await
    }

    /// How many processes of a job Prometheus reaches.
    async fn scraped(&self, job: &str) -> Option<String> {
        let query = [("query", format!("count(up{{job=\"{job}\"}} == 1)"))];
        let url = url::Url::parse_with_params(&self.at("GAVEL_PROMETHEUS_PORT", "/api/v1/query"), &query);
        let told = self.ask(self.client.get(url.unwrap())).await?;
        Some(told["data"]["result"][0]["value"][1].as_str()?.to_owned())
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        self.run(&["down", "--volumes", "--remove-orphans", "--timeout", "10"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes: it builds the image and starts ten containers; cargo nextest run --workspace --run-ignored only -E 'test(compose)'"]
async fn compose_starts_two_apis_and_three_workers_and_takes_two_of_them_away() {
    let compose = Compose::up(3);
    let all = compose.are_there(3).await;

    for (job, processes) in [("gavel-api", "2"), ("gavel-worker", "3"), ("rabbitmq", "1")] {
        until(&format!("{processes} of {job} are scraped"), PATIENCE, async || {
            (compose.scraped(job).await.as_deref() == Some(processes)).then_some(())
        })
        .await;
    }

    // They sleep, so that all workers are wanted whatever the number of cores.
    let body = json!({
        "language": "c",
        "source": "#include <unistd.h>\nint main(){ sleep(3); }",
        "limits": {"wall_ms": 20_000},
    });
    let judging = join_all((0..30).map(|_| compose.judged(&body)));
    let shrinking = async {
        until("all judge", PATIENCE, async || {
            let listed = compose.ask(compose.client.get(compose.api("/api/v1/workers"))).await?;
            listed["workers"].as_array()?.iter().all(|worker| worker["busy"] != json!(0)).then_some(())
        })
        .await;
        tokio::task::block_in_place(|| compose.run(&["scale", "worker=1"]));
    };
    let (results, ()) = tokio::join!(judging, shrinking);
    for result in &results {
        assert_eq!((&result["verdict"], &result["attempt"]), (&json!("AC"), &json!(1)), "{result:#}");
    }
    let judged: BTreeSet<&str> = results.iter().filter_map(|result| result["worker"].as_str()).collect();
    assert_eq!(judged, all.iter().map(String::as_str).collect());
    let left = compose.are_there(1).await;
    assert!(left.is_subset(&all));
}
