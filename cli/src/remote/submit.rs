//! `gavel submit`: hands a program over, and with `--watch` follows it to its verdict.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use gavel_client::{Client, Submitted};
use gavel_model::{JudgeResult, JudgingStep, SubmissionId, Verdict};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::program::described;
use super::server::{connect, ended};
use crate::args::SubmitOptions;
use crate::exit;
use crate::table::{self, Column};

/// Submits, and ends with the exit code of the verdict where it is waited for.
pub async fn submit(settings: Option<&Path>, options: SubmitOptions) -> ExitCode {
    ended(submitted(settings, options).await)
}

async fn submitted(settings: Option<&Path>, options: SubmitOptions) -> anyhow::Result<ExitCode> {
    let mut submission = described(&options.program)?;
    let client = connect(settings, &options.server)?;
    if let Some(problem) = options.problem {
        submission.insert("work".to_owned(), json!({"kind": "problem", "problem": problem}));
    }
    if let Some(lane) = options.lane {
        submission.insert("lane".to_owned(), json!(lane));
    }
    let accepted = client.submit(&Value::Object(submission), Duration::ZERO).await?;
    let result = match accepted {
        Submitted::Final(result) => *result,
        Submitted::Waiting(id) if options.watch => watch(&client, id).await?,
        Submitted::Waiting(id) => {
            println!("{}", if options.json { json!({"id": id}).to_string() } else { id.to_string() });
            return Ok(ExitCode::SUCCESS);
        }
    };
    if options.json {
        println!("{}", serde_json::to_string(&result)?);
    } else {
        show(&result);
    }
    Ok(exit::of_verdict(result.verdict))
}

/// Shows each step on a terminal's standard error, and gives the result.
async fn watch(client: &Client, id: SubmissionId) -> anyhow::Result<JudgeResult> {
    let bar = ProgressBar::new(0);
    // The template is one of ours.
    if let Ok(style) = ProgressStyle::with_template("{msg:24} [{bar:30}] {pos}/{len}") {
        bar.set_style(style);
    }
    bar.set_message("waiting");
    let result = client
        .watch(id, |step| match step {
            JudgingStep::Compiling => bar.set_message("compiling"),
            JudgingStep::Judging { tests } => {
                bar.set_length(u64::from(*tests));
                bar.set_message("judging");
            }
            JudgingStep::Test { test, of, name, verdict } => {
                bar.set_length(u64::from(*of));
                bar.set_position(u64::from(*test));
                bar.set_message(format!("{name} {verdict}"));
            }
            JudgingStep::Unknown => {}
        })
        .await;
    bar.finish_and_clear();
    Ok(result?)
}

fn show(result: &JudgeResult) {
    if let Some(compile) = result.compile.as_ref().filter(|_| result.verdict == Verdict::Ce) {
        println!("{}", compile.output.trim_end());
    }
    if !result.tests.is_empty() {
        println!("{}", draw(result));
    }
    if let Some(error) = &result.error {
        println!("{error}");
    }
    let score = result.score.map(|score| format!(" {score}")).unwrap_or_default();
    println!("{}{score}", result.verdict);
}

fn draw(result: &JudgeResult) -> String {
    let columns = [
        Column::new("test", 0),
        Column::new("verdict", 0),
        Column::numbers("cpu ms", 0),
        Column::numbers("memory MiB", 1),
        Column::new("message", 2),
    ];
    let rows = result.tests.iter().map(|test| {
        [
            test.name.clone(),
            test.verdict.to_string(),
            format!("{:.1}", test.cpu_ms),
            format!("{:.1}", test.memory_bytes as f64 / 1_048_576.0),
            test.checker_message.clone().unwrap_or_default(),
        ]
    });
    table::draw(columns, rows)
}
