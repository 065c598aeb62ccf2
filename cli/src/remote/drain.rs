//! `gavel drain`: a worker that takes nothing more.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;
use gavel_client::{Client, Worker};
use serde_json::json;

use super::server::{connect, ended};
use crate::args::DrainOptions;

/// How often the list of workers is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// How long a worker may take to say that it heard: four of its heartbeats.
const PATIENCE: Duration = Duration::from_secs(20);

/// After how much silence it is told again: an order may be lost.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Tells a worker, and waits until it says that it heard.
pub async fn drain(settings: Option<&Path>, options: DrainOptions) -> ExitCode {
    ended(drained(settings, &options).await)
}

async fn drained(settings: Option<&Path>, options: &DrainOptions) -> anyhow::Result<ExitCode> {
    let client = connect(settings, &options.options.server)?;
    let worker = options.worker.as_str();
    let say = |text: &str| {
        if !options.options.json {
            println!("{worker} {text}");
        }
    };
    let mut busy = until_heard(&client, worker, !options.undo).await?;
    if options.undo {
        say("takes submissions again");
    } else {
        say(&format!("drains, {busy} running"));
    }
    while options.wait && busy > 0 {
        tokio::time::sleep(LOOK).await;
        busy = find(&client, worker).await?.map_or(0, |worker| worker.busy);
    }
    if options.wait {
        say("is done");
    }
    if options.options.json {
        println!("{}", json!({"worker": worker, "draining": !options.undo, "busy": busy}));
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells a worker until it says that it heard, and gives how many submissions it judges.
async fn until_heard(client: &Client, worker: &str, draining: bool) -> anyhow::Result<u32> {
    let begin = Instant::now();
    let mut told: Option<Instant> = None;
    while begin.elapsed() < PATIENCE {
        if told.is_none_or(|told| told.elapsed() >= AGAIN_AFTER) {
            client.drain(worker, draining).await?;
            told = Some(Instant::now());
        }
        if let Some(found) = find(client, worker).await?.filter(|found| found.draining == draining) {
            return Ok(found.busy);
        }
        tokio::time::sleep(LOOK).await;
    }
    bail!("{worker} was told, and does not say that it heard; `gavel workers` shows it")
}

async fn find(client: &Client, worker: &str) -> anyhow::Result<Option<Worker>> {
    Ok(client.workers().await?.into_iter().find(|found| found.id == worker))
}
