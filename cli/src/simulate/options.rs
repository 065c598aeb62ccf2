//! What can be typed after `gavel simulate`.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;

use super::arrivals::Shape;
use super::costs::Costs;
use super::rule::Rule;
use super::world::Plan;

/// When submissions come.
#[derive(Clone, Debug)]
pub enum Trace {
    /// Drawn at random.
    Drawn(Shape),
    /// As they once came.
    Recorded(PathBuf),
}

fn trace(text: &str) -> Result<Trace, String> {
    Ok(match text {
        "steady" => Trace::Drawn(Shape::Steady),
        "contest" => Trace::Drawn(Shape::Contest),
        "rejudge" => Trace::Drawn(Shape::Rejudge),
        file if PathBuf::from(file).is_file() => Trace::Recorded(file.into()),
        _ => return Err("neither steady, contest or rejudge, nor a file".to_owned()),
    })
}

/// Options of `gavel simulate`.
#[derive(Debug, Args)]
pub struct SimulateOptions {
    /// When submissions come: steady, contest (a wave when it begins), rejudge (a fifth of all at once), or a file with a
    /// result a line, as `gavel batch --results` writes it.
    #[arg(value_parser = trace, default_value = "contest")]
    pub trace: Trace,
    /// Submissions an hour, on the average; not for a file.
    #[arg(long, default_value_t = 20_000.0)]
    pub rate: f64,
    /// For how long they come; not for a file.
    #[arg(long, default_value_t = 120.0)]
    pub minutes: f64,
    /// When the fleet grows and shrinks; without it, every rule is tried, and the cheapest named that keeps the promise.
    #[arg(long)]
    pub rule: Option<Rule>,
    /// Workers at the beginning; without it, as many as the average load wants with a third to spare.
    #[arg(long)]
    pub workers: Option<usize>,
    /// The fewest workers; without it, a tenth of those at the beginning.
    #[arg(long)]
    pub min_workers: Option<usize>,
    /// The most workers; without it, ten times those at the beginning.
    #[arg(long)]
    pub max_workers: Option<usize>,
    /// Slots of a worker.
    #[arg(long, default_value_t = 2)]
    pub slots: usize,
    /// Seconds until a new worker judges.
    #[arg(long, default_value_t = 60.0)]
    pub startup: f64,
    /// Seconds between two looks of the autoscaler at the metrics.
    #[arg(long, default_value_t = 15.0)]
    pub interval: f64,
    /// Seconds for which fewer workers must have been enough before the fleet shrinks.
    #[arg(long, default_value_t = 300.0)]
    pub patience: f64,
    /// How many of 100 submissions must have their result within their lane's target.
    #[arg(long, default_value_t = 99.0)]
    pub promise: f64,
    /// What a submission costs each part, in TOML; what it leaves out keeps its default.
    #[arg(long, value_name = "FILE")]
    pub costs: Option<PathBuf>,
    /// Take the languages' times from what `gavel bench latency --json` printed.
    #[arg(long, value_name = "FILE")]
    pub bench: Option<PathBuf>,
    /// Print the costs that would be taken, as a file for --costs, and do nothing else.
    #[arg(long)]
    pub print_costs: bool,
    /// Of a file, take only when submissions came, and the costs for how long they take.
    #[arg(long)]
    pub forget_times: bool,
    /// The same seed draws the same submissions.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Draw how it goes, as SVG.
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Print JSON instead of tables.
    #[arg(long)]
    pub json: bool,
}

impl SimulateOptions {
    /// Whether the numbers make sense together.
    pub fn check(&self) -> anyhow::Result<()> {
        let positive = [
            ("--rate", self.rate, 1e8),
            ("--minutes", self.minutes, 1e5),
            ("--interval", self.interval, 3_600.0),
        ];
        for (name, value, most) in positive {
            ensure!(value > 0.0 && value <= most, "{name} is {value}; it must be above 0 and at most {most}");
        }
        for (name, value, most) in [
            ("--startup", self.startup, 1e5),
            ("--patience", self.patience, 1e5),
            ("--promise", self.promise, 100.0),
        ] {
            ensure!((0.0..=most).contains(&value), "{name} is {value}; it must be from 0 to {most}");
        }
        let counts = [
            ("--slots", Some(self.slots)),
            ("--workers", self.workers),
            ("--min-workers", self.min_workers),
            ("--max-workers", self.max_workers),
        ];
        for (name, count) in counts {
            let fits = count.is_none_or(|count| (1..=1_000_000).contains(&count));
            ensure!(fits, "{name} is {}; it must be from 1 to 1000000", count.unwrap_or_default());
        }
        if let (Some(fewest), Some(most)) = (self.min_workers, self.max_workers) {
            ensure!(fewest <= most, "--min-workers is {fewest}, above --max-workers, {most}");
        }
        Ok(())
    }

    /// How the fleet is run by a rule.
    pub fn plan(&self, costs: &Costs, rule: Rule) -> Plan {
        let load = self.rate / 3_600.0 * costs.mean_seconds() / self.slots as f64;
        let workers = self.workers.unwrap_or((load * 4.0 / 3.0).ceil() as usize).max(1);
        let fewest = self.min_workers.unwrap_or((workers / 10).max(1));
        let most = self.max_workers.unwrap_or(workers * 10).max(fewest);
        Plan {
            workers: workers.clamp(fewest, most),
            bounds: (fewest, most),
            slots: self.slots,
            startup: self.startup,
            interval: self.interval,
            patience: self.patience,
            rule,
        }
    }
}
