//! How many submissions a second are taken in over HTTP, each in a request of its own.

use std::time::Instant;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::{Bench, median, quantile};
use crate::samples::TINY;

const NAME: &str = "accept";
/// Requests under way at a time.
const CLIENTS: usize = 16;

/// Hands submissions in without waiting; they are judged meanwhile, as far as there is a core for it.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let own = Own::start(bench.settings, &[]).await?;
    let count = bench.args.submissions * 10;
    steps.expect(count, "handing in");
    let body = json!({"language": TINY.language, "source": TINY.text});
    let begin = Instant::now();
    let times: Vec<f64> = stream::iter(0..count)
        .map(async |_| {
            let begin = Instant::now();
            own.accept(&body).await?;
            steps.done();
            anyhow::Ok(begin.elapsed().as_secs_f64() * 1e3)
        })
        .buffer_unordered(CLIENTS)
        .try_collect()
        .await?;
    let rate = count as f64 / begin.elapsed().as_secs_f64();
    drop(own);
    Ok(vec![
        Figure::new(NAME, format!("accepted by {CLIENTS} clients"), rate, "1/s"),
        Figure::new(NAME, "time of one, median", median(times.clone()), "ms"),
        Figure::new(NAME, "time of one, 99 of 100 below", quantile(times, 0.99), "ms"),
    ])
}
