//! What `gavel verify` found, for people.

use std::fmt::Write as _;

use gavel_problem::Severity;
use gavel_verify::{SubmissionReport, VerifyReport};

use super::figures::{compiler_said, mark, mib, ms, score, seconds};
use crate::table::{Column, draw};

const fn columns() -> [Column; 9] {
    [
        Column::new("submission", 0),
        Column::new("language", 5),
        Column::new("expected", 1),
        Column::new("verdict", 0),
        Column::new("slowest test", 4),
        Column::numbers("cpu ms", 0),
        Column::numbers("wall ms", 3),
        Column::numbers("memory MiB", 2),
        Column::numbers("score", 0),
    ]
}

/// A table of the submissions, and below it everything that is not as it should be.
pub fn tell(report: &VerifyReport) -> String {
    let mut text = heading(report);
    if !report.submissions.is_empty() {
        push(&mut text, &draw(columns(), report.submissions.iter().map(row)));
    }
    for diagnostic in &report.diagnostics {
        push(&mut text, &format!("  {}/{diagnostic}", report.package));
    }
    for problem in &report.timing {
        push(&mut text, &format!("  time limit: {problem}"));
    }
    if report.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error)
        && let Some(error) = &report.error
    {
        push(&mut text, &format!("  {} {error}", mark(false)));
    }
    for refused in &report.inputs {
        push(&mut text, &format!("  {} input: {refused}", mark(false)));
    }
    for submission in report.submissions.iter().filter(|submission| !submission.ok) {
        let why = submission.why.as_deref().unwrap_or_default();
        push(&mut text, &format!("  {} {}: {why}", mark(false), submission.name));
        if let Some(compile) = &submission.compile {
            push(&mut text, &compiler_said(&compile.output));
        }
    }
    push(&mut text, &summary(report));
    text
}

fn heading(report: &VerifyReport) -> String {
    match &report.name {
        Some(name) => format!("{} ({name})", report.package),
        None => report.package.clone(),
    }
}

fn row(submission: &SubmissionReport) -> [String; 9] {
    let verdict = submission.verdict.map_or("-", |verdict| verdict.as_str());
    [
        submission.name.clone(),
        submission.language.clone().unwrap_or_default(),
        submission.expected.clone(),
        format!("{verdict} {}", mark(submission.ok)),
        submission.slowest_test.clone().unwrap_or_default(),
        ms(submission.slowest_ms),
        ms(submission.wall_ms),
        mib(submission.memory_bytes),
        score(submission.score, submission.max_score),
    ]
}

fn summary(report: &VerifyReport) -> String {
    let mut line = format!("{} {}: ", mark(report.ok), report.package);
    if let (Some(limit), Some(source)) = (report.time_limit_ms, report.source) {
        // Writing to a string cannot fail.
        write!(line, "time limit {} ({}), ", seconds(limit), source.as_str()).ok();
    }
    if let Some(suggested) = report.suggested_time_limit_ms {
        write!(line, "suggested {}, ", seconds(suggested)).ok();
    }
    let fine = report.submissions.iter().filter(|submission| submission.ok).count();
    let of = report.submissions.len();
    match (&report.error, of) {
        (Some(_), _) => line.push_str("not verified\n"),
        (None, 0) => line.push_str("no submissions\n"),
        (None, _) => {
            writeln!(line, "{fine} of {of} submissions as expected").ok();
        }
    }
    line
}

fn push(text: &mut String, lines: &str) {
    text.push('\n');
    text.push_str(lines);
}
