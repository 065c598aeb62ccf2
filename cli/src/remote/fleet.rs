//! `gavel workers` and `gavel queues`: who judges, and what waits.

use std::path::Path;
use std::process::ExitCode;

use gavel_client::{QueueView, Queues, Worker};
use gavel_model::Canary;
use jiff::{SignedDuration, Timestamp};

use super::server::{connect, ended};
use crate::args::ListOptions;
use crate::table::{self, Column};

/// Prints every worker.
pub async fn workers(settings: Option<&Path>, options: ListOptions) -> ExitCode {
    ended(list_workers(settings, options).await)
}

/// Prints every lane.
pub async fn queues(settings: Option<&Path>, options: ListOptions) -> ExitCode {
    ended(list_queues(settings, options).await)
}

async fn list_workers(settings: Option<&Path>, options: ListOptions) -> anyhow::Result<ExitCode> {
    let workers = connect(settings, &options.server)?.workers().await?;
    if options.json {
        println!("{}", serde_json::to_string(&workers)?);
    } else if workers.is_empty() {
        println!("no worker was heard of lately");
    } else {
        println!("{}", draw_workers(&workers, Timestamp::now()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn list_queues(settings: Option<&Path>, options: ListOptions) -> anyhow::Result<ExitCode> {
    let queues = connect(settings, &options.server)?.queues().await?;
    if options.json {
        println!("{}", serde_json::to_string(&queues)?);
    } else {
        println!("{}", draw_queues(&queues, Timestamp::now()));
        println!("{} slots busy, {} free", queues.slots.busy, queues.slots.free);
    }
    Ok(ExitCode::SUCCESS)
}

fn draw_workers(workers: &[Worker], now: Timestamp) -> String {
    let columns = [
        Column::new("worker", 0),
        Column::new("state", 0),
        Column::numbers("busy", 0),
        Column::numbers("slots", 0),
        Column::numbers("up for", 1),
        Column::numbers("speed", 1),
        Column::new("version", 2),
        Column::new("languages", 3),
    ];
    let rows = workers.iter().map(|worker| {
        [
            worker.id.clone(),
            state(worker).to_owned(),
            worker.busy.to_string(),
            worker.slots.to_string(),
            span(now.duration_since(worker.started_at)),
            speed(worker),
            worker.version.clone(),
            worker.languages.join(" "),
        ]
    });
    table::draw(columns, rows)
}

fn draw_queues(queues: &Queues, now: Timestamp) -> String {
    let columns = [Column::new("lane", 0), Column::numbers("unfinished", 0), Column::numbers("oldest", 0)];
    let rows = queues
        .queues
        .iter()
        .map(|queue| [queue.lane.to_string(), queue.unfinished.to_string(), oldest(queue, now)]);
    table::draw(columns, rows)
}

/// What a worker is doing, in a word.
pub fn state(worker: &Worker) -> &'static str {
    match (worker.draining, worker.canary) {
        (true, _) => "draining",
        (false, Canary::Unsound) => "unsound",
        (false, _) => "ready",
    }
}

/// How fast a worker's cores are, 1 being the reference; empty where it was not measured.
pub fn speed(worker: &Worker) -> String {
    worker.calibration.map(|score| format!("{score:.2}")).unwrap_or_default()
}

/// The age of the oldest submission of a lane; empty where there is none.
pub fn oldest(queue: &QueueView, now: Timestamp) -> String {
    queue.oldest_created_at.map(|oldest| span(now.duration_since(oldest))).unwrap_or_default()
}

/// A time in its two largest units, such as `1h 02m`; nothing is shorter than `0s`.
pub fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    if days > 0 {
        format!("{days}d {:02}h", hours % 24)
    } else if hours > 0 {
        format!("{hours}h {:02}m", minutes % 60)
    } else if minutes > 0 {
        format!("{minutes}m {:02}s", seconds % 60)
    } else {
        format!("{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(-5 => "0s"; "a clock that is ahead")]
    #[test_case(59 => "59s")]
    #[test_case(60 => "1m 00s")]
    #[test_case(3_725 => "1h 02m")]
    #[test_case(90_000 => "1d 01h")]
    fn times_are_told_in_two_units(seconds: i64) -> String {
        span(SignedDuration::from_secs(seconds))
    }
}
