//! `gavel batch`: has a running Gavel judge a file of submissions, and says how far it is.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use gavel_client::{Client, ClientError};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use uuid::Uuid;

use crate::args::BatchOptions;
use crate::remote::{connect, ended};

/// How often a call is made whose connection breaks.
const TRIES: u32 = 5;

/// Sends a batch, follows it, and writes its results; success when every entry was judged.
pub async fn judge(settings: Option<&Path>, options: &BatchOptions) -> ExitCode {
    ended(
        judged(settings, options)
            .await
            .map(|clean| if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
    )
}

async fn judged(settings: Option<&Path>, options: &BatchOptions) -> anyhow::Result<bool> {
    let client = connect(settings, &options.server)?;
    let receipt = send(&client, &options.file).await?;
    let id = receipt["id"].as_str().context("an answer without an id")?;
    let entries = receipt["submissions"].as_array().into_iter().flatten().enumerate();
    for (index, error) in entries.filter_map(|(index, entry)| Some((index, entry.get("error")?))) {
        eprintln!("entry {index}: {}", error["message"].as_str().unwrap_or_default());
    }
    eprintln!("batch {id}: {} of {} entries accepted", receipt["accepted"], receipt["entries"]);
    let told = follow(&client, id, receipt["accepted"].as_u64().unwrap_or_default()).await?;
    write_results(&client, id, options.results.as_deref()).await?;
    eprintln!("{}", told["verdicts"]);
    let clean = told["verdicts"]
        .as_object()
        .is_some_and(|verdicts| !verdicts.contains_key("JE") && !verdicts.contains_key("CANCELED"));
    Ok(clean && receipt["refused"] == 0)
}

/// Sends the file, again where the connection broke: under its key it counts once.
async fn send(client: &Client, file: &Path) -> anyhow::Result<Value> {
    let text = tokio::fs::read(file).await.with_context(|| file.display().to_string())?;
    let key = Uuid::now_v7().to_string();
    let mut attempt = 1;
    loop {
        match client.submit_batch(text.clone(), &key).await {
            Err(ClientError::Unreachable { .. }) if attempt < TRIES => attempt += 1,
            outcome => return Ok(outcome?),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Shows how far it is, and tells the last counts.
async fn follow(client: &Client, id: &str, accepted: u64) -> anyhow::Result<Value> {
    let bar = ProgressBar::new(accepted)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}")?);
    let told = client
        .watch_batch(id, |counts| {
            bar.set_position(counts["finished"].as_u64().unwrap_or_default());
            bar.set_message(counts["verdicts"].to_string());
        })
        .await?;
    bar.finish_and_clear();
    Ok(told)
}

/// Writes a line for each entry, to standard output or into a file.
async fn write_results(client: &Client, id: &str, file: Option<&Path>) -> anyhow::Result<()> {
    let mut response = client.batch_results(id).await?;
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
