//! `gavel batch`: has a running Gavel judge many submissions, and says how far it is.

mod entries;
mod shown;

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use gavel_client::{Client, again};
use serde_json::Value;
use uuid::Uuid;

use self::entries::Entries;
use crate::args::BatchOptions;
use crate::remote::{connect, ended};

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
    let Entries { lines, names } = entries::read(&client, options).await?;
    let key = Uuid::now_v7().to_string();
    let receipt = again(async || client.submit_batch(lines.clone(), &key).await).await?;
    let id = receipt["id"].as_str().context("an answer without an id")?;
    let entries = receipt["submissions"].as_array().into_iter().flatten().enumerate();
    for (index, error) in entries.filter_map(|(index, entry)| Some((index, entry.get("error")?))) {
        let name = names.get(index).map(|name| format!(" ({name})")).unwrap_or_default();
        eprintln!("entry {index}{name}: {}", error["message"].as_str().unwrap_or_default());
    }
    eprintln!("batch {id}: {} of {} entries accepted", receipt["accepted"], receipt["entries"]);
    let told = follow(&client, id, receipt["accepted"].as_u64().unwrap_or_default()).await?;
    if let Some(file) = &options.results {
        let file = File::create(file).with_context(|| file.display().to_string())?;
        write_results(&client, id, file).await?;
    }
    if options.watch {
        let mut results = Vec::new();
        write_results(&client, id, &mut results).await?;
        let results: Vec<Value> = serde_json::Deserializer::from_slice(&results)
            .into_iter()
            .collect::<Result<_, _>>()
            .context("the service's results are no JSON")?;
        println!("{}", shown::table(&results, &names));
    } else if options.json || options.results.is_none() {
        write_results(&client, id, std::io::stdout()).await?;
    }
    if options.watch {
        eprintln!("{}", shown::counted(&told["verdicts"]));
    } else {
        eprintln!("{}", told["verdicts"]);
    }
    let clean = told["verdicts"]
        .as_object()
        .is_some_and(|verdicts| !verdicts.contains_key("JE") && !verdicts.contains_key("CANCELED"));
    Ok(clean && receipt["refused"] == 0)
}

/// Shows how far it is, and tells the last counts.
async fn follow(client: &Client, id: &str, accepted: u64) -> anyhow::Result<Value> {
    let bar = shown::bar(accepted)?;
    let told = client
        .watch_batch(id, |counts| {
            bar.set_position(counts["finished"].as_u64().unwrap_or_default());
            bar.set_message(shown::counted(&counts["verdicts"]));
        })
        .await?;
    bar.finish_and_clear();
    Ok(told)
}

/// Writes a line for each entry.
async fn write_results(client: &Client, id: &str, mut to: impl Write) -> anyhow::Result<()> {
    let mut response = client.batch_results(id).await?;
    while let Some(chunk) = response.chunk().await? {
        to.write_all(&chunk)?;
    }
    to.flush()?;
    Ok(())
}
