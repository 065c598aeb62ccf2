//! A running service, and what it talks to.

pub mod disk;
pub mod flaky;
pub mod packages;
pub mod sse;
pub mod worker;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gavel_api::store::{SqlStore, Store};
use gavel_api::{ApiMetrics, ApiParts, ApiSettings, ServeError, StoreConfig, serve};
use gavel_blobs::BlobStore;
use gavel_broker::embedded::EmbeddedBroker;
use gavel_broker::{BrokerMetrics, Dispatcher};
use gavel_model::language::Languages;
use gavel_platform::telemetry::Registry;
pub use gavel_testkit::{eventually as until, within};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use flaky::{FlakyDispatcher, FlakyStore};

/// A service on a port of its own.
pub struct Service {
    pub address: SocketAddr,
    /// Where clients of Judge0 are served at the root.
    pub judge0_address: SocketAddr,
    pub client: Client,
    pub broker: EmbeddedBroker,
    pub dispatcher: Arc<FlakyDispatcher>,
    pub store: Arc<FlakyStore>,
    pub blobs: BlobStore,
    pub metrics: ApiMetrics,
    pub languages: Languages,
    pub tasks: TaskTracker,
    pub shutdown: CancellationToken,
    pub served: JoinHandle<Result<(), ServeError>>,
    /// Removed with the last service on it.
    folder: Arc<TempDir>,
}

impl Service {
    /// With the default settings.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With other settings.
    pub async fn with(change: impl FnOnce(&mut ApiSettings)) -> Self {
        Self::on(Arc::new(tempfile::tempdir().unwrap()), change).await
    }

    /// On what an earlier service left in a folder.
    pub async fn on(folder: Arc<TempDir>, change: impl FnOnce(&mut ApiSettings)) -> Self {
        let store = SqlStore::file(&folder.path().join("data/gavel.db")).await.unwrap();
        Self::begin(folder, store, true, change).await
    }

    /// One of several that share a Postgres and a folder of blobs; each has a broker of its own, so that the test says
    /// which of them a result comes to.
    pub async fn sharing(
        folder: Arc<TempDir>,
        store: &StoreConfig,
        change: impl FnOnce(&mut ApiSettings),
    ) -> Self {
        let store = SqlStore::open(store).await.unwrap();
        Self::begin(folder, store, false, change).await
    }

    async fn begin(
        folder: Arc<TempDir>,
        store: SqlStore,
        republish_all: bool,
        change: impl FnOnce(&mut ApiSettings),
    ) -> Self {
        let mut config = ApiSettings::default();
        change(&mut config);
        let (tasks, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let registry = Registry::default();
        let broker =
            EmbeddedBroker::new(BrokerMetrics::register(&registry).unwrap(), tasks.clone(), shutdown.clone());
        let dispatcher = Arc::new(FlakyDispatcher::new(broker.clone()));
        let store = Arc::new(FlakyStore::new(store));
        let blobs = BlobStore::folder(&folder.path().join("blobs")).unwrap();
        let metrics = ApiMetrics::register(&registry).unwrap();
        let known = languages(&folder.path().join("languages"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let judge0 = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let judge0_address = judge0.local_addr().unwrap();
        let parts = ApiParts {
            dispatcher: Arc::clone(&dispatcher) as Arc<dyn Dispatcher>,
            store: Arc::clone(&store) as Arc<dyn Store>,
            blobs: blobs.clone(),
            languages: known.clone(),
            metrics: metrics.clone(),
            registry,
            tasks: tasks.clone(),
            shutdown: shutdown.clone(),
            listener,
            judge0: vec![judge0],
            republish_all,
        };
        let served = tasks.spawn(async move { serve(&config, parts).await });
        let client = Client::new();
        let service = Self {
            address,
            judge0_address,
            client,
            broker,
            dispatcher,
            store,
            blobs,
            metrics,
            languages: known,
            tasks,
            shutdown,
            served,
            folder,
        };
        assert_eq!(service.get("/readyz").await.status, StatusCode::OK);
        service
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::read(self.client.post(self.url(path)).json(body).send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::read(self.client.get(self.url(path)).send().await.unwrap()).await
    }

    /// Uploads a package.
    pub async fn put(&self, id: &str, zip: Vec<u8>) -> Answer {
        let request = self.client.put(self.url(&format!("/api/v1/problems/{id}")));
        let request = request.header("content-type", "application/zip").body(zip);
        Answer::read(request.send().await.unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::read(self.client.delete(self.url(path)).send().await.unwrap()).await
    }

    /// Every file below the folder of blobs, whatever it is.
    pub fn files(&self) -> Vec<PathBuf> {
        fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    path if path.is_dir() => collect(&path, files),
                    path => files.push(path),
                }
            }
        }
        let mut files = Vec::new();
        collect(&self.folder.path().join("blobs"), &mut files);
        files
    }

    /// Ends the service and waits for all of it.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        self.tasks.close();
        (&mut self.served).await.unwrap().unwrap();
        within("every task ends", self.tasks.wait()).await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The error of the envelope, which must hold nothing else.
    pub fn error(&self) -> Value {
        let json = self.json();
        let envelope = json.as_object().unwrap();
        assert_eq!(envelope.len(), 1, "{json}");
        let error = &envelope["error"];
        assert_eq!(error.as_object().unwrap().len(), 3, "{json}");
        assert!(error["code"].is_string() && error["message"].is_string(), "{json}");
        assert!(error["field"].is_string() || error["field"].is_null(), "{json}");
        error.clone()
    }

    pub fn code(&self) -> String {
        self.error()["code"].as_str().unwrap().to_owned()
    }
}

/// Three languages, written into a folder.
pub fn languages(folder: &Path) -> Languages {
    let compiled = |id: &str, name: &str, aliases: &str, source: &str, extension: &str, ids: &str| {
        format!(
            "id = {id:?}\nname = {name:?}\naliases = {aliases}\nextensions = [{extension:?}]\nsource = {source:?}\n\
             image = {id:?}\nversion = [\"cc\"]\nrelease = \"14.2.0\"\n[compile]\nargv = [\"cc\", \"{{options}}\", \"{{sources}}\"]\n\
             allowed_options = [\"-O0\", \"-g\"]\nartifact = \"/tmp/out\"\n[run]\nargv = [\"/tmp/out/main\"]\naddress_space = {}\n\
             [ids]\n{ids}\n",
            id == "cpp",
        )
    };
    let files = [
        ("cpp", compiled("cpp", "C++20", "[\"c++\"]", "main.cpp", "cpp", "judge0 = [54, 52]\npiston = [\"c++\", \"cpp\"]\njobe = \"cpp\"\njobe_options = [\"-g\"]")),
        ("go", compiled("go", "Go", "[\"golang\"]", "main.go", "go", "judge0 = [60, 89]\npiston = [\"go\"]")),
        (
            "python",
            "id = \"python\"\nname = \"Python 3\"\naliases = [\"python3\", \"py\"]\nextensions = [\"py\"]\n\
             source = \"main.py\"\nimage = \"python\"\ntime_factor = 2.0\nversion = [\"python3\"]\nrelease = \"3.13.5\"\n\
             [run]\nargv = [\"python3\", \"{main}\"]\n\
             [ids]\njudge0 = [71, 92]\npiston = [\"python\", \"py\"]\njobe = \"python3\"\n"
                .to_owned(),
        ),
    ];
    for (name, text) in files {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        std::fs::write(folder.join(name).join("language.toml"), text).unwrap();
    }
    Languages::load(folder).unwrap()
}
