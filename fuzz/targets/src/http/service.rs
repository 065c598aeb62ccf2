//! The service that is asked: all of it, with a store on disk, in this process.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use gavel_api::store::SqlStore;
use gavel_api::{ApiMetrics, ApiParts, ApiSettings, serve};
use gavel_blobs::BlobStore;
use gavel_broker::embedded::EmbeddedBroker;
use gavel_broker::{BrokerMetrics, Settlement, WorkSource as _};
use gavel_model::language::Languages;
use gavel_model::{Bounds, JudgeResult, Lane, Submission, SubmissionRef, TestReport, Verdict};
use gavel_platform::telemetry::Registry;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Door;

/// A fuzzer calls a function with bytes and nothing else, so there is one for the whole process.
pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(Service::start);

/// Good for everything, so that no quota ends the run.
const KEY: &str = "the-key-of-the-fuzzer";

/// Long enough for whatever is asked here; a call that hangs is a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running service, and how it is asked.
pub(super) struct Service {
    runtime: Runtime,
    client: Client,
    base: String,
    folder: TempDir,
    refused: Arc<Mutex<Option<String>>>,
}

/// An answer.
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) text: String,
}

impl Service {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let refused = Arc::default();
        let base = runtime.block_on(begin(folder.path(), &refused));
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        Self { runtime, client, base, folder, refused }
    }

    /// Sends a body to a door; bytes of the query that cannot stand in one are written as `%XX`.
    pub(super) fn ask(&self, door: &Door, query: &[u8], body: &[u8]) -> Told {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~=&%,*+[]".contains(&byte);
        let query: String = query
            .iter()
            .map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") })
            .collect();
        let method = Method::from_bytes(door.method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{}?{query}", self.base, door.path));
        self.answer(request.header("content-type", door.media).body(body.to_vec()))
    }

    pub(super) fn get(&self, path: &str) -> Told {
        self.answer(self.client.get(format!("{}{path}", self.base)))
    }

    /// Where it keeps what it keeps: nothing that a client is told of.
    pub(super) fn folder(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// What was wrong with a submission that was sent to the workers.
    pub(super) fn refused_by_workers(&self) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn answer(&self, request: RequestBuilder) -> Told {
        self.runtime.block_on(async {
            let response = request.bearer_auth(KEY).send().await.unwrap();
            Told { status: response.status(), text: response.text().await.unwrap() }
        })
    }
}

/// Starts everything and tells where it listens; it goes on as long as the process.
async fn begin(folder: &Path, refused: &Arc<Mutex<Option<String>>>) -> String {
    let mut config = ApiSettings::default();
    config.api.keys = vec![KEY.into()];
    config.api.max_wait = Duration::from_secs(5);
    let (tasks, shutdown, registry) = (TaskTracker::new(), CancellationToken::new(), Registry::default());
    let metrics = BrokerMetrics::register(&registry).unwrap();
    let broker = EmbeddedBroker::new(metrics, tasks.clone(), shutdown.clone());
    for lane in Lane::ALL {
        tasks.spawn(judge(broker.clone(), lane, config.api.bounds(), Arc::clone(refused)));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let parts = ApiParts {
        dispatcher: Arc::new(broker),
        store: Arc::new(SqlStore::file(&folder.join("gavel.db")).await.unwrap()),
        blobs: BlobStore::folder(&folder.join("blobs")).unwrap(),
        languages: Languages::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../images")).unwrap(),
        metrics: ApiMetrics::register(&registry).unwrap(),
        registry,
        tasks: tasks.clone(),
        shutdown,
        listener,
        judge0: Vec::new(),
        republish_all: true,
    };
    tasks.spawn(async move { serve(&config, parts).await.unwrap() });
    base
}

/// A worker that finds everything right, and notes what a real one would refuse.
async fn judge(broker: EmbeddedBroker, lane: Lane, bounds: Bounds, refused: Arc<Mutex<Option<String>>>) {
    let mut work = broker.submissions(lane, 4);
    while let Some(delivery) = work.recv().await {
        if let Err(error) = bounds.check(&delivery.body) {
            *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        }
        broker.publish_result(&accepted(&delivery.body)).await.unwrap();
        delivery.settle(Settlement::Done).await;
    }
}

fn accepted(submission: &Submission) -> JudgeResult {
    let Submission { id, lane, language, created_at, .. } = submission;
    let of = SubmissionRef { id: *id, lane: *lane, language, created_at: *created_at };
    JudgeResult {
        verdict: Verdict::Ac,
        tests: vec![TestReport::new("1", None, Verdict::Ac)],
        error: None,
        ..JudgeResult::judge_error(of, "fuzz", 1, String::new())
    }
}
