//! How far `gavel verify` is: a bar on a terminal, lines elsewhere. Both on standard error.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gavel_verify::{Event, Progress};
use indicatif::{ProgressBar, ProgressStyle};

/// Ticks make the time go on while programs run.
const TICK: Duration = Duration::from_millis(200);

/// Shows how many programs are done, and which run.
pub struct Bar {
    bar: Option<ProgressBar>,
    running: Mutex<BTreeMap<String, (usize, usize)>>,
}

impl Bar {
    /// A bar for this many programs.
    pub fn new(programs: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(programs as u64);
            // The template is a constant, and right.
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Self { bar, running: Mutex::default() }
    }

    /// Prints to standard output without spoiling the bar.
    pub fn print(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| println!("{text}")),
            None => println!("{text}"),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn show(&self, change: impl FnOnce(&mut BTreeMap<String, (usize, usize)>)) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut running);
        if let Some(bar) = &self.bar {
            let each = running.iter().map(|(name, (done, of))| format!("{name} {done}/{of}"));
            bar.set_message(each.collect::<Vec<_>>().join("  "));
        }
    }
}

impl Progress for Bar {
    fn note(&self, package: &str, event: Event<'_>) {
        let key = |submission: &str| format!("{package}/{submission}");
        match event {
            Event::TimeLimit { .. } => {}
            Event::Started { submission, tests } => self.show(|running| {
                running.insert(key(submission), (0, tests));
            }),
            Event::Tested { submission, .. } => self.show(|running| {
                if let Some((done, _)) = running.get_mut(&key(submission)) {
                    *done += 1;
                }
            }),
            Event::Finished(report) => {
                self.show(|running| {
                    running.remove(&key(&report.name));
                });
                let word = report.verdict.map_or("-", |verdict| verdict.as_str());
                match &self.bar {
                    Some(bar) => bar.inc(1),
                    None => eprintln!("{}: {word} {}", key(&report.name), super::figures::mark(report.ok)),
                }
            }
        }
    }
}
