//! Outcomes as tables for people.

use std::fmt::Write as _;

use super::outcome::{Outcome, PartLoad};
use crate::table::{self, Column};

/// Every rule's lanes, what each costs, and what is full first.
pub fn tables(outcomes: &[Outcome], best: Option<&Outcome>, promise: f64) -> String {
    let mut text = waits(outcomes);
    text.push('\n');
    text.push_str(&rules(outcomes));
    text.push('\n');
    if let Some(best) = best {
        if outcomes.len() > 1 {
            let name = best.rule.as_str();
            _ = writeln!(text, "the cheapest rule that keeps {promise} % within their lane's target: {name}");
        }
    } else {
        _ = writeln!(
            text,
            "no rule keeps {promise} % within their lane's target: more workers, or a shorter --startup"
        );
    }
    if let Some((drawn, part)) =
        best.or(outcomes.last()).and_then(|one| one.first_full().map(|part| (one, part)))
    {
        _ = writeln!(text, "{}", first_full(drawn, part));
    }
    text
}

fn first_full(outcome: &Outcome, part: &PartLoad) -> String {
    let PartLoad { name, peak, .. } = part;
    let loads = outcome.parts.iter().filter(|part| part.name != "slots");
    let loads: Vec<String> = loads.map(|part| format!("{} {:.1} %", part.name, part.peak * 100.0)).collect();
    let loads = loads.join(", ");
    match 1.0 / peak {
        more if more.is_finite() => format!(
            "in the fullest minute: {loads}; first full: {name}, at {more:.1} times as many submissions"
        ),
        _ => "parts other than slots cost nothing".to_owned(),
    }
}

fn waits(outcomes: &[Outcome]) -> String {
    let columns = [
        Column::new("rule", 0),
        Column::new("lane", 0),
        Column::numbers("submissions", 2),
        Column::numbers("wait p50", 0),
        Column::numbers("p95", 0),
        Column::numbers("p99", 1),
        Column::numbers("longest", 2),
        Column::numbers("result p95", 0),
        Column::numbers("in time", 0),
    ];
    let rows = outcomes.iter().flat_map(|outcome| {
        outcome.lanes.iter().map(|lane| {
            [
                outcome.rule.as_str().to_owned(),
                lane.lane.to_string(),
                lane.count.to_string(),
                seconds(lane.wait_p50),
                seconds(lane.wait_p95),
                seconds(lane.wait_p99),
                seconds(lane.wait_max),
                seconds(lane.turnaround_p95),
                percent(lane.promised),
            ]
        })
    });
    table::draw(columns, rows)
}

fn rules(outcomes: &[Outcome]) -> String {
    let columns = [
        Column::new("rule", 0),
        Column::numbers("worker hours", 0),
        Column::numbers("most workers", 0),
        Column::numbers("slots busy", 0),
        Column::numbers("in time", 0),
        Column::numbers("ended after", 1),
    ];
    let rows = outcomes.iter().map(|outcome| {
        let busy = outcome.parts.iter().find(|part| part.name == "slots").map(|part| percent(part.load));
        [
            outcome.rule.as_str().to_owned(),
            format!("{:.1}", outcome.worker_hours),
            outcome.most_workers.to_string(),
            busy.unwrap_or_default(),
            percent(outcome.promised()),
            format!("{:.1} min", outcome.seconds / 60.0),
        ]
    });
    table::draw(columns, rows)
}

fn seconds(value: f64) -> String {
    match value {
        long if long >= 100.0 => format!("{long:.0} s"),
        long if long >= 1.0 => format!("{long:.1} s"),
        short => format!("{:.0} ms", short * 1e3),
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}
