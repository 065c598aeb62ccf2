//! The broker of `gavel up`: bounded queues in one process.
//!
//! The store makes it durable: at start, every unfinished submission is published again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{
    BrokerError, BrokerMetrics, DeadLetter, Delivery, Dispatcher, MAX_ATTEMPTS, Settle, Settlement,
    WorkSource,
};
use gavel_model::{JudgeResult, Lane, Submission};

/// How many submissions one lane holds; more are refused and wait in the store until the reconciler's next try.
const CAPACITY: usize = 10_000;

/// How many results are handed over before the API settles the first.
const RESULT_PREFETCH: usize = 64;

/// Queues between the API and the worker of the same process.
#[derive(Clone)]
pub struct EmbeddedBroker {
    lanes: [Arc<Queue<Submission>>; Lane::ALL.len()],
    results: Arc<Queue<JudgeResult>>,
    dead: Arc<Queue<DeadLetter>>,
    /// Results that were published and are not settled yet.
    unsettled: watch::Sender<usize>,
    metrics: BrokerMetrics,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl EmbeddedBroker {
    /// Makes empty queues whose forwarders run in `tasks` until `shutdown`.
    #[must_use]
    pub fn new(metrics: BrokerMetrics, tasks: TaskTracker, shutdown: CancellationToken) -> Self {
        Self {
            lanes: std::array::from_fn(|_| Arc::new(Queue::default())),
            results: Arc::default(),
            dead: Arc::default(),
            unsettled: watch::Sender::new(0),
            metrics,
            tasks,
            shutdown,
        }
    }

    /// Waits until every published result is settled: the end of a drain.
    pub async fn results_settled(&self) {
        // The sender is in `self`, so the channel cannot close.
        self.unsettled.subscribe().wait_for(|unsettled| *unsettled == 0).await.ok();
    }

    fn lane(&self, lane: Lane) -> &Arc<Queue<Submission>> {
        &self.lanes[lane as usize]
    }

    /// Forwards a queue to a receiver, at most `prefetch` unsettled at a time.
    fn forward<T, F>(&self, queue: &Arc<Queue<T>>, prefetch: usize, settled: F) -> mpsc::Receiver<Delivery<T>>
    where
        T: Clone + Send + 'static,
        F: Fn(T, u32, Settlement) + Clone + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(prefetch.max(1));
        let permits = Arc::new(Semaphore::new(prefetch.max(1)));
        let (queue, shutdown) = (Arc::clone(queue), self.shutdown.clone());
        self.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
                let (item, attempt) = tokio::select! {
                    next = queue.pop() => next,
                    () = sender.closed() => return,
                };
                let (settled, copy) = (settled.clone(), item.clone());
                let settle = OnSettle::new(move |settlement| {
                    drop(permit);
                    settled(copy, attempt, settlement);
                });
                // A receiver that is gone drops the delivery, which puts the item back.
                if sender.send(Delivery::new(item, attempt, Box::new(settle))).await.is_err() {
                    return;
                }
            }
        }));
        receiver
    }
}

#[async_trait]
impl Dispatcher for EmbeddedBroker {
    async fn publish(&self, submission: &Submission) -> Result<(), BrokerError> {
        self.lane(submission.lane)
            .push(submission.clone())
            .inspect_err(|error| self.metrics.publish_failures(error.kind()).inc())
    }

    fn results(&self) -> mpsc::Receiver<Delivery<JudgeResult>> {
        let (queue, unsettled) = (Arc::clone(&self.results), self.unsettled.clone());
        self.forward(&self.results, RESULT_PREFETCH, move |result, attempt, settlement| {
            if settlement == Settlement::Again {
                queue.put_back(result, attempt + 1);
            } else {
                unsettled.send_modify(|count| *count -= 1);
            }
        })
    }

    fn dead_letters(&self) -> mpsc::Receiver<Delivery<DeadLetter>> {
        let queue = Arc::clone(&self.dead);
        self.forward(&self.dead, RESULT_PREFETCH, move |letter, attempt, settlement| {
            if settlement == Settlement::Again {
                queue.put_back(letter, attempt + 1);
            }
        })
    }

    fn connected(&self) -> bool {
        true
    }
}

#[async_trait]
impl WorkSource for EmbeddedBroker {
    fn submissions(&self, lane: Lane, prefetch: u16) -> mpsc::Receiver<Delivery<Submission>> {
        let (queue, dead) = (Arc::clone(self.lane(lane)), Arc::clone(&self.dead));
        self.forward(self.lane(lane), usize::from(prefetch), move |submission, attempt, settlement| {
            let reason = match settlement {
                Settlement::Done => return,
                Settlement::Again if attempt < MAX_ATTEMPTS => {
                    return queue.put_back(submission, attempt + 1);
                }
                Settlement::Again => "delivery_limit",
                Settlement::Dead => "rejected",
            };
            dead.put_back(DeadLetter { id: Some(submission.id), reason: reason.to_owned() }, 1);
        })
    }

    async fn publish_result(&self, result: &JudgeResult) -> Result<(), BrokerError> {
        // Counted first: it may be settled before the next line.
        self.unsettled.send_modify(|count| *count += 1);
        self.results.push(result.clone()).inspect_err(|error| {
            self.metrics.publish_failures(error.kind()).inc();
            self.unsettled.send_modify(|count| *count -= 1);
        })
    }

    fn connected(&self) -> bool {
        true
    }
}

struct Queue<T> {
    items: Mutex<VecDeque<(T, u32)>>,
    ready: Notify,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { items: Mutex::default(), ready: Notify::new() }
    }
}

impl<T> Queue<T> {
    fn items(&self) -> MutexGuard<'_, VecDeque<(T, u32)>> {
        // A panic while holding it cannot leave a deque half changed.
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, item: T) -> Result<(), BrokerError> {
        let mut items = self.items();
        if items.len() >= CAPACITY {
            return Err(BrokerError::Refused(format!("{CAPACITY} messages wait already")));
        }
        items.push_back((item, 1));
        self.ready.notify_one();
        Ok(())
    }

    fn put_back(&self, item: T, attempt: u32) {
        self.items().push_front((item, attempt));
        self.ready.notify_one();
    }

    async fn pop(&self) -> (T, u32) {
        loop {
            // Taken out of the guard's life: the lock is not held over the await.
            let next = self.items().pop_front();
            if let Some(next) = next {
                return next;
            }
            self.ready.notified().await;
        }
    }
}

/// Calls back once with what became of a message; dropped unsettled, that is [`Settlement::Again`].
struct OnSettle<F: FnOnce(Settlement)>(Option<F>);

impl<F: FnOnce(Settlement)> OnSettle<F> {
    fn new(call: F) -> Self {
        Self(Some(call))
    }

    fn call(&mut self, settlement: Settlement) {
        if let Some(call) = self.0.take() {
            call(settlement);
        }
    }
}

#[async_trait]
impl<F: FnOnce(Settlement) + Send> Settle for OnSettle<F> {
    async fn settle(mut self: Box<Self>, settlement: Settlement) -> bool {
        self.call(settlement);
        true
    }
}

impl<F: FnOnce(Settlement)> Drop for OnSettle<F> {
    fn drop(&mut self) {
        self.call(Settlement::Again);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::{Checker, Limits, Payload, SubmissionId, Work};

    fn submission(lane: Lane) -> Submission {
        Submission {
            id: SubmissionId::new(),
            lane,
            language: "c".to_owned(),
            files: Vec::new(),
            args: Vec::new(),
            compiler_options: Vec::new(),
            limits: Limits::DEFAULT,
            work: Work::Run { stdin: Payload::default(), expected_output: None, checker: Checker::default() },
            stdout: false,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn broker() -> EmbeddedBroker {
        let metrics = BrokerMetrics::register(&gavel_platform::telemetry::Registry::default()).unwrap();
        EmbeddedBroker::new(metrics, TaskTracker::new(), CancellationToken::new())
    }

    #[tokio::test]
    async fn at_most_prefetch_are_unsettled() {
        let broker = broker();
        for _ in 0..3 {
            broker.publish(&submission(Lane::Practice)).await.unwrap();
        }
        let mut work = broker.submissions(Lane::Practice, 2);
        let first = work.recv().await.unwrap();
        let _second = work.recv().await.unwrap();
        tokio::task::yield_now().await;
        assert!(work.try_recv().is_err(), "a third delivery while two are unsettled");
        assert!(first.settle(Settlement::Done).await);
        assert!(work.recv().await.is_some());
    }

    #[tokio::test]
    async fn what_is_dropped_comes_again_and_the_third_time_is_the_last() {
        let broker = broker();
        let sent = submission(Lane::Contest);
        broker.publish(&sent).await.unwrap();
        let mut work = broker.submissions(Lane::Contest, 1);
        for attempt in 1..=MAX_ATTEMPTS {
            let delivery = work.recv().await.unwrap();
            assert_eq!((delivery.body.id, delivery.attempt), (sent.id, attempt));
            drop(delivery);
        }
        let letter = broker.dead_letters().recv().await.unwrap();
        assert_eq!(letter.body, DeadLetter { id: Some(sent.id), reason: "delivery_limit".to_owned() });
        assert!(work.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_drain_waits_until_the_last_result_is_settled() {
        let broker = broker();
        let of = gavel_model::SubmissionRef {
            id: SubmissionId::new(),
            lane: Lane::Practice,
            language: "c",
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let result = JudgeResult::judge_error(of, "w", 1, "for a test".to_owned());
        broker.publish_result(&result).await.unwrap();
        let delivery = broker.results().recv().await.unwrap();
        let drained = broker.results_settled();
        tokio::pin!(drained);
        assert!(futures_util::poll!(&mut drained).is_pending());
        delivery.settle(Settlement::Done).await;
        drained.await;
    }

    #[tokio::test]
    async fn a_receiver_that_goes_away_loses_nothing() {
        let broker = broker();
        broker.publish(&submission(Lane::Rejudge)).await.unwrap();
        let first = broker.submissions(Lane::Rejudge, 4);
        tokio::task::yield_now().await;
        drop(first);
        assert!(broker.submissions(Lane::Rejudge, 4).recv().await.is_some());
    }
}
