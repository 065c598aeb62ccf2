//! What a submission's road costs beside judging: API, store and RabbitMQ, with a fleet whose workers judge nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gavel_broker::rabbit::RabbitBroker;
use gavel_broker::{BrokerConfig, BrokerMetrics, Delivery, Settlement, WorkSource};
use gavel_model::{Canary, Heartbeat, JudgeResult, Lane, Submission, SubmissionRef, Verdict};
use gavel_platform::telemetry::Registry;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cpu::Spent;
use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::{Bench, median, quantile};
use crate::samples::TINY;
use crate::settings::GavelSettings;

const NAME: &str = "road";
/// Names of its own at the broker, so that a fleet which uses the same one is left alone.
const PREFIX: &str = "gavel-bench";
/// Requests under way at a time.
const CLIENTS: usize = 64;
/// What a worker holds beyond the one that it answers.
const PREFETCH: u16 = 2;

/// Hands submissions in and waits for the answers of workers that say `AC` to everything.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let settings: GavelSettings = gavel_platform::settings::load(bench.settings)?;
    let postgres = settings.store.is_shared();
    let config = BrokerConfig { prefix: PREFIX.to_owned(), ..settings.broker };
    let own = Own::start_api(bench.settings, &[("broker.prefix", PREFIX)]).await?;
    let (shutdown, mut workers) = (CancellationToken::new(), JoinSet::new());
    let metrics = BrokerMetrics::register(&Registry::default())?;
    for number in 0..bench.args.workers {
        let tasks = TaskTracker::new();
        let broker = RabbitBroker::start(&config, metrics.clone(), tasks, shutdown.clone())?;
        workers.spawn(work(Arc::new(broker), format!("bench-{number}")));
    }
    let body = json!({"language": TINY.language, "source": TINY.text});
    let judge = async || {
        let begin = Instant::now();
        own.judge(body.clone()).await?;
        steps.done();
        anyhow::Ok(begin.elapsed().as_secs_f64() * 1e3)
    };
    // The first has found its worker: all are connected, and the API knows it.
    judge().await?;
    tokio::time::sleep(Heartbeat::PERIOD).await;
    let count = bench.args.submissions * 10;
    steps.expect(count, "on the road");
    let (before, begin) = (Spent::now(&own), Instant::now());
    let times: Vec<f64> =
        stream::iter(0..count).map(|_| judge()).buffer_unordered(CLIENTS).try_collect().await?;
    let seconds = begin.elapsed().as_secs_f64();
    let spent = Spent::now(&own).since(before);
    own.stop().await?;
    shutdown.cancel();
    workers.shutdown().await;
    let store = if postgres { spent.postgres } else { spent.store };
    let each = |seconds: f64| seconds / count as f64 * 1e3;
    let of = |what: &str, value, unit| Figure::new(NAME, what, value, unit);
    Ok(vec![
        of("workers that judge nothing", bench.args.workers as f64, ""),
        of("verdicts", count as f64 / seconds, "1/s"),
        of("time of one, median", median(times.clone()), "ms"),
        of("time of one, 99 of 100 below", quantile(times, 0.99), "ms"),
        of("CPU of the API, a verdict", each(spent.gavel - spent.store), "ms"),
        of(
            if postgres { "CPU of Postgres, a verdict" } else { "CPU of the store, a verdict" },
            each(store),
            "ms",
        ),
        of("CPU of RabbitMQ, a verdict", each(spent.broker), "ms"),
    ])
}

/// A worker: says that it is there, and answers whatever comes.
async fn work(broker: Arc<RabbitBroker>, name: String) {
    let mut submissions = broker.submissions(Lane::Practice, PREFETCH);
    let mut beat = tokio::time::interval(Heartbeat::PERIOD);
    let heartbeat = Heartbeat {
        id: name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        languages: vec![TINY.language.to_owned()],
        slots: 1,
        busy: 0,
        draining: false,
        started_at: jiff::Timestamp::now(),
        compilers: BTreeMap::new(),
        canary: Canary::Sound,
        calibration: None,
    };
    loop {
        tokio::select! {
            _ = beat.tick() => drop(broker.send_heartbeat(&heartbeat).await),
            delivery = submissions.recv() => match delivery {
                Some(delivery) => answer(&broker, &name, delivery).await,
                None => return,
            },
        }
    }
}

async fn answer(broker: &RabbitBroker, worker: &str, delivery: Delivery<Submission>) {
    let submission = &delivery.body;
    let reference = SubmissionRef {
        id: submission.id,
        lane: submission.lane,
        language: &submission.language,
        created_at: submission.created_at,
    };
    let unjudged = JudgeResult::judge_error(reference, worker, delivery.attempt, String::new());
    let result = JudgeResult { verdict: Verdict::Ac, error: None, ..unjudged };
    let settlement = match broker.publish_result(&result).await {
        Ok(()) => Settlement::Done,
        Err(_) => {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Settlement::Again
        }
    };
    delivery.settle(settlement).await;
}
