//! What the compile step of a submission costs beside the plain command of its language.

use anyhow::Context as _;

use super::bare::Cost;
use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::{Bench, median};
use crate::samples::SAMPLES;

const NAME: &str = "compile";

/// Each language that is compiled, with sources that were never seen: how long the compiler takes, and how much CPU time. The plain command
/// has all cores, a judged one those of its slot.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let own = Own::start(bench.settings, &[]).await?;
    let rounds = bench.args.rounds;
    let mut figures = Vec::new();
    for sample in SAMPLES.iter().filter(|sample| sample.compile.is_some() && bench.bare.has(sample)) {
        steps.expect(rounds, sample.name);
        let mut shell = bench.bare.shell(*sample).await?;
        // The first starts its sandboxes.
        own.run(sample, sample.unseen()).await?;
        let (mut judged, mut bare) = (vec![], vec![]);
        for _ in 0..rounds {
            bare.push(shell.compile().await?);
            let result = own.run(sample, sample.unseen()).await?;
            let compile = result.compile.context("it was not compiled")?;
            anyhow::ensure!(!compile.cached, "a source that was never seen was compiled before");
            judged.push(Cost { wall_ms: compile.wall_ms, cpu_ms: compile.cpu_ms });
            steps.done();
        }
        let mut compare = |what: &str, part: fn(&Cost) -> f64| {
            let [judged, bare] = [&judged, &bare].map(|costs| median(costs.iter().map(part).collect()));
            figures.push(Figure::new(NAME, format!("{}, {what}", sample.name), judged, "ms").beside(bare));
        };
        compare("time", |cost| cost.wall_ms);
        compare("CPU time", |cost| cost.cpu_ms);
    }
    own.stop().await?;
    Ok(figures)
}
