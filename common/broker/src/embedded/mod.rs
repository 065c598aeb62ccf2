//! The broker of `gavel up`: bounded queues in one process.
//!
//! The store makes it durable: at start, every unfinished submission is published again.

mod dead;
mod fanout;
mod live;
mod queue;
mod settle;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::dead::DeadLetters;
use self::fanout::Fanout;
use self::live::LiveEnds;
use self::queue::{Item, Queue};
use self::settle::OnSettle;
use crate::{
    BrokerError, BrokerMetrics, DeadLetter, Delivery, Dispatcher, Headers, LiveLink, MAX_ATTEMPTS,
    Settlement, Visit, Walk, WorkSource,
};
use gavel_model::{
    Control, Heartbeat, JudgeResult, JudgingEvent, Lane, LiveInput, LiveOutput, LiveRun, Submission,
};

/// How many results are handed over before the API settles the first.
const RESULT_PREFETCH: usize = 64;

/// Queues between the API and the worker of the same process.
#[derive(Clone)]
pub struct EmbeddedBroker {
    lanes: [Arc<Queue<Submission>>; Lane::ALL.len()],
    results: Arc<Queue<JudgeResult>>,
    dead: Arc<Queue<DeadLetter>>,
    kept: Arc<DeadLetters>,
    heartbeats: Arc<Fanout<Heartbeat>>,
    controls: Arc<Fanout<Control>>,
    events: Arc<Fanout<JudgingEvent>>,
    live: Arc<Queue<LiveRun>>,
    live_ends: Arc<LiveEnds>,
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
            kept: Arc::default(),
            heartbeats: Arc::default(),
            controls: Arc::default(),
            events: Arc::default(),
            live: Arc::default(),
            live_ends: Arc::default(),
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
        F: Fn(Item<T>, Settlement) + Clone + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(prefetch.max(1));
        let permits = Arc::new(Semaphore::new(prefetch.max(1)));
        let (queue, shutdown) = (Arc::clone(queue), self.shutdown.clone());
        self.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
                let item = tokio::select! {
                    next = queue.pop() => next,
                    () = sender.closed() => return,
                };
                let (settled, copy) = (settled.clone(), item.clone());
                let settle = OnSettle::new(move |settlement| {
                    drop(permit);
                    settled(copy, settlement);
                });
                let Item { body, headers, attempt } = item;
                let delivery = Delivery::new(body, attempt, Box::new(settle)).with_headers(headers);
                // A receiver that is gone drops the delivery, which puts the item back.
                if sender.send(delivery).await.is_err() {
                    return;
                }
            }
        }));
        receiver
    }

    /// Listens to what may be lost, until the receiver is dropped or the process ends.
    fn listen<T: Clone + Send + 'static>(&self, fanout: &Arc<Fanout<T>>) -> mpsc::Receiver<T> {
        let receiver = fanout.listen();
        let (shutdown, fanout) = (self.shutdown.clone(), Arc::clone(fanout));
        self.tasks.spawn(async move {
            shutdown.cancelled().await;
            fanout.close();
        });
        receiver
    }
}

#[async_trait]
impl Dispatcher for EmbeddedBroker {
    async fn publish_with(&self, submission: &Submission, headers: &Headers) -> Result<(), BrokerError> {
        self.lane(submission.lane)
            .push(submission.clone(), headers.clone())
            .inspect_err(|error| self.metrics.publish_failures(error.kind()).inc())
    }

    fn results(&self) -> mpsc::Receiver<Delivery<JudgeResult>> {
        let (queue, unsettled) = (Arc::clone(&self.results), self.unsettled.clone());
        self.forward(&self.results, RESULT_PREFETCH, move |result, settlement| {
            if !queue.take_back(result, settlement) {
                unsettled.send_modify(|count| *count -= 1);
            }
        })
    }

    fn dead_letters(&self) -> mpsc::Receiver<Delivery<DeadLetter>> {
        let queue = Arc::clone(&self.dead);
        self.forward(&self.dead, RESULT_PREFETCH, move |letter, settlement| {
            queue.take_back(letter, settlement);
        })
    }

    fn heartbeats(&self) -> mpsc::Receiver<Heartbeat> {
        self.listen(&self.heartbeats)
    }

    fn events(&self) -> mpsc::Receiver<JudgingEvent> {
        self.listen(&self.events)
    }

    async fn send_control(&self, control: &Control) -> Result<(), BrokerError> {
        self.controls.send(control);
        Ok(())
    }

    async fn walk_dead(&self, most: usize, visit: &mut Visit<'_>) -> Result<Walk, BrokerError> {
        let push = |submission: &Submission, headers: &Headers| {
            self.lane(submission.lane).push(submission.clone(), headers.clone())
        };
        Ok(self.kept.walk(most, visit, push))
    }

    async fn open_live(
        &self,
        mut run: LiveRun,
        _within: Duration,
    ) -> Result<LiveLink<LiveInput, LiveOutput>, BrokerError> {
        // What nobody waits for any more makes room.
        self.live.retain(|run| self.live_ends.wanted(run));
        let link = self.live_ends.open(&mut run);
        let pushed = self.live.push(run, Headers::default());
        pushed.inspect_err(|error| self.metrics.publish_failures(error.kind()).inc())?;
        Ok(link)
    }

    fn connected(&self) -> bool {
        true
    }
}

#[async_trait]
impl WorkSource for EmbeddedBroker {
    fn submissions(&self, lane: Lane, prefetch: u16) -> mpsc::Receiver<Delivery<Submission>> {
        let (queue, dead, kept) =
            (Arc::clone(self.lane(lane)), Arc::clone(&self.dead), Arc::clone(&self.kept));
        self.forward(self.lane(lane), usize::from(prefetch), move |submission, settlement| {
            let reason = match settlement {
                Settlement::Again if submission.attempt >= MAX_ATTEMPTS => DeadLetter::DELIVERY_LIMIT,
                Settlement::Dead => DeadLetter::REJECTED,
                Settlement::Done | Settlement::Again | Settlement::Unbegun => {
                    queue.take_back(submission, settlement);
                    return;
                }
            };
            let Item { body, headers, .. } = submission;
            let letter = DeadLetter { id: Some(body.id), reason: reason.to_owned() };
            kept.keep(body, headers.clone(), reason);
            dead.put_back(Item { body: letter, headers, attempt: 1 });
        })
    }

    async fn publish_result_with(&self, result: &JudgeResult, headers: &Headers) -> Result<(), BrokerError> {
        // Counted first: it may be settled before the next line.
        self.unsettled.send_modify(|count| *count += 1);
        self.results.push(result.clone(), headers.clone()).inspect_err(|error| {
            self.metrics.publish_failures(error.kind()).inc();
            self.unsettled.send_modify(|count| *count -= 1);
        })
    }

    async fn send_heartbeat(&self, heartbeat: &Heartbeat) -> Result<(), BrokerError> {
        self.heartbeats.send(heartbeat);
        Ok(())
    }

    async fn send_event(&self, event: &JudgingEvent) -> Result<(), BrokerError> {
        self.events.send(event);
        Ok(())
    }

    fn controls(&self) -> mpsc::Receiver<Control> {
        self.listen(&self.controls)
    }

    fn live_runs(&self, prefetch: u16) -> mpsc::Receiver<Delivery<LiveRun>> {
        let queue = Arc::clone(&self.live);
        self.forward(&self.live, usize::from(prefetch), move |run, settlement| {
            queue.take_back(run, settlement);
        })
    }

    async fn join_live(
        &self,
        run: &LiveRun,
        worker: &str,
    ) -> Result<LiveLink<LiveOutput, LiveInput>, BrokerError> {
        self.live_ends.join(run, worker)
    }

    fn connected(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
