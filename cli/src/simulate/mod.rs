//! `gavel simulate`: a fleet of any size in discrete events, without a container. How long would submissions wait, how many
//! hours of workers would it cost, and what would be full first?
//!
//! A submission's road is that of the real one: API, store, broker, a lane's queue, a slot, and back through broker, API and
//! store, each part with servers that it queues for. Left out: what fails, sandboxes that are not warm, packages that a worker
//! has not fetched, and fairness among owners within a lane.

mod arrivals;
mod costs;
mod fleet;
mod lanes;
mod options;
mod outcome;
mod picture;
mod rule;
mod show;
mod station;
mod time;
mod world;

use std::process::ExitCode;

use anyhow::{Context as _, ensure};

pub use options::SimulateOptions;

use arrivals::{Arrival, Drawn, recorded};
use costs::Costs;
use options::Trace;
use outcome::Outcome;
use rule::Rule;

/// Simulates and prints.
pub fn simulate(options: &SimulateOptions) -> ExitCode {
    match simulated(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gavel: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn simulated(options: &SimulateOptions) -> anyhow::Result<()> {
    let mut costs = Costs::read(options.costs.as_deref())?;
    if let Some(bench) = &options.bench {
        costs = costs.with_bench(bench)?;
    }
    if options.print_costs {
        print!("{}", toml::to_string(&costs)?);
        return Ok(());
    }
    options.check()?;
    let arrivals = arrivals(options, &costs)?;
    let rules = options.rule.map_or_else(|| Rule::ALL.to_vec(), |rule| vec![rule]);
    let outcomes: Vec<Outcome> = rules
        .into_iter()
        .map(|rule| world::run(arrivals.iter().copied(), &costs, options.plan(&costs, rule)))
        .collect();
    let best = best(&outcomes, options.promise);
    if let Some(file) = &options.picture {
        let drawn = best.or(outcomes.last()).context("no outcome")?;
        picture::draw(drawn, file).with_context(|| file.display().to_string())?;
    }
    if options.json {
        serde_json::to_writer_pretty(std::io::stdout().lock(), &outcomes)?;
        println!();
    } else {
        print!("{}", show::tables(&outcomes, best, options.promise));
    }
    Ok(())
}

/// What every rule has to deal with.
fn arrivals(options: &SimulateOptions, costs: &Costs) -> anyhow::Result<Vec<Arrival>> {
    match options.trace {
        Trace::Drawn(shape) => {
            let length = (options.minutes * 60.0).round() as usize;
            Ok(Drawn::new(shape, options.rate, length, costs, options.seed)?.collect())
        }
        Trace::Recorded(ref file) => {
            let arrivals = recorded(file, costs, options.forget_times)?;
            ensure!(
                arrivals.iter().all(|arrival| arrival.seconds < 1e6),
                "{}: a time beyond reason",
                file.display()
            );
            Ok(arrivals)
        }
    }
}

/// The cheapest that keeps the promise.
fn best(outcomes: &[Outcome], promise: f64) -> Option<&Outcome> {
    let keeps = outcomes.iter().filter(|outcome| outcome.promised() * 100.0 >= promise);
    keeps.min_by(|one, other| one.worker_hours.total_cmp(&other.worker_hours))
}
