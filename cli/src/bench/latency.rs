//! From a request to its verdict on an idle machine.

use std::time::Instant;

use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::{Bench, median};
use crate::samples::SAMPLES;

const NAME: &str = "latency";

/// Each language: a source that was never seen, and the same one again.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let own = Own::start(bench.settings, &[]).await?;
    let rounds = bench.args.rounds;
    let mut figures = Vec::new();
    for sample in SAMPLES.iter().filter(|sample| bench.bare.has(sample)) {
        steps.expect(rounds * 3, sample.name);
        let mut shell = bench.bare.shell(*sample).await?;
        // The first starts its sandboxes; what a person notices is the rest.
        own.run(sample, sample.unseen()).await?;
        let (mut new, mut same, mut bare, mut bare_run) = (vec![], vec![], vec![], vec![]);
        for _ in 0..rounds {
            bare.push(shell.once().await?);
            bare_run.push(shell.runs(1, &[]).await?);
            steps.done();
            let source = sample.unseen();
            for times in [&mut new, &mut same] {
                let begin = Instant::now();
                own.run(sample, source.clone()).await?;
                times.push(begin.elapsed().as_secs_f64() * 1e3);
                steps.done();
            }
        }
        let name = sample.name;
        let (bare, bare_run) = (median(bare), median(bare_run));
        figures.push(Figure::new(NAME, format!("{name}, new source"), median(new), "ms").beside(bare));
        figures.push(Figure::new(NAME, format!("{name}, same source"), median(same), "ms").beside(bare_run));
    }
    own.stop().await?;
    Ok(figures)
}
