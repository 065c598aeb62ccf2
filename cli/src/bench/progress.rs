//! How far a measure is, on a terminal.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The steps of one measure. Without a terminal nothing is shown.
pub struct Steps(ProgressBar);

impl Steps {
    /// No step yet.
    pub fn new(measure: &'static str) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        // The template is a constant, and right.
        if let Ok(style) =
            ProgressStyle::with_template("{prefix:10} {bar:30} {pos}/{len} {elapsed} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(measure);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// So many more will come, of this.
    pub fn expect(&self, count: usize, what: impl Into<String>) {
        self.0.inc_length(count as u64);
        self.0.set_message(what.into());
    }

    /// One is done.
    pub fn done(&self) {
        self.0.inc(1);
    }

    /// All are.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
