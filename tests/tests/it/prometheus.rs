//! Real Prometheus at a real run: the rules load, every panel of every dashboard has data, and no alert is up; what causes some is seen.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gavel_testkit::until;
use serde_json::{Value, json};

use crate::process::{Gavel, binary, root};
use crate::up::settings;

/// How long Prometheus may take to have seen everything twice.
const SEEN_WITHIN: Duration = Duration::from_secs(90);

/// Prometheus with the project's rules, killed at the end.
struct Prometheus {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Prometheus {
    fn start(folder: &Path, api: SocketAddr, worker: SocketAddr) -> Self {
        // Of what is said of the port there is no moment to read, so it is chosen here.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let rules = root().join("deploy/prometheus/rules/*.yml");
        let config = json!({
            "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"},
            "rule_files": [rules],
            "scrape_configs": [
                {"job_name": "gavel-api", "static_configs": [{"targets": [api.to_string()]}]},
                {"job_name": "gavel-worker", "static_configs": [{"targets": [worker.to_string()]}]},
            ],
        });
        // JSON is YAML.
        let file = folder.join("prometheus.yml");
        std::fs::write(&file, config.to_string()).unwrap();
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("tsdb").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("prometheus.log")).unwrap())
            .spawn()
            .expect("prometheus: deploy/test.sh brings it");
        Self { child, url: format!("http://127.0.0.1:{port}"), client: reqwest::Client::new() }
    }

    /// The answer of a call of its API, once it gives one.
    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        let url = url::Url::parse_with_params(&format!("{}/api/v1/{path}", self.url), query).unwrap();
        let answer: Value = self.client.get(url).send().await.ok()?.json().await.ok()?;
        assert_ne!(answer["status"], "error", "{query:?}: {answer}");
        Some(answer["data"].clone())
    }

    /// Whether an expression has a value that is a number.
    async fn has_data(&self, expression: &str) -> bool {
        let Some(data) = self.ask("query", &[("query", expression)]).await else { return false };
        let series = data["result"].as_array().unwrap().iter();
        series.map(|one| one["value"][1].as_str().unwrap()).any(|value| value != "NaN")
    }

    /// Waits until the causes of these alerts are seen, and of those no more.
    async fn waits_for(&self, there: &[&str], gone: &[&str]) {
        until(&format!("{there:?} are up and {gone:?} are not"), SEEN_WITHIN, async || {
            let up = [self.alerts("pending").await, self.alerts("firing").await].concat();
            let is_up = |name: &&str| up.iter().any(|alert| alert == name);
            (there.iter().all(is_up) && !gone.iter().any(is_up)).then_some(())
        })
        .await;
    }

    /// The names of alerts that are `firing`, or `pending`: their cause is there, and it is waited whether it lasts.
    async fn alerts(&self, state: &str) -> Vec<String> {
        let data = self.ask("alerts", &[]).await.unwrap();
        let alerts = data["alerts"].as_array().unwrap().iter().filter(|alert| alert["state"] == state);
        alerts.map(|alert| alert["labels"]["alertname"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Every expression of every panel, for the worker at an address, with where it stands.
fn panels(worker: SocketAddr) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("deploy/grafana/dashboards")).unwrap() {
        let board: Value =
            serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for panel in board["panels"].as_array().unwrap() {
            for target in panel["targets"].as_array().into_iter().flatten() {
                let expression = target["expr"].as_str().unwrap().replace("$instance", &worker.to_string());
                all.insert(expression, format!("{}: {}", board["title"], panel["title"]));
            }
        }
    }
    assert!(all.len() > 30, "{}", all.len());
    all
}

/// `gavel drain`, which ends once the worker has heard.
fn drain(gavel: &Gavel, arguments: &[&str]) {
    let told =
        Command::new(binary()).arg("drain").args(arguments).env("GAVEL_URL", gavel.url()).output().unwrap();
    assert!(told.status.success(), "{told:?}");
}

#[tokio::test]
async fn every_panel_has_data_and_no_alert_is_up_while_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let id = format!("prometheus-{}", uuid::Uuid::new_v4().simple());
    let mut settings = settings(folder.path(), &id);
    // Where no collector listens.
    settings.push(("telemetry.otlp.endpoint", "http://127.0.0.1:9".to_owned()));
    let mut gavel = Gavel::start(&["up"], folder.path(), &settings).api_ready().await;
    let worker = gavel.worker_address().await;
    let api = gavel.url().trim_start_matches("http://").parse().unwrap();
    let prometheus = Prometheus::start(folder.path(), api, worker);

    let begin = Instant::now();
    let mut missing = panels(worker);
    for round in 0.. {
        // New source, so a look-up that misses; the same again, so one that hits.
        let source = format!("#include <cstdio>\nint main() {{ return {round} * 0; }}");
        for lane in ["contest", "contest", "practice"] {
            let body = json!({"language": "cpp", "source": source, "lane": lane});
            let id = gavel.submit(&body).await;
            assert_eq!(gavel.result(&id, SEEN_WITHIN).await["verdict"], "AC");
        }
        let mut still = BTreeMap::new();
        for (expression, place) in missing {
            if !prometheus.has_data(&expression).await {
                still.insert(expression, place);
            }
        }
        missing = still;
        if missing.is_empty() {
            break;
        }
        assert!(begin.elapsed() < SEEN_WITHIN, "no data: {missing:#?}");
    }

    for part in ["programs", "compilers", "engine", "ours"] {
        let spent = format!("gavel_cpu_seconds_total{{part=\"{part}\"}} > 0");
        assert!(prometheus.has_data(&spent).await, "{part}");
    }
    let rules = prometheus.ask("rules", &[]).await.unwrap();
    let unwell = |rule: &&Value| rule["health"] == "err";
    let groups = rules["groups"].as_array().unwrap().iter();
    let rules: Vec<&Value> = groups.flat_map(|group| group["rules"].as_array().unwrap()).collect();
    assert!(rules.len() > 20 && !rules.iter().any(unwell), "{rules:#?}");
    // What is pending here may be true: that a machine's disk is full, or a pool cold.
    assert_eq!(prometheus.alerts("firing").await, Vec::<String>::new());

    // Each cause is noticed, and named; and it is seen when it is gone.
    prometheus.waits_for(&["GavelTracesLost"], &["GavelNoWorker", "GavelLanguageLost", "GavelDown"]).await;
    drain(&gavel, &[&id]);
    prometheus.waits_for(&["GavelNoWorker", "GavelLanguageLost"], &["GavelDown"]).await;
    drain(&gavel, &["--undo", &id]);
    prometheus.waits_for(&[], &["GavelNoWorker", "GavelLanguageLost", "GavelDown"]).await;
    drop(gavel);
    prometheus.waits_for(&["GavelDown"], &[]).await;
}
