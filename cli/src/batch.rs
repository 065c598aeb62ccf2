//! `gavel batch`: has a running Gavel judge a file of submissions, and says how far it is.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use gavel_platform::settings::load;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use uuid::Uuid;

use crate::args::BatchOptions;
use crate::settings::GavelSettings;

/// How often a call is made again whose connection broke.
const TRIES: u32 = 5;

/// Sends a batch, follows it, and writes its results; success when every entry was judged.
pub async fn judge(settings: Option<&Path>, options: &BatchOptions) -> ExitCode {
    match judged(settings, options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("gavel: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A running Gavel.
struct Remote<'a> {
    client: Client,
    url: String,
    key: Option<&'a str>,
}

async fn judged(settings: Option<&Path>, options: &BatchOptions) -> anyhow::Result<bool> {
    let url = match &options.server.url {
        Some(url) => url.clone(),
        None => format!("http://{}", load::<GavelSettings>(settings)?.api.bind),
    };
    let remote = Remote { client: Client::new(), url, key: options.server.key.as_deref() };
    let receipt = remote.send(&options.file).await?;
    let id = receipt["id"].as_str().context("an answer without an id")?;
    let entries = receipt["submissions"].as_array().into_iter().flatten().enumerate();
    for (index, error) in entries.filter_map(|(index, entry)| Some((index, entry.get("error")?))) {
        eprintln!("entry {index}: {}", error["message"].as_str().unwrap_or_default());
    }
    eprintln!("batch {id}: {} of {} entries accepted", receipt["accepted"], receipt["entries"]);
    let told = remote.follow(id, receipt["accepted"].as_u64().unwrap_or_default()).await?;
    remote.write_results(id, options.results.as_deref()).await?;
    eprintln!("{}", told["verdicts"]);
    let clean = told["verdicts"]
        .as_object()
        .is_some_and(|verdicts| !verdicts.contains_key("JE") && !verdicts.contains_key("CANCELED"));
    Ok(clean && receipt["refused"] == 0)
}

impl Remote<'_> {
    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    async fn get(&self, path: &str, seen: &str) -> anyhow::Result<Response> {
        let mut request = self.client.get(format!("{}{path}", self.url));
        if !seen.is_empty() {
            request = request.header("last-event-id", seen);
        }
        answered(self.with_key(request).send().await?).await
    }

    /// Sends the file, again where the connection broke: under its key it counts once.
    async fn send(&self, file: &Path) -> anyhow::Result<Value> {
        let text = tokio::fs::read(file).await.with_context(|| file.display().to_string())?;
        let key = Uuid::now_v7().to_string();
        for attempt in 1.. {
            let request = self.client.post(format!("{}/api/v1/batches", self.url));
            let request =
                request.header("content-type", "application/x-ndjson").header("idempotency-key", &key);
            match self.with_key(request.body(text.clone())).send().await {
                Ok(response) => return Ok(answered(response).await?.json().await?),
                Err(error) if attempt == TRIES => {
                    return Err(error).with_context(|| format!("no Gavel at {}", self.url));
                }
                Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
        bail!("not sent")
    }

    /// Shows how far it is, and tells the last counts; goes on where a connection broke.
    async fn follow(&self, id: &str, accepted: u64) -> anyhow::Result<Value> {
        let bar = ProgressBar::new(accepted)
            .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}")?);
        let (mut seen, mut failed) = (String::new(), 0);
        loop {
            match self.events(id, &mut seen, &bar).await {
                Ok(Some(told)) => {
                    bar.finish_and_clear();
                    return Ok(told);
                }
                Ok(None) => failed = 0,
                Err(error) if failed == TRIES => return Err(error),
                Err(_) => failed += 1,
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// One connection's events; the last counts, if they came.
    async fn events(&self, id: &str, seen: &mut String, bar: &ProgressBar) -> anyhow::Result<Option<Value>> {
        let mut response = self.get(&format!("/api/v1/batches/{id}/events"), seen).await?;
        let (mut text, mut event) = (Vec::new(), String::new());
        while let Some(chunk) = response.chunk().await? {
            text.extend_from_slice(&chunk);
            while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = text.drain(..=end).collect();
                let line = String::from_utf8_lossy(&line);
                match line.trim_end().split_once(": ") {
                    Some(("event", name)) => name.clone_into(&mut event),
                    Some(("id", id)) => id.clone_into(seen),
                    Some(("data", data)) if event == "done" => return Ok(Some(serde_json::from_str(data)?)),
                    Some(("data", data)) if event == "batch" => {
                        let counts: Value = serde_json::from_str(data)?;
                        bar.set_position(counts["finished"].as_u64().unwrap_or_default());
                        bar.set_message(counts["verdicts"].to_string());
                    }
                    _ => {}
                }
            }
        }
        Ok(None)
    }

    /// Writes a line for each entry, to standard output or into a file.
    async fn write_results(&self, id: &str, file: Option<&Path>) -> anyhow::Result<()> {
        let mut response = self.get(&format!("/api/v1/batches/{id}/results"), "").await?;
        let mut to: Box<dyn Write> = match file {
            Some(file) => Box::new(File::create(file).with_context(|| file.display().to_string())?),
            None => Box::new(std::io::stdout()),
        };
        while let Some(chunk) = response.chunk().await? {
            to.write_all(&chunk)?;
        }
        to.flush()?;
        Ok(())
    }
}

/// An answer that is none of refusal.
async fn answered(response: Response) -> anyhow::Result<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    bail!("{status}: {}", response.text().await?)
}
