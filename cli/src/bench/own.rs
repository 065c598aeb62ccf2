//! A Gavel of the bench's own: `gavel up` or `gavel api` as a process beside this one, with its own folder and ports.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use gavel_model::JudgeResult;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinSet;

use crate::samples::{ANSWER, INPUT, Sample};

/// A Gavel that runs.
pub struct Own {
    child: Child,
    client: reqwest::Client,
    url: String,
    admin: String,
    _log: JoinSet<()>,
    _folder: tempfile::TempDir,
}

/// How long it may take to begin and to end.
const WITHIN: Duration = Duration::from_secs(60);
/// How long a verdict may take, in seconds.
const WAIT_S: u64 = 60;

impl Own {
    /// Starts one with these settings besides the usual, as `sandbox.uses` and its value.
    pub async fn start(settings: Option<&Path>, more: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_as("up", settings, more).await
    }

    /// Starts only the HTTP service, over RabbitMQ.
    pub async fn start_api(settings: Option<&Path>, more: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_as("api", settings, more).await
    }

    async fn start_as(role: &str, settings: Option<&Path>, more: &[(&str, &str)]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name).display().to_string();
        let own = [
            ("store.path", path("gavel.db")),
            ("blobs.dir", path("blobs")),
            ("worker.cache_dir", path("cache")),
            ("worker.id", format!("gavel-bench-{}", std::process::id())),
            ("worker.bind", "127.0.0.1:0".to_owned()),
            // None: they would be judged beside what is measured.
            ("worker.known_dir", path("known")),
            ("api.bind", "127.0.0.1:0".to_owned()),
            ("log.format", "json".to_owned()),
            ("log.filter", "info".to_owned()),
        ];
        let mut command = Command::new(std::env::current_exe()?);
        for (key, value) in own.iter().map(|(key, value)| (*key, value.as_str())).chain(more.iter().copied())
        {
            command.env(format!("GAVEL__{}", key.to_uppercase().replace('.', "__")), value);
        }
        if let Some(settings) = settings {
            command.arg("--config").arg(settings);
        }
        let mut child = command
            .arg(role)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let log = child.stderr.take().context("its log")?;
        let begun = tokio::time::timeout(WITHIN, addresses(log, role == "up")).await;
        let (api, admin, rest) = begun.context("it does not begin to listen in time")??;
        let client = reqwest::Client::builder().timeout(Duration::from_secs(WAIT_S + 10)).build()?;
        let (url, admin) = (format!("http://{api}"), format!("http://{admin}"));
        Ok(Self { child, client, url, admin, _log: rest, _folder: folder })
    }

    /// Its process.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Has a program judged as `run` work with the usual input and answer; the result.
    pub async fn run(&self, sample: &Sample, source: String) -> anyhow::Result<JudgeResult> {
        let work = json!({"kind": "run", "stdin": INPUT, "expected_output": ANSWER});
        self.judge(json!({"language": sample.language, "source": source, "work": work})).await
    }

    /// Has a submission judged that must be accepted.
    pub async fn judge(&self, body: Value) -> anyhow::Result<JudgeResult> {
        let result = self.result(body).await?;
        if result.verdict != gavel_model::Verdict::Ac {
            bail!("it was not accepted: {}", serde_json::to_string(&result)?);
        }
        Ok(result)
    }

    /// Has a submission judged.
    pub async fn result(&self, body: Value) -> anyhow::Result<JudgeResult> {
        let url = format!("{}/api/v1/submissions?wait={WAIT_S}", self.url);
        let response = self.client.post(url).json(&body).send().await?;
        let (status, text) = (response.status(), response.text().await?);
        if status != reqwest::StatusCode::OK {
            bail!("{status}: {text}");
        }
        serde_json::from_str(&text).with_context(|| text.clone())
    }

    /// Hands a submission in without waiting for its verdict.
    pub async fn accept(&self, body: &Value) -> anyhow::Result<()> {
        let response = self.client.post(format!("{}/api/v1/submissions", self.url)).json(body).send().await?;
        response.error_for_status()?.bytes().await?;
        Ok(())
    }

    /// The sum of a metric's series whose labels hold this text.
    pub async fn measured(&self, name: &str, labels: &str) -> anyhow::Result<f64> {
        let text = self.client.get(format!("{}/metrics", self.admin)).send().await?.text().await?;
        let series = text.lines().filter_map(|line| line.strip_prefix(name));
        let series = series.filter(|rest| rest.starts_with(['{', ' ']) && rest.contains(labels));
        Ok(series.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok()).sum())
    }

    /// Ends it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = self.pid().and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed())) {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        }
        tokio::time::timeout(WITHIN, self.child.wait()).await.context("it does not end in time")??;
        Ok(())
    }
}

/// The addresses that its log tells, the second one where there is a worker; what comes later is read and dropped, so that it never waits to log.
async fn addresses(log: ChildStderr, worker: bool) -> anyhow::Result<(String, String, JoinSet<()>)> {
    let mut lines = BufReader::new(log).lines();
    let (mut api, mut admin) = (None, None);
    while api.is_none() || (worker && admin.is_none()) {
        let Some(line) = lines.next_line().await? else { bail!("it ended at once") };
        let Ok(line) = serde_json::from_str::<Value>(&line) else { continue };
        let address = line["address"].as_str().map(str::to_owned);
        match line["message"].as_str() {
            Some(message) if message.starts_with("judging") => admin = address,
            Some(message) if message.starts_with("listening") => api = address,
            _ => {}
        }
    }
    let mut rest = JoinSet::new();
    rest.spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((api.unwrap_or_default(), admin.unwrap_or_default(), rest))
}
