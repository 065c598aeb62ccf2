//! A machine that has more to judge than it can.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gavel_model::JudgeResult;

use super::Bench;
use super::cpu::{Spent, of_programs};
use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use crate::samples::{SAMPLES, Sample, TINY};

const NAME: &str = "throughput";
/// Counts the containers of a worker.
const CREATED: &str = "gavel_sandbox_create_seconds_count";

/// What a load came to.
pub struct Loaded {
    /// Every result.
    pub results: Vec<JudgeResult>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What it cost.
    pub spent: Spent,
    /// Containers that were started.
    pub created: f64,
}

/// Tiny Python programs, and all languages in turn.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let all: Vec<Sample> = SAMPLES.into_iter().filter(|sample| bench.bare.has(sample)).collect();
    for (what, samples) in [("tiny Python", vec![TINY]), ("all languages in turn", all)] {
        let own = Own::start(bench.settings, &[]).await?;
        let loaded = load(&own, &samples, bench, steps).await?;
        own.stop().await?;
        let bare = bare_rate(bench, &samples, steps).await?;
        figures.extend(figures_of(NAME, what, &loaded, Some(bare)));
    }
    Ok(figures)
}

/// Keeps a Gavel busy with these programs, each time with a source that was never seen.
pub async fn load(own: &Own, samples: &[Sample], bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Loaded> {
    // What is used is warm before it is measured.
    for sample in samples {
        own.run(sample, sample.unseen()).await?;
    }
    let count = bench.args.submissions;
    steps.expect(count, "judging");
    let created = own.measured(CREATED, "").await?;
    let (before, begin) = (Spent::now(own), Instant::now());
    let results: Vec<JudgeResult> = stream::iter(samples.iter().cycle().take(count))
        .map(async |sample| {
            let result = own.run(sample, sample.unseen()).await;
            steps.done();
            result
        })
        .buffer_unordered(bench.args.clients)
        .try_collect()
        .await?;
    let seconds = begin.elapsed().as_secs_f64();
    // Sandboxes that end and are made after the last verdict are part of its price.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let spent = Spent::now(own).since(before);
    let created = own.measured(CREATED, "").await? - created;
    Ok(Loaded { results, seconds, spent, created })
}

/// Compilations and runs a second of bare commands on all cores, one loop on each.
async fn bare_rate(bench: &Bench<'_>, samples: &[Sample], steps: &Steps) -> anyhow::Result<f64> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rounds = (bench.args.submissions / samples.len() / cores / 2).max(3);
    steps.expect(cores, "bare commands");
    let one = async || {
        let mut shells = Vec::new();
        for sample in samples {
            shells.push(bench.bare.shell(*sample).await?);
        }
        anyhow::Ok(shells)
    };
    let mut lanes = Vec::new();
    for _ in 0..cores {
        lanes.push(one().await?);
    }
    let begin = Instant::now();
    let loops = lanes.into_iter().map(async |mut shells| {
        for shell in &mut shells {
            if shell.compiles() {
                for _ in 0..rounds {
                    shell.once().await?;
                }
            } else {
                shell.runs(rounds, &[]).await?;
            }
        }
        steps.done();
        anyhow::Ok(())
    });
    futures_util::future::try_join_all(loops).await?;
    Ok((rounds * samples.len() * cores) as f64 / begin.elapsed().as_secs_f64())
}

/// The figures of a load.
pub fn figures_of(measure: &'static str, what: &str, loaded: &Loaded, bare: Option<f64>) -> Vec<Figure> {
    let Loaded { results, seconds, spent, created } = loaded;
    let each = |seconds: f64| seconds / results.len() as f64;
    let figure = |name: &str, value: f64, unit| Figure::new(measure, format!("{what}: {name}"), value, unit);
    let rate = figure("verdicts", results.len() as f64 / seconds, "1/s");
    let programs = of_programs(results);
    let mut figures = vec![
        match bare {
            Some(bare) => rate.beside(bare),
            None => rate,
        },
        figure("CPU of the whole machine a verdict", each(spent.machine), "s"),
        figure("of it programs and compilers", each(programs), "s"),
    ];
    if let Some(containers) = spent.containers {
        figures.push(figure("of it containers, programs included", each(containers), "s"));
    }
    figures.push(figure("of it the Docker Engine", each(spent.engine), "s"));
    figures.push(figure("of it Gavel", each(spent.gavel), "s"));
    figures.push(figure("share of programs and compilers", programs / spent.machine.max(1e-9), ""));
    figures.push(figure("containers started a verdict", each(*created), ""));
    figures
}
