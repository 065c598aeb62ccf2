//! `gavel run`: a program as if it were run here, but judged there.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use gavel_client::{Client, Submitted};
use gavel_model::{JudgeResult, SubmissionId, TestReport, Verdict};
use serde_json::{Value, json};

use super::program::{described, text};
use super::server::{connect, ended};
use crate::args::RunOptions;
use crate::exit;

/// How long one call waits for the result: what every service allows.
const WAIT: Duration = Duration::from_secs(10);

/// Runs it and ends with the exit code of its verdict.
pub async fn run(settings: Option<&Path>, options: RunOptions) -> ExitCode {
    ended(ran(settings, options).await)
}

async fn ran(settings: Option<&Path>, options: RunOptions) -> anyhow::Result<ExitCode> {
    let mut submission = described(&options.program)?;
    let client = connect(settings, &options.server)?;
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).context("standard input")?;
    submission.insert("args".to_owned(), json!(options.args));
    submission.insert("work".to_owned(), json!({"kind": "run", "stdin": text(&input)}));
    let result = match client.submit(&Value::Object(submission), Duration::ZERO).await? {
        Submitted::Final(result) => *result,
        Submitted::Waiting(id) => tokio::select! {
            result = wait(&client, id) => result?,
            // Nobody will read what it prints.
            _ = tokio::signal::ctrl_c() => {
                client.cancel(id).await?;
                return Ok(exit::of_verdict(Verdict::Canceled));
            }
        },
    };
    if options.json {
        println!("{}", serde_json::to_string(&result)?);
    } else {
        show(&result)?;
    }
    Ok(exit::of_verdict(result.verdict))
}

async fn wait(client: &Client, id: SubmissionId) -> anyhow::Result<JudgeResult> {
    loop {
        if let Submitted::Final(result) = client.submission(id, WAIT).await? {
            return Ok(*result);
        }
    }
}

/// What the program printed, where it printed it; what else there is to say goes to standard error.
fn show(result: &JudgeResult) -> anyhow::Result<()> {
    let test = result.tests.first();
    if let Some(output) = test.and_then(|test| test.stdout.as_ref()) {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(&output.content()).and_then(|()| stdout.flush()).context("standard output")?;
        if output.truncated {
            eprintln!("gavel: output cut: it wrote {} bytes in all", output.bytes);
        }
    }
    if let Some(errors) = test.and_then(|test| test.stderr.as_ref()) {
        std::io::stderr().write_all(&errors.content()).context("standard error")?;
    }
    if let Some(compile) = result.compile.as_ref().filter(|_| result.verdict == Verdict::Ce) {
        eprint!("{}", compile.output);
    }
    if result.verdict != Verdict::Ac {
        eprintln!("gavel: {}{}", result.verdict, reason(result, test));
    }
    Ok(())
}

fn reason(result: &JudgeResult, test: Option<&TestReport>) -> String {
    if let Some(error) = &result.error {
        return format!(": {error}");
    }
    let Some(test) = test else { return String::new() };
    match (test.limit, test.signal, test.exit_code) {
        (Some(limit), _, _) => format!(": limit {}", format!("{limit:?}").to_lowercase()),
        (None, Some(signal), _) => format!(": signal {signal}"),
        (None, None, Some(code)) if code != 0 => format!(": exit code {code}"),
        _ => String::new(),
    }
}
