//! One delivery, from the queue to its settlement.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use backon::{ConstantBuilder, Retryable as _};
use gavel_broker::{Delivery, Headers, Settlement, WorkSource};
use gavel_model::{JudgeResult, Submission};
use gavel_platform::lifecycle::chain;
use gavel_platform::telemetry::trace::{self, Over};
use tracing::{Instrument as _, Span};

use super::announce::Announcer;
use super::cancel::Cancellations;
use super::settle::{Happened, Next, next};
use crate::container::Engine;
use crate::fault::Fault;
use crate::judge::{Judge, judge_error};
use crate::metrics::{CanceledWhen, WorkerMetrics};
use crate::slots::Leased;

/// How long a fault is waited out before the submission is given back.
const FAULT_PAUSE: Duration = Duration::from_millis(500);
/// How long an engine that does not answer is waited for: a restart, with all its containers, takes seconds.
const ENGINE_WITHIN: Duration = Duration::from_secs(120);
/// How often publishing a result is tried again before the submission is given back.
const PUBLISH_RETRIES: usize = 4;
const PUBLISH_PAUSE: Duration = Duration::from_secs(1);

/// Where one delivery becomes one result.
pub(super) struct DeliveryHandler {
    pub(super) judge: Arc<Judge>,
    pub(super) engine: Engine,
    pub(super) source: Arc<dyn WorkSource>,
    pub(super) metrics: WorkerMetrics,
    pub(super) cancellations: Cancellations,
    pub(super) announcer: Announcer,
}

/// What came of judging a delivery.
enum Judged {
    /// A result, to be published.
    Result(Box<JudgeResult>),
    /// None, and what is to be told of it.
    Nothing(Settlement),
}

impl DeliveryHandler {
    /// Judges a submission on a slot, publishes what became of it, and settles its delivery.
    pub(super) async fn handle(&self, delivery: Delivery<Submission>, slot: Leased) {
        let taken_at = SystemTime::now();
        let (submission, attempt, receipt) = delivery.begin();
        let span = tracing::info_span!(
            "judge",
            submission.id = %submission.id,
            attempt,
            lane = submission.lane.as_str(),
            language = submission.language,
            fault.kind = tracing::field::Empty,
            trace_id = tracing::field::Empty,
        );
        hang(&span, &submission, &receipt.headers, taken_at);
        let settlement =
            self.answer(&submission, attempt, &receipt.headers, slot).instrument(span.clone()).await;
        if !receipt.settle(settlement).await {
            let _entered = span.enter();
            tracing::info!("the broker could not be told; the submission will come again");
        }
    }

    async fn answer(
        &self,
        submission: &Submission,
        attempt: u32,
        headers: &Headers,
        slot: Leased,
    ) -> Settlement {
        let running = self.cancellations.begin(submission.id);
        let when = if running.is_canceled() { CanceledWhen::Waiting } else { CanceledWhen::Judging };
        // Boxed: it is large, and every layer that takes it by value would hold it twice.
        let judged = Box::pin(self.judged(submission, attempt, &slot));
        let happened = match running.unless_canceled(judged).await {
            None => {
                self.metrics.canceled(when).inc();
                tracing::info!(when = when.as_str(), "canceled");
                Happened::Canceled
            }
            Some(Judged::Nothing(settlement)) => return settlement,
            Some(Judged::Result(result)) => {
                // The next submission need not wait for the broker.
                drop(slot);
                if self.publish(*result, headers).await {
                    Happened::Published
                } else {
                    Happened::NotPublished
                }
            }
        };
        match next(&happened, attempt) {
            Next::Settle(settlement) => settlement,
            Next::Publish | Next::PublishJudgeError => Settlement::Again,
        }
    }

    /// Judges, and waits out a fault. Dropping the future drops every sandbox it holds, which ends what runs in them.
    async fn judged(&self, submission: &Submission, attempt: u32, slot: &Leased) -> Judged {
        let mut narrator = self.announcer.attempt(submission.id, attempt);
        let judged = self.judge.judge(submission, attempt, slot, &mut |step| narrator.tell(step)).await;
        let happened = match &judged {
            Ok(_) => Happened::Judged,
            Err(fault) => Happened::Failed(fault),
        };
        match (next(&happened, attempt), judged) {
            (Next::Settle(settlement), judged) => {
                if let Err(fault) = judged {
                    self.wait_out(&fault).await;
                }
                Judged::Nothing(settlement)
            }
            (Next::Publish | Next::PublishJudgeError, Ok(result)) => Judged::Result(Box::new(result)),
            (Next::Publish | Next::PublishJudgeError, Err(fault)) => {
                Judged::Result(Box::new(self.judge_error(submission, attempt, &fault)))
            }
        }
    }

    /// A pause, and as long as the engine is away: its restart would cost every submission all its attempts within
    /// seconds. The slot is held meanwhile, so that no other submission is taken only to fail.
    async fn wait_out(&self, fault: &Fault) {
        let (kind, owner) = (fault.kind(), fault.owner().as_str());
        Span::current().record("fault.kind", kind);
        tracing::warn!(
            fault.kind = kind,
            fault.owner = owner,
            fault = chain(fault),
            "judging failed; it will be tried again"
        );
        let back = async {
            tokio::time::sleep(FAULT_PAUSE).await;
            while !self.engine.answers().await {
                tokio::time::sleep(FAULT_PAUSE).await;
            }
        };
        if tokio::time::timeout(ENGINE_WITHIN, back).await.is_err() {
            tracing::error!(waited_s = ENGINE_WITHIN.as_secs(), "the Docker Engine does not answer");
        }
    }

    fn judge_error(&self, submission: &Submission, attempt: u32, fault: &Fault) -> JudgeResult {
        let (kind, owner) = (fault.kind(), fault.owner().as_str());
        Span::current().record("fault.kind", kind);
        tracing::error!(
            fault.kind = kind,
            fault.owner = owner,
            fault = chain(fault),
            "judging failed for the last time"
        );
        judge_error(submission, self.judge.worker(), attempt, fault)
    }

    /// What the submission came with travels on with its result, which is made to fit into a message whatever is in it.
    async fn publish(&self, result: JudgeResult, headers: &Headers) -> bool {
        let result = &result.bounded(self.judge.result_bytes());
        let backoff = ConstantBuilder::default().with_delay(PUBLISH_PAUSE).with_max_times(PUBLISH_RETRIES);
        let span = tracing::info_span!("publish", verdict = result.verdict.as_str());
        let mut headers = headers.clone();
        if let Some(context) = span.in_scope(trace::current) {
            headers.set_trace(context);
        }
        let told =
            (|| self.source.publish_result_with(result, &headers)).retry(backoff).notify(|error, _| {
                tracing::warn!(error = error as &dyn std::error::Error, "a result could not be published");
            });
        match told.instrument(span).await {
            Ok(()) => {
                let language = self.judge.languages().label(&result.language);
                self.metrics.submissions(result.lane, &language, result.verdict).inc();
                tracing::info!(verdict = result.verdict.as_str(), cpu_ms = result.cpu_ms, "judged");
                true
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "a result could not be published; the submission is given back");
                false
            }
        }
    }
}

/// Hangs what is done with a submission under the trace that it comes with, and tells there how long it waited.
fn hang(span: &Span, submission: &Submission, headers: &Headers, taken_at: SystemTime) {
    let accepted = || submission.traceparent.as_deref()?.parse().ok();
    let from = headers.trace().or_else(accepted);
    if let Some(parent) = from {
        let begin = headers.published_at().unwrap_or_else(|| submission.created_at.into());
        // Clocks of two machines may disagree.
        let end = taken_at.max(begin);
        let id = submission.id.to_string();
        let attributes = &[("submission.id", id.as_str()), ("lane", submission.lane.as_str())];
        trace::over(&Over { name: "queue", parent, begin, end, attributes });
    }
    trace::begin(span, from);
}
