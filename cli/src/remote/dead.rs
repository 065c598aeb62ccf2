//! `gavel dead`: what was given up.

use std::path::Path;
use std::process::ExitCode;

use gavel_client::{Client, DeadLetter, SkippedLetter};
use jiff::Timestamp;

use super::fleet::span;
use super::server::{connect, ended};
use crate::args::{DeadAction, DeadSelection, ListOptions};
use crate::exit;
use crate::table::{self, Column};

/// Lists, shows, sends again or throws away.
pub async fn dead(settings: Option<&Path>, action: DeadAction) -> ExitCode {
    ended(match action {
        DeadAction::List { limit, options } => list(settings, limit, &options).await,
        DeadAction::Show { id, options } => match connect(settings, &options.server) {
            Ok(client) => show(&client, &id).await,
            Err(error) => Err(error),
        },
        DeadAction::Replay(selection) => replay(settings, &selection).await,
        DeadAction::Purge { selection, yes } => purge(settings, &selection, yes).await,
    })
}

async fn list(settings: Option<&Path>, limit: u32, options: &ListOptions) -> anyhow::Result<ExitCode> {
    let listed = connect(settings, &options.server)?.dead_letters(limit).await?;
    if options.json {
        println!("{}", serde_json::to_string(&listed)?);
    } else if listed.letters.is_empty() {
        println!("there are no dead letters");
    } else {
        println!("{}", draw(&listed.letters, Timestamp::now()));
        if listed.more {
            println!("there are more");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(client: &Client, id: &str) -> anyhow::Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&client.dead_letter(id).await?)?);
    Ok(ExitCode::SUCCESS)
}

async fn replay(settings: Option<&Path>, selection: &DeadSelection) -> anyhow::Result<ExitCode> {
    let client = connect(settings, &selection.options.server)?;
    let done = client.replay_dead(ids(selection)).await?;
    if selection.options.json {
        println!("{}", serde_json::to_string(&done)?);
    } else {
        for SkippedLetter { id, reason, .. } in &done.skipped {
            println!("{id} stays: {}", explained(reason));
        }
        println!("{} sent again", done.replayed.len());
    }
    let found = done.replayed.len() + done.skipped.len();
    let all = done.skipped.is_empty() && !done.more && found >= selection.ids.len();
    if found < selection.ids.len() {
        eprintln!("gavel: some ids are those of no letter; `gavel dead list` prints them");
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn purge(settings: Option<&Path>, selection: &DeadSelection, yes: bool) -> anyhow::Result<ExitCode> {
    if !yes {
        eprintln!("gavel: what is purged is gone for good; say it again with --yes");
        return Ok(ExitCode::from(exit::USAGE));
    }
    let client = connect(settings, &selection.options.server)?;
    let done = client.purge_dead(ids(selection)).await?;
    if selection.options.json {
        println!("{}", serde_json::to_string(&done)?);
    } else {
        println!("{} thrown away{}", done.purged, if done.more { "; there are more" } else { "" });
    }
    Ok(ExitCode::SUCCESS)
}

fn ids(selection: &DeadSelection) -> Option<&[String]> {
    (!selection.all).then_some(selection.ids.as_slice())
}

/// A reason of the service, for people.
fn explained(reason: &str) -> &str {
    match reason {
        "final" => "its submission has its final result",
        "twice" => "another letter of its submission was sent again",
        "no_origin" => "it comes from none of Gavel's queues",
        "not_taken" => "the broker did not take it",
        other => other,
    }
}

fn draw(letters: &[DeadLetter], now: Timestamp) -> String {
    let columns = [
        Column::new("letter", 0),
        Column::new("submission", 1),
        Column::new("queue", 0),
        Column::new("reason", 0),
        Column::numbers("died", 0),
        Column::numbers("bytes", 2),
        Column::new("verdict", 0),
    ];
    let rows = letters.iter().map(|letter| {
        let queue = letter.lane.map(|lane| lane.to_string()).or_else(|| letter.queue.clone());
        [
            letter.id.clone(),
            letter.submission.map(|id| id.to_string()).unwrap_or_default(),
            queue.unwrap_or_default(),
            letter.reason.clone(),
            letter.died_at.map(|at| span(now.duration_since(at))).unwrap_or_default(),
            letter.size_bytes.to_string(),
            letter.verdict.map(|verdict| verdict.to_string()).unwrap_or_default(),
        ]
    });
    table::draw(columns, rows)
}
