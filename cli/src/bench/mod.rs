//! `gavel bench`: what judging costs on this machine, beside what the same commands cost bare.

mod accept;
mod bare;
mod compile;
mod cpu;
mod figure;
mod jitter;
mod latency;
mod own;
mod progress;
mod reuse;
mod road;
mod tests;
mod throughput;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::args::{BenchArgs, Measure};
use bare::Bare;
use figure::Figure;
use progress::Steps;

/// What every measure is given.
struct Bench<'a> {
    settings: Option<&'a Path>,
    args: &'a BenchArgs,
    bare: Bare,
}

/// Measures and prints.
pub async fn bench(settings: Option<&Path>, args: BenchArgs) -> ExitCode {
    match measured(settings, &args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gavel: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measured(settings: Option<&Path>, args: &BenchArgs) -> anyhow::Result<()> {
    let bare = Bare::open(settings).await.context("bare commands")?;
    let bench = Bench { settings, args, bare };
    let mut figures: Vec<Figure> = Vec::new();
    for measure in args.measures() {
        let steps = Steps::new(measure.as_str());
        let found = match measure {
            Measure::Latency => latency::measure(&bench, &steps).await,
            Measure::Tests => tests::measure(&bench, &steps).await,
            Measure::Compile => compile::measure(&bench, &steps).await,
            Measure::Throughput => throughput::measure(&bench, &steps).await,
            Measure::Accept => accept::measure(&bench, &steps).await,
            Measure::Jitter => jitter::measure(&bench, &steps).await,
            Measure::Reuse => reuse::measure(&bench, &steps).await,
            Measure::Road => road::measure(&bench, &steps).await,
        };
        steps.finish();
        figures.extend(found.with_context(|| measure.as_str())?);
    }
    if args.json {
        serde_json::to_writer_pretty(std::io::stdout().lock(), &figure::report(&figures))?;
        println!();
    } else if args.markdown {
        println!("{}", figure::report(&figures).markdown());
    } else {
        println!("{}", figure::draw(&figures));
    }
    Ok(())
}

/// The median of some times; 0 of none.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// What a share of some times is below, such as 0.99 of them.
fn quantile(mut times: Vec<f64>, share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = (times.len() as f64 * share) as usize;
    times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}
