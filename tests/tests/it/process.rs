//! Processes of the real binary, killed at the end of a test however it ends.

use std::ffi::OsString;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use gavel_testkit::{announced, until};
use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::clock::Clock;

/// How long a process may take to say that it is ready: a worker asks its compilers for their versions first.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How long a process may take to end.
const END_WITHIN: Duration = Duration::from_secs(60);

/// `gavel` with its settings; a folder of its own holds what it writes.
pub struct Gavel {
    child: Child,
    log: PathBuf,
    /// Of the HTTP service, or of a worker that is alone.
    url: String,
    client: reqwest::Client,
}

/// How a process ended, and what it wrote.
pub struct Ended {
    pub status: ExitStatus,
    pub log: String,
}

impl Ended {
    /// Fails unless it ended by itself, with this code, with nothing left undone.
    pub fn assert_code(&self, code: i32) {
        assert_eq!(self.status.code(), Some(code), "{}", self.log);
        for trouble in ["panicked", "did not end in time"] {
            assert!(!self.log.contains(trouble), "{trouble}: {}", self.log);
        }
    }
}

/// What `images/build.sh` reads, too.
const IMAGES_TAG: &str = "GAVEL__LANGUAGES__TAG";

impl Gavel {
    /// Starts `gavel COMMAND` in `folder` with these settings (`worker.id` and so on) and nothing of this process's but the
    /// tag of the images that were built for it.
    pub fn start(command: &[&str], folder: &Path, settings: &[(&str, String)]) -> Self {
        Self::start_in(&[], command, folder, settings)
    }

    /// The same by another clock than the machine's.
    pub fn start_by(clock: &Clock, command: &[&str], folder: &Path, settings: &[(&str, String)]) -> Self {
        Self::start_in(&clock.environment(), command, folder, settings)
    }

    fn start_in(
        environment: &[(&str, OsString)],
        command: &[&str],
        folder: &Path,
        settings: &[(&str, String)],
    ) -> Self {
        let log = folder.join(format!("{}-{}.log", command[0], uuid::Uuid::new_v4()));
        let out = File::create(&log).unwrap();
        let mut process = Command::new(binary());
        process.args(command).current_dir(folder).stdout(out.try_clone().unwrap()).stderr(out);
        process.stdin(std::process::Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GAVEL") && name != IMAGES_TAG)
        {
            process.env_remove(name);
        }
        process.env("GAVEL__LANGUAGES__DIR", root().join("images"));
        for (name, value) in environment {
            process.env(name, value);
        }
        for (key, value) in settings {
            process.env(variable(key), value);
        }
        let child = process.spawn().unwrap();
        // A connection that nobody used for a while the service may close just when it is used again.
        let client = reqwest::Client::builder().pool_idle_timeout(Duration::from_secs(2)).build().unwrap();
        Self { child, log, url: String::new(), client }
    }

    /// Where it answers, once it was waited for.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until the HTTP service is ready.
    pub async fn api_ready(mut self) -> Self {
        let address = self.address("listening").await;
        self.url = format!("http://{address}");
        self.answers(address).await;
        self
    }

    /// Waits until the worker is ready. In one process with the HTTP service, that stays the one that is asked.
    pub async fn worker_ready(mut self) -> Self {
        let address = self.worker_address().await;
        self.answers(address).await;
        self
    }

    /// Where the worker listens, once it judges.
    pub async fn worker_address(&mut self) -> SocketAddr {
        let address = self.address("judging").await;
        if self.url.is_empty() {
            self.url = format!("http://{address}");
        }
        address
    }

    /// The address that the log announces with a message.
    async fn address(&mut self, message: &str) -> SocketAddr {
        self.alive_until("it announces its address", async |gavel| announced(&gavel.log(), message)).await
    }

    /// Waits for 200 at `/readyz`.
    async fn answers(&mut self, address: SocketAddr) {
        self.alive_until("it is ready", async |gavel| {
            let answer = gavel.client.get(format!("http://{address}/readyz")).send().await;
            answer.is_ok_and(|answer| answer.status().is_success()).then_some(())
        })
        .await;
    }

    /// Asks again and again; a process that has ended will not answer.
    async fn alive_until<T>(&mut self, what: &str, mut ask: impl AsyncFnMut(&Self) -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("it ended ({status}) too early; waited: {what}\n{}", self.log());
            }
            if let Some(answer) = ask(self).await {
                return answer;
            }
            assert!(begin.elapsed() < READY_WITHIN, "not within {READY_WITHIN:?}: {what}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// `GET path`; the status and the text.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What `GET path` must answer with 200.
    pub async fn view(&self, path: &str) -> Value {
        let (status, text) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// `POST path` with a body that must be answered by 200 or 202.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.client.post(format!("{}{path}", self.url)).json(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{status} for {body}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// `PUT path` with bytes that must be taken.
    pub async fn put(&self, path: &str, body: Vec<u8>) -> Value {
        let request =
            self.client.put(format!("{}{path}", self.url)).header("content-type", "application/zip");
        let answer = request.body(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// `DELETE path`; the status and the answer.
    pub async fn delete(&self, path: &str) -> (u16, Value) {
        let answer = self.client.delete(format!("{}{path}", self.url)).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Cancels a submission that is not final.
    pub async fn cancel(&self, id: &str) {
        let (status, view) = self.delete(&format!("/api/v1/submissions/{id}")).await;
        assert_eq!((status, view["state"].as_str()), (200, Some("canceled")), "{view:#}");
    }

    /// The most memory the process ever had, in bytes (`VmHWM`, proc(5)).
    pub fn peak_memory(&self) -> u64 {
        self.status_bytes("VmHWM:").expect("it runs")
    }

    /// The memory the process has now, in bytes (`VmRSS`, proc(5)); nothing once it has ended, were it a moment ago.
    pub fn memory(&self) -> Option<u64> {
        self.status_bytes("VmRSS:")
    }

    fn status_bytes(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024)
    }

    /// A value of `/metrics`, by the begin of its line; 0 when it is not there.
    pub async fn metric(&self, begin: &str) -> f64 {
        let (_, text) = self.get("/metrics").await;
        let line = text.lines().find(|line| line.starts_with(begin));
        line.and_then(|line| line.rsplit(' ').next()).map_or(0.0, |value| value.parse().unwrap())
    }

    /// Queues a submission and gives its id.
    pub async fn submit(&self, body: &Value) -> String {
        self.post("/api/v1/submissions", body).await["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a submission is judged.
    pub async fn result(&self, id: &str, bound: Duration) -> Value {
        until(&format!("{id} is judged"), bound, async || {
            let view = self.view(&format!("/api/v1/submissions/{id}?wait=10")).await;
            view["verdict"].is_string().then_some(view)
        })
        .await
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    pub async fn end(mut self) -> Ended {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Ended { status, log: self.log() };
            }
            assert!(begin.elapsed() < END_WITHIN, "not ended within {END_WITHIN:?}:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Gavel {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            eprintln!("---- {} ----\n{}", self.log.display(), self.log());
        }
    }
}

/// When something happened, by a field of a result.
pub fn time(result: &Value, field: &str) -> Timestamp {
    result[field].as_str().unwrap().parse().unwrap()
}

/// The kernel chooses the port, and the log tells which.
pub const ANY_PORT: &str = "127.0.0.1:0";

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Beside the test binary, as `cargo build --workspace` leaves it.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let binary = test.parent().and_then(Path::parent).unwrap().join("gavel");
    assert!(
        binary.is_file(),
        "{} is not there: run `cargo build --workspace` first, or deploy/test.sh, which does",
        binary.display()
    );
    binary
}

fn variable(key: &str) -> String {
    format!("GAVEL__{}", key.replace('.', "__").to_uppercase())
}
