//! Telling whoever listens how judging goes on: cheap, never waited for, and lost where nobody can have it now.

use std::sync::Arc;

use gavel_broker::WorkSource;
use gavel_model::{JudgingEvent, JudgingStep, SubmissionId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::judge::Step;

/// How many events wait to be sent; more are lost.
const CAPACITY: usize = 1_000;

/// Where events are handed over. Cloning shares it.
#[derive(Clone)]
pub(super) struct Announcer {
    worker: String,
    events: mpsc::Sender<JudgingEvent>,
}

impl Announcer {
    /// Sends what it is given, in order, until `until`.
    pub(super) fn start(
        worker: &str,
        source: Arc<dyn WorkSource>,
        tasks: &TaskTracker,
        until: CancellationToken,
    ) -> Self {
        let (events, mut waiting) = mpsc::channel(CAPACITY);
        tasks.spawn(until.run_until_cancelled_owned(async move {
            while let Some(event) = waiting.recv().await {
                if let Err(error) = source.send_event(&event).await {
                    tracing::debug!(error = &error as &dyn std::error::Error, "an event is lost");
                }
            }
        }));
        Self { worker: worker.to_owned(), events }
    }

    /// Begins to tell of one attempt at a submission.
    pub(super) fn attempt(&self, id: SubmissionId, attempt: u32) -> Narrator<'_> {
        Narrator { announcer: self, id, attempt, number: 0, tested: 0, tests: 0 }
    }
}

/// Tells of one attempt at a submission.
pub(super) struct Narrator<'a> {
    announcer: &'a Announcer,
    id: SubmissionId,
    attempt: u32,
    /// Events so far.
    number: u32,
    /// Tests that are done.
    tested: u32,
    tests: u32,
}

impl Narrator<'_> {
    /// Tells of a step; what there is no room for is lost.
    pub(super) fn tell(&mut self, step: Step<'_>) {
        let step = match step {
            Step::Compiling => JudgingStep::Compiling,
            Step::Testing { tests } => {
                self.tests = u32::try_from(tests).unwrap_or(u32::MAX);
                JudgingStep::Judging { tests: self.tests }
            }
            Step::Tested(report) => {
                self.tested += 1;
                let name = report.name.chars().take(JudgingStep::MAX_NAME).collect();
                JudgingStep::Test { test: self.tested, of: self.tests, name, verdict: report.verdict }
            }
        };
        self.number += 1;
        let Self { announcer, id, attempt, number, .. } = self;
        let worker = announcer.worker.clone();
        let event = JudgingEvent { id: *id, attempt: *attempt, number: *number, worker, step };
        if announcer.events.try_send(event).is_err() {
            tracing::debug!(submission.id = %id, number, "no room for an event; it is lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_broker::embedded::EmbeddedBroker;
    use gavel_broker::{BrokerMetrics, Dispatcher as _};
    use gavel_model::Verdict;
    use gavel_platform::telemetry::Registry;
    use gavel_testkit::test_report;

    #[tokio::test]
    async fn every_step_is_told_in_its_order_and_attempts_are_told_apart() {
        let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
        let metrics = BrokerMetrics::register(&Registry::default()).unwrap();
        let broker = EmbeddedBroker::new(metrics, tasks.clone(), end.clone());
        let mut heard = broker.events();
        let announcer = Announcer::start("w1", Arc::new(broker), &tasks, end.clone());
        let id = SubmissionId::new();
        let report = test_report(&"n".repeat(1_000), Verdict::Wa);
        for attempt in [1, 2] {
            let mut narrator = announcer.attempt(id, attempt);
            narrator.tell(Step::Compiling);
            narrator.tell(Step::Testing { tests: 3 });
            narrator.tell(Step::Tested(&report));
            let name = "n".repeat(JudgingStep::MAX_NAME);
            let test = JudgingStep::Test { test: 1, of: 3, name, verdict: Verdict::Wa };
            let steps = [JudgingStep::Compiling, JudgingStep::Judging { tests: 3 }, test];
            for (number, step) in (1..).zip(steps) {
                let worker = "w1".to_owned();
                let event = JudgingEvent { id, attempt, number, worker, step };
                assert_eq!(heard.recv().await.unwrap(), event);
            }
        }
        end.cancel();
    }

    #[tokio::test]
    async fn nobody_is_waited_for() {
        // Its task has ended: nothing takes what is told.
        let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
        let metrics = BrokerMetrics::register(&Registry::default()).unwrap();
        let broker = EmbeddedBroker::new(metrics, tasks.clone(), CancellationToken::new());
        let announcer = Announcer::start("w1", Arc::new(broker), &tasks, end.clone());
        end.cancel();
        let mut narrator = announcer.attempt(SubmissionId::new(), 1);
        for _ in 0..CAPACITY * 2 {
            narrator.tell(Step::Compiling);
        }
        assert_eq!(
            narrator.number,
            2 * u32::try_from(CAPACITY).unwrap(),
            "what is lost is missed in the numbers"
        );
    }
}
