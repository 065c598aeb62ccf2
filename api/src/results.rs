//! Results from the queue into the store, and on to whoever follows the submission.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::handover::Room;
use crate::metrics::{ApiMetrics, SloOutcome};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use gavel_broker::{Delivery, MAX_ATTEMPTS, Settlement};
use gavel_model::language::Languages;
use gavel_model::{JudgeResult, Verdict};
use gavel_platform::telemetry::trace::{self, Over};
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::settings::SloConfig;
use crate::store::{BatchId, Finish, Store, StoreError, Stored};
use crate::updates::Updates;

/// How many results become one transaction.
const BATCH: usize = 64;

/// Stores results.
#[derive(Clone)]
pub struct ResultWriter {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// Tells who follows them.
    pub updates: Updates,
    /// Where what is final gives its place back.
    pub room: Room,
    /// What is measured.
    pub metrics: ApiMetrics,
    /// Which languages may be a label.
    pub languages: Languages,
    /// Within what time results should come.
    pub slo: SloConfig,
    /// The end of the process.
    pub shutdown: CancellationToken,
}

impl ResultWriter {
    /// Takes results until the stream ends or the service does.
    ///
    /// A delivery is settled only after its result is committed. While the store is down the results in hand stay
    /// unsettled and are tried again here: to give them back would make the broker count that against them.
    pub async fn write_all(self, mut results: mpsc::Receiver<Delivery<JudgeResult>>) {
        let (mut batch, mut traces) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
        while self.shutdown.run_until_cancelled(results.recv_many(&mut batch, BATCH)).await.unwrap_or(0) > 0 {
            let arrived = Timestamp::now();
            let (bodies, settles): (Vec<_>, Vec<_>) = only_possible(&mut batch)
                .await
                .map(|delivery| {
                    let (mut result, _, settle) = delivery.begin();
                    result.timings.publish_ms = milliseconds_between(result.finished_at, arrived);
                    traces.extend(settle.headers.trace().map(|trace| (trace, result.id)));
                    (result, settle)
                })
                .unzip();
            if !self.write(bodies).await {
                return;
            }
            for (parent, id) in traces.drain(..) {
                let (id, begin, end) = (id.to_string(), arrived.into(), SystemTime::now());
                trace::over(&Over {
                    name: "store",
                    parent,
                    begin,
                    end,
                    attributes: &[("submission.id", &id)],
                });
            }
            for settle in settles {
                // "False" means that it comes again; the fence drops it then.
                settle.settle(Settlement::Done).await;
            }
        }
    }

    /// Stores results, trying until the store takes them, and tells those who follow; false when the service ends first.
    pub async fn write(&self, results: Vec<JudgeResult>) -> bool {
        let Some(outcomes) = self.until_stored("results", || self.store.finish(&results)).await else {
            return false;
        };
        for (result, outcome) in results.into_iter().zip(outcomes) {
            match outcome {
                Finish::First(batch) => self.first(result, batch),
                Finish::Duplicate => {
                    self.metrics.results_duplicate().inc();
                    tracing::debug!(submission.id = %result.id, attempt = result.attempt, "a later result dropped");
                }
                Finish::Canceled => {
                    self.metrics.results_canceled().inc();
                    tracing::debug!(submission.id = %result.id, attempt = result.attempt, "canceled before; dropped");
                }
                Finish::Unknown => {
                    tracing::info!(submission.id = %result.id, "a result of a submission from elsewhere");
                }
            }
        }
        true
    }

    fn first(&self, result: JudgeResult, batch: Option<BatchId>) {
        let language = self.languages.label(&result.language);
        self.metrics.results(result.lane, &language, result.verdict).inc();
        self.metrics.publish_seconds(&language).observe(result.timings.publish_ms / 1_000.0);
        let turnaround = milliseconds_between(result.created_at, Timestamp::now()) / 1_000.0;
        self.metrics.turnaround_seconds(result.lane).observe(turnaround);
        self.metrics.slo(result.lane, self.outcome(&result, turnaround)).inc();
        tracing::debug!(
            submission.id = %result.id, attempt = result.attempt, verdict = %result.verdict, "result stored"
        );
        self.room.leave(result.lane);
        self.updates.done(&Arc::new(result));
        if let Some(batch) = batch {
            self.updates.batch_changed(batch);
        }
    }

    fn outcome(&self, result: &JudgeResult, turnaround: f64) -> SloOutcome {
        let in_time = turnaround <= self.slo.target(result.lane).as_secs_f64();
        if in_time && result.verdict != Verdict::Je { SloOutcome::Met } else { SloOutcome::Missed }
    }

    /// Asks the store until it answers; `None` when the service ends first.
    pub async fn until_stored<T, F>(&self, what: &'static str, mut ask: impl FnMut() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut delays = backoff().build();
        loop {
            let error = match self.shutdown.run_until_cancelled(ask()).await? {
                Ok(answer) => return Some(answer),
                Err(error) => error,
            };
            let delay = delays.next().unwrap_or(MAX_DELAY);
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                retry_ms = delay.as_millis() as u64,
                "{what} wait for the store"
            );
            self.shutdown.run_until_cancelled(tokio::time::sleep(delay)).await?;
        }
    }
}

/// The results that a worker can have come to; any other is set aside, since only the API cancels.
async fn only_possible(
    batch: &mut Vec<Delivery<JudgeResult>>,
) -> impl Iterator<Item = Delivery<JudgeResult>> {
    let is_possible = |delivery: &Delivery<JudgeResult>| delivery.body.verdict != Verdict::Canceled;
    let (possible, others): (Vec<_>, Vec<_>) = batch.drain(..).partition(is_possible);
    for other in others {
        tracing::warn!(submission.id = %other.body.id, worker = other.body.worker, "set aside a result that says CANCELED");
        other.settle(Settlement::Dead).await;
    }
    possible.into_iter()
}

const MAX_DELAY: Duration = Duration::from_secs(10);

fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(MAX_DELAY)
        .with_jitter()
        .without_max_times()
}

/// The result of a submission that no worker could finish.
#[must_use]
pub fn judge_error(submission: &Stored, reason: &str) -> JudgeResult {
    JudgeResult::judge_error(submission.reference(), "", MAX_ATTEMPTS, reason.to_owned())
}

/// From one instant to a later one; 0 where clocks of two machines disagree.
fn milliseconds_between(from: Timestamp, to: Timestamp) -> f64 {
    (to.duration_since(from).as_secs_f64() * 1_000.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_ahead_does_not_make_time_negative() {
        let (early, late) =
            (Timestamp::from_millisecond(1_000).unwrap(), Timestamp::from_millisecond(1_250).unwrap());
        assert!((milliseconds_between(early, late) - 250.0).abs() < 1e-9);
        assert!(milliseconds_between(late, early).abs() < f64::EPSILON);
    }
}
