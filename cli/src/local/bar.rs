//! How far judging is: a bar on a terminal, lines elsewhere. Both on standard error.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gavel_verify::{Event, LimitSource, Progress};
use indicatif::{ProgressBar, ProgressStyle};

use super::figures::{mark, seconds};

/// Ticks make the time go on while programs run.
const TICK: Duration = Duration::from_millis(200);

/// Shows how many programs are done, and which run.
pub struct Bar {
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

/// What is under way.
#[derive(Default)]
struct State {
    /// Programs, each with the tests that are done and all there are.
    running: BTreeMap<String, (usize, usize)>,
    /// Packages whose time limit is being derived.
    deriving: BTreeSet<String>,
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
        Self { bar, state: Mutex::default() }
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

    /// Says something that stays on the screen.
    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }

    fn show(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        if let Some(bar) = &self.bar {
            bar.set_message(state.message());
        }
    }
}

impl State {
    fn message(&self) -> String {
        let each = self.running.iter().map(|(name, (done, of))| format!("{name} {done}/{of}"));
        let running = each.collect::<Vec<_>>().join("  ");
        if self.deriving.is_empty() { running } else { format!("deriving the time limit: {running}") }
    }
}

impl Progress for Bar {
    fn note(&self, package: &str, event: Event<'_>) {
        let key = |submission: &str| format!("{package}/{submission}");
        match event {
            Event::Deriving { submissions } => {
                self.say(&format!(
                    "{package}: no time limit is stated; {submissions} accepted programs are run to derive one"
                ));
                if let Some(bar) = &self.bar {
                    bar.inc_length(submissions as u64);
                }
                self.show(|state| {
                    state.deriving.insert(package.to_owned());
                });
            }
            Event::Ran { submission, slowest_ms } => {
                self.show(|state| {
                    state.running.remove(&key(submission));
                });
                match &self.bar {
                    Some(bar) => bar.inc(1),
                    None => {
                        let took = slowest_ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.0} ms"));
                        eprintln!("{}: {took}, without a limit", key(submission));
                    }
                }
            }
            Event::TimeLimit { ms, source } => {
                if source == LimitSource::Derived {
                    self.say(&format!("{package}: the time limit is {}", seconds(ms)));
                }
                self.show(|state| {
                    state.deriving.remove(package);
                });
            }
            Event::Started { submission, tests } => self.show(|state| {
                state.running.insert(key(submission), (0, tests));
            }),
            Event::Tested { submission, .. } => self.show(|state| {
                if let Some((done, _)) = state.running.get_mut(&key(submission)) {
                    *done += 1;
                }
            }),
            Event::Finished(report) => {
                self.show(|state| {
                    state.running.remove(&key(&report.name));
                });
                let word = report.verdict.map_or("-", |verdict| verdict.as_str());
                match &self.bar {
                    Some(bar) => bar.inc(1),
                    None => eprintln!("{}: {word} {}", key(&report.name), mark(report.ok)),
                }
            }
        }
    }
}
