//! `gavel rejudge`: judges submissions again, shows what would change, and makes it so.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use gavel_client::{Change, ChangedSubmission, Client, Outcome, Rejudge, again};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::server::{connect, ended};
use crate::args::{ListOptions, PackageChoice, RejudgeAction, RejudgeOptions};
use crate::table::{self, Column};

/// How long one look waits for the end; the bar moves that often.
const LOOK: Duration = Duration::from_secs(1);

/// How many submissions are listed.
const LISTED: usize = 20;

/// Starts, shows, applies or cancels.
pub async fn rejudge(settings: Option<&Path>, action: RejudgeAction) -> ExitCode {
    ended(match action {
        RejudgeAction::Start(options) => start(settings, &options).await,
        RejudgeAction::Show { id, options } => match connect(settings, &options.server) {
            Ok(client) => show(&client, &id, &options).await,
            Err(error) => Err(error),
        },
        RejudgeAction::Apply { id, partial, options } => match connect(settings, &options.server) {
            Ok(client) => apply(&client, &id, partial, &options).await,
            Err(error) => Err(error),
        },
        RejudgeAction::Cancel { id, options } => match connect(settings, &options.server) {
            Ok(client) => cancel(&client, &id, options.json).await,
            Err(error) => Err(error),
        },
    })
}

async fn start(settings: Option<&Path>, options: &RejudgeOptions) -> anyhow::Result<ExitCode> {
    let client = connect(settings, &options.options.server)?;
    let (selection, key) = (selection(options), Uuid::now_v7().to_string());
    let begun = again(async || client.rejudge(&selection, &key).await).await?;
    if options.detach {
        println!("{}", begun.id);
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("rejudge {}: {} of {} submissions are judged again", begun.id, begun.accepted, begun.entries);
    if !options.apply {
        return show(&client, &begun.id, &options.options).await;
    }
    judged(&client, &begun.id).await?;
    apply(&client, &begun.id, options.partial, &options.options).await
}

async fn show(client: &Client, id: &str, options: &ListOptions) -> anyhow::Result<ExitCode> {
    let rejudge = judged(client, id).await?;
    told(client, &rejudge, options.json).await?;
    if rejudge.state == "ready" && !options.json {
        println!("nothing has changed yet: `gavel rejudge apply {id}` makes it so");
    }
    Ok(outcome(&rejudge))
}

async fn apply(client: &Client, id: &str, partial: bool, options: &ListOptions) -> anyhow::Result<ExitCode> {
    let rejudge = again(async || client.apply_rejudge(id, partial).await).await?;
    told(client, &rejudge, options.json).await?;
    if !options.json {
        println!("applied: {} results were replaced", rejudge.applied.unwrap_or_default());
    }
    Ok(outcome(&rejudge))
}

async fn cancel(client: &Client, id: &str, json: bool) -> anyhow::Result<ExitCode> {
    client.cancel_rejudge(id).await?;
    if json {
        println!("{}", json!({"canceled": id}));
    } else {
        println!("{id} is canceled; every result is as it was");
    }
    Ok(ExitCode::SUCCESS)
}

/// Success where all that is judged again has a verdict.
fn outcome(rejudge: &Rejudge) -> ExitCode {
    if rejudge.without_verdict() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn selection(options: &RejudgeOptions) -> Value {
    let chosen = &options.selection;
    let mut fields = Map::new();
    if !chosen.ids.is_empty() {
        fields.insert("ids".to_owned(), json!(chosen.ids));
    }
    if !chosen.verdict.is_empty() {
        fields.insert("verdicts".to_owned(), json!(chosen.verdict));
    }
    let package = options.package.map(|package| match package {
        PackageChoice::Newest => "newest".to_owned(),
        PackageChoice::Same => "same".to_owned(),
    });
    for (name, value) in [
        ("batch", &chosen.batch),
        ("problem", &chosen.problem),
        ("language", &chosen.language),
        ("package", &package),
    ] {
        if let Some(value) = value {
            fields.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(fields)
}

/// Shows how far it is until all of it is judged.
async fn judged(client: &Client, id: &str) -> anyhow::Result<Rejudge> {
    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}")?);
    loop {
        let rejudge = again(async || client.rejudge_state(id, LOOK).await).await?;
        if rejudge.state != "judging" {
            bar.finish_and_clear();
            return Ok(rejudge);
        }
        bar.set_length(rejudge.accepted);
        bar.set_position(rejudge.finished);
        bar.set_message(format!("{} change", rejudge.changed));
    }
}

async fn told(client: &Client, rejudge: &Rejudge, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string(rejudge)?);
        return Ok(());
    }
    if !rejudge.changes.is_empty() {
        println!("{}", draw_changes(&rejudge.changes));
    }
    if rejudge.changed > 0 {
        println!("{}", draw_submissions(&client.rejudge_changes(&rejudge.id, LISTED).await?));
    }
    let more = rejudge.changed.saturating_sub(LISTED as u64);
    if more > 0 {
        println!("and {more} more: GET /api/v1/rejudges/{}/results?changed=true", rejudge.id);
    }
    for (count, what) in [
        (rejudge.refused, "cannot be judged again, as /results tells"),
        (rejudge.without_verdict(), "ended as JE or canceled, and replace nothing"),
    ] {
        if count > 0 {
            println!("{count} {what}");
        }
    }
    println!("{} of {} have another verdict or score", rejudge.changed, rejudge.accepted);
    Ok(())
}

fn draw_changes(changes: &[Change]) -> String {
    let columns = [Column::new("old", 0), Column::new("new", 0), Column::numbers("submissions", 0)];
    let row = |change: &Change| [change.old.to_string(), change.new.to_string(), change.count.to_string()];
    table::draw(columns, changes.iter().map(row))
}

fn draw_submissions(changed: &[ChangedSubmission]) -> String {
    let columns = [
        Column::new("submission", 0),
        Column::new("old", 0),
        Column::new("new", 0),
        Column::new("judged as", 1),
    ];
    let row = |one: &ChangedSubmission| {
        [one.submission.to_string(), said(one.old), said(one.new), one.copy.to_string()]
    };
    table::draw(columns, changed.iter().map(row))
}

fn said(outcome: Option<Outcome>) -> String {
    let Some(Outcome { verdict, score }) = outcome else { return String::new() };
    score.map_or_else(|| verdict.to_string(), |score| format!("{verdict} {score}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_verdicts_and_points_before_and_after() {
        let outcome = |verdict, score| Some(Outcome { verdict, score });
        let changed = ChangedSubmission {
            submission: gavel_model::SubmissionId::new(),
            copy: gavel_model::SubmissionId::new(),
            old: outcome(gavel_model::Verdict::Pa, Some(40.0)),
            new: outcome(gavel_model::Verdict::Ac, None),
        };
        let table = draw_submissions(std::slice::from_ref(&changed));
        for shown in [&changed.submission.to_string(), "PA 40", "AC"] {
            assert!(table.contains(shown), "{shown}:\n{table}");
        }
    }
}
