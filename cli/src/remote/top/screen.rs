//! The screen: lanes above, workers below.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Table};

use super::sample::View;
use crate::remote::fleet::{oldest, span, speed, state};

/// The width of a worker's bar of slots.
const BAR: u32 = 16;

/// Draws all.
pub fn draw(frame: &mut Frame<'_>, view: &View) {
    let rows = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(6),
        Constraint::Min(4),
        Constraint::Length(1),
    ]);
    let [head, lanes, workers, foot] = rows.areas(frame.area());
    draw_head(frame, head, view);
    draw_lanes(frame, lanes, view);
    draw_workers(frame, workers, view);
    frame.render_widget(Paragraph::new(Line::from(" q quit").style(faint())), foot);
}

fn faint() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

fn heading() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

fn draw_head(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let slots = view.last().queues.slots;
    let mut parts = vec![
        Span::styled(" gavel ", heading()),
        Span::raw(format!("{}  {}  ", view.url, view.last().at.strftime("%H:%M:%SZ"))),
        Span::raw(format!("slots {} busy, {} free", slots.busy, slots.free)),
    ];
    if let Some(trouble) = &view.trouble {
        parts.push(Span::styled(format!("  {trouble}"), paint(Color::Red)));
    }
    frame.render_widget(Paragraph::new(Line::from(parts)), area);
}

fn draw_lanes(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let now = view.last().at;
    let rows = view.last().queues.queues.iter().map(|queue| {
        let rates = view.rates(queue.lane);
        // The sum of nothing would be -0.
        let rate = rates.iter().fold(0.0, |sum, (_, rate)| sum + rate);
        let verdicts: Vec<Span<'_>> = rates
            .iter()
            .flat_map(|(verdict, rate)| {
                [Span::styled(verdict.clone(), colour(verdict)), Span::raw(format!(" {rate:.1}  "))]
            })
            .collect();
        let drain =
            view.drain(queue.lane).and_then(|drain| drain.try_into().ok()).map(span).unwrap_or_default();
        Row::new([
            Cell::from(queue.lane.as_str()),
            Cell::from(queue.unfinished.to_string()),
            Cell::from(oldest(queue, now)),
            Cell::from(format!("{rate:.1}")),
            Cell::from(drain),
            Cell::from(Line::from(verdicts)),
        ])
    });
    let widths = [
        Constraint::Length(10),
        Constraint::Length(10),
        Constraint::Length(8),
        Constraint::Length(9),
        Constraint::Length(8),
        Constraint::Min(20),
    ];
    let header = Row::new(["lane", "unfinished", "oldest", "results/s", "drained", "verdicts a second"]);
    let table =
        Table::new(rows, widths).header(header.style(heading())).block(Block::bordered().title(" lanes "));
    frame.render_widget(table, area);
}

fn draw_workers(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let now = view.last().at;
    let rows = view.last().workers.iter().map(|worker| {
        let filled = (worker.busy * BAR).checked_div(worker.slots).unwrap_or_default().min(BAR);
        let bar = format!("{}{}", "█".repeat(filled as usize), "░".repeat((BAR - filled) as usize));
        let row = Row::new([
            Cell::from(worker.id.clone()),
            Cell::from(state(worker)),
            Cell::from(bar),
            Cell::from(format!("{}/{}", worker.busy, worker.slots)),
            Cell::from(span(now.duration_since(worker.started_at))),
            Cell::from(speed(worker)),
            Cell::from(worker.languages.join(" ")),
        ]);
        match state(worker) {
            "ready" => row,
            "unsound" => row.style(paint(Color::Red)),
            _ => row.style(paint(Color::Yellow)),
        }
    });
    let widths = [
        Constraint::Length(20),
        Constraint::Length(8),
        Constraint::Length(16),
        Constraint::Length(7),
        Constraint::Length(8),
        Constraint::Length(6),
        Constraint::Min(10),
    ];
    let header = Row::new(["worker", "state", "slots", "busy", "up for", "speed", "languages"]);
    let title = format!(" workers: {} ", view.last().workers.len());
    let table =
        Table::new(rows, widths).header(header.style(heading())).block(Block::bordered().title(title));
    frame.render_widget(table, area);
}

fn colour(verdict: &str) -> Style {
    let colour = match verdict {
        "AC" => Color::Green,
        "JE" => Color::Magenta,
        "CE" | "PA" => Color::Yellow,
        "CANCELED" => Color::DarkGray,
        _ => Color::Red,
    };
    paint(colour)
}

/// Nothing where colours are not wanted (<https://no-color.org>).
fn paint(colour: Color) -> Style {
    if console::colors_enabled() { Style::new().fg(colour) } else { Style::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::time::Duration;

    use gavel_client::{FleetSlots, QueueView, Queues, Worker};
    use gavel_model::{Canary, Lane};
    use jiff::{SignedDuration, Timestamp};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use crate::remote::top::metrics::Results;
    use crate::remote::top::sample::Sample;

    fn counted(accepted: f64, wrong: f64) -> Results {
        let key = |verdict: &str| ("contest".to_owned(), verdict.to_owned());
        Results::from([(key("AC"), accepted), (key("WA"), wrong)])
    }

    fn busy() -> Sample {
        let now = Timestamp::now();
        let queue = |lane, unfinished: u32| QueueView {
            lane,
            unfinished,
            oldest_created_at: (unfinished > 0).then(|| now - SignedDuration::from_secs(75)),
        };
        let queues = Queues {
            queues: vec![queue(Lane::Contest, 60), queue(Lane::Practice, 0), queue(Lane::Rejudge, 0)],
            slots: FleetSlots { busy: 3, free: 1 },
        };
        let worker = |id: &str, busy, draining| Worker {
            id: id.to_owned(),
            version: "0.1.0".to_owned(),
            languages: vec!["c".to_owned(), "python".to_owned()],
            slots: 4,
            busy,
            draining,
            started_at: now - SignedDuration::from_secs(3_700),
            seen_at: now,
            compilers: BTreeMap::new(),
            canary: Canary::Sound,
            calibration: (id == "judge-1").then_some(1.25),
        };
        Sample::new(
            queues,
            vec![worker("judge-1", 2, false), worker("judge-2", 1, true)],
            counted(100.0, 10.0),
        )
    }

    fn drawn(view: &View) -> String {
        let mut terminal = Terminal::new(TestBackend::new(100, 16)).unwrap();
        terminal.draw(|frame| draw(frame, view)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn a_busy_fleet_is_shown_with_its_rates() {
        let first = busy();
        let second = first.later(Duration::from_secs(10), counted(140.0, 30.0));
        let mut view = View::new("http://judge.example:3000/", first);
        assert!(view.rates(Lane::Contest).is_empty(), "one look has no rate");
        view.follow(second);
        assert_eq!(view.rates(Lane::Contest), [("AC".to_owned(), 4.0), ("WA".to_owned(), 2.0)]);
        assert_eq!(view.drain(Lane::Contest), Some(Duration::from_secs(10)));
        let screen = drawn(&view);
        for shown in [
            "slots 3 busy, 1 free",
            "practice   0                   0.0",
            "contest    60         1m 15s   6.0       10s      AC 4.0  WA 2.0",
            "judge-1              ready    ████████░░░░░░░░ 2/4     1h 01m   1.25   c python",
            "judge-2              draining",
            "workers: 2",
        ] {
            assert!(screen.contains(shown), "{shown}:\n{screen}");
        }
    }

    #[test]
    fn a_service_that_began_anew_has_no_negative_rate() {
        let first = busy();
        let second = first.later(Duration::from_secs(10), counted(5.0, 0.0));
        let mut view = View::new("http://judge.example:3000/", first);
        view.follow(second);
        assert_eq!(view.rates(Lane::Contest), [("AC".to_owned(), 0.5)]);
    }

    #[test]
    fn trouble_is_shown_above_what_was_seen_last() {
        let mut view = View::new("http://judge.example:3000/", busy());
        view.trouble = Some("nothing answers".to_owned());
        let screen = drawn(&view);
        assert!(screen.contains("nothing answers") && screen.contains("judge-1"), "{screen}");
    }
}
