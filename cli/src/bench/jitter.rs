//! How steady the CPU time is that a program is told to have used.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gavel_model::{JudgeResult, Verdict};
use serde_json::{Value, json};

use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::{Bench, median, quantile};
use crate::samples::{SAMPLES, Sample};

const NAME: &str = "jitter";

/// A few hundred milliseconds of arithmetic each of whose steps needs the last one, so that what it takes is up to the core alone.
const STEADY: &str = "#include <stdio.h>\nint main(void) {\n  unsigned x = 1;\n  for (long i = 0; i < 200000000L; i++) x = x * 1664525u + 1013904223u;\n  printf(\"%u\\n\", x);\n}\n";

/// The part of its limit that the program takes.
const OF_LIMIT: f64 = 0.8;

/// What may be asked for where nothing is known yet, in milliseconds.
const AMPLE_MS: f64 = 5_000.0;

/// One program alone, and then again and again beside all the others while there is more to judge than cores.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let others: Vec<Sample> = SAMPLES.into_iter().filter(|sample| bench.bare.has(sample)).collect();
    let own = Own::start(bench.settings, &[]).await?;
    // What is used is warm, and compiled, before it is measured.
    own.judge(steady(AMPLE_MS)).await?;
    for other in &others {
        own.run(other, other.unseen()).await?;
    }
    steps.expect(bench.args.rounds, "alone");
    let mut alone = Vec::new();
    for _ in 0..bench.args.rounds {
        alone.push(own.judge(steady(AMPLE_MS)).await?.cpu_ms);
        steps.done();
    }
    let alone = median(alone);
    let count = bench.args.submissions;
    steps.expect(count, "beside a full load");
    let beside: Vec<JudgeResult> = stream::iter(others.iter().cycle().take(count))
        .map(async |other| {
            let (result, _) =
                tokio::try_join!(own.result(steady(alone / OF_LIMIT)), own.run(other, other.unseen()))?;
            steps.done();
            anyhow::Ok(result)
        })
        .buffer_unordered(bench.args.clients.div_ceil(2))
        .try_collect()
        .await?;
    own.stop().await?;
    let refused = beside.iter().filter(|result| result.verdict != Verdict::Ac).count();
    let times: Vec<f64> = beside.iter().map(|result| result.cpu_ms / alone).collect();
    let figure = |what: &str, value, unit| Figure::new(NAME, what, value, unit);
    Ok(vec![
        figure("CPU time of one program, alone", alone, "ms"),
        figure("beside a full load, over alone, median", median(times.clone()), ""),
        figure("beside a full load, over alone, 95 of 100 below", quantile(times, 0.95), ""),
        figure("at 80 % of its limit, not accepted", refused as f64, ""),
    ])
}

fn steady(cpu_ms: f64) -> Value {
    json!({
        "language": "c",
        "source": STEADY,
        "limits": {"cpu_ms": cpu_ms.ceil() as u64, "wall_ms": 20_000},
        "work": {"kind": "run"},
    })
}
