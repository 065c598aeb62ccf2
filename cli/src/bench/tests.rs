//! What each further test of a submission costs.

use std::time::Instant;

use serde_json::{Value, json};

use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::{Bench, median};
use crate::samples::{ANSWER, INPUT, NATIVE};

const NAME: &str = "tests";
/// Tests of the long submission.
const TESTS: usize = 200;

/// A small native program at one test, and at many.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let own = Own::start(bench.settings, &[]).await?;
    let rounds = bench.args.rounds;
    steps.expect(rounds, NATIVE.name);
    let mut shell = bench.bare.shell(NATIVE).await?;
    let (mut each, mut bare) = (vec![], vec![]);
    own.run(&NATIVE, NATIVE.text.to_owned()).await?;
    for _ in 0..rounds {
        let one = timed(&own, 1).await?;
        let many = timed(&own, TESTS).await?;
        each.push((many - one) / (TESTS - 1) as f64);
        bare.push(shell.runs(TESTS, &[]).await? / TESTS as f64);
        steps.done();
    }
    own.stop().await?;
    let (each, bare) = (median(each), median(bare));
    Ok(vec![
        Figure::new(NAME, "each further test of a C program", each, "ms").beside(bare),
        Figure::new(NAME, "beyond fork, exec and wait in a shell", each - bare, "ms"),
    ])
}

async fn timed(own: &Own, count: usize) -> anyhow::Result<f64> {
    let tests: Vec<Value> = (0..count)
        .map(|number| json!({"name": number.to_string(), "input": INPUT, "answer": ANSWER}))
        .collect();
    let work = json!({"kind": "tests", "tests": tests});
    let begin = Instant::now();
    own.judge(json!({"language": NATIVE.language, "source": NATIVE.text, "work": work})).await?;
    Ok(begin.elapsed().as_secs_f64() * 1e3)
}
