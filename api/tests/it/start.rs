//! From settings to a service, and what makes it not start.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use gavel_api::{ApiMetrics, ApiSettings, RunParts, ServeError, run};
use gavel_broker::BrokerMetrics;
use gavel_broker::embedded::EmbeddedBroker;
use gavel_platform::telemetry::Registry;
use gavel_testkit::announced;
use reqwest::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::fmt::MakeWriter;

use crate::kit::{Service, languages, until, within};

fn settings(folder: &Path) -> ApiSettings {
    let mut config = ApiSettings::default();
    config.languages.dir = folder.join("languages");
    languages(&config.languages.dir);
    config.store.path = folder.join("gavel.db");
    config.blobs.dir = folder.join("blobs");
    config.api.bind.set_port(0);
    config
}

fn parts() -> RunParts {
    let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let registry = Registry::default();
    let broker = BrokerMetrics::register(&registry).unwrap();
    RunParts {
        dispatcher: Arc::new(EmbeddedBroker::new(broker, tasks.clone(), shutdown.clone())),
        metrics: ApiMetrics::register(&registry).unwrap(),
        registry,
        tasks,
        shutdown,
        republish_all: true,
    }
}

/// What this thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn settings_make_a_service_that_ends_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let (config, parts) = (settings(folder.path()), parts());
    let (tasks, shutdown) = (parts.tasks.clone(), parts.shutdown.clone());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
    let _logged = tracing::subscriber::set_default(subscriber);
    let served = async { run(&config, parts).await.unwrap() };
    let used = async {
        until("it listens", async || announced(&log.text(), "listening").is_some()).await;
        let address = announced(&log.text(), "listening").unwrap();
        let client = reqwest::Client::new();
        let post = client.post(format!("http://{address}/api/v1/submissions"));
        let answer = post.json(&json!({"language": "python", "source": ""})).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
        shutdown.cancel();
    };
    within("it serves and ends", async { tokio::join!(served, used) }).await;
    tasks.close();
    within("every task ends", tasks.wait()).await;
    assert!(folder.path().join("gavel.db").exists());
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = settings(folder.path());
    config.api.bind = taken.local_addr().unwrap();
    let error = run(&config, parts()).await.unwrap_err();
    assert!(matches!(error, ServeError::Bind { .. }), "{error:?}");
    assert!(error.to_string().contains(&config.api.bind.to_string()));
}

#[tokio::test]
async fn a_folder_without_languages_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = settings(folder.path());
    config.languages.dir = folder.path().to_owned();
    assert!(matches!(run(&config, parts()).await, Err(ServeError::Languages(_))));
}

#[tokio::test]
async fn a_service_ends_with_all_its_tasks() {
    Service::start().await.stop().await;
}
