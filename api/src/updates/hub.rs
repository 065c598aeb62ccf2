//! The hub: who follows what.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gavel_model::{JudgeResult, JudgingEvent, JudgingStep, SubmissionId};
use prometheus::Gauge;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::batches::Batches;
use super::log::Log;
use super::{Follow, FollowBatch};
use crate::store::BatchId;

/// How long the steps of a submission are kept for a client that may come back.
const RETURN_WITHIN: Duration = Duration::from_secs(15);

/// Of how many submissions they are kept at most; beyond it those go first whose clients left first.
const MOST_LEFT: usize = 1_000;

/// How often what nobody came back for is looked for.
const FORGET_EVERY: Duration = Duration::from_secs(5);

/// The last steps of one submission, and how many follow it.
struct Topic {
    log: watch::Sender<Log>,
    followers: usize,
    /// Until when it is kept without a follower.
    kept_until: Option<Instant>,
}

#[derive(Default)]
struct Topics {
    followed: HashMap<SubmissionId, Topic>,
    /// Those that a client left which may come back, by when that was; some are followed again or gone by now.
    left: VecDeque<(Instant, SubmissionId)>,
}

/// Who follows which submission. Cloning shares it.
#[derive(Clone)]
pub struct Updates {
    topics: Arc<Mutex<Topics>>,
    batches: Batches,
    begun: mpsc::Sender<SubmissionId>,
    following: Gauge,
}

impl Updates {
    /// A hub that nobody listens to yet; the gauge shows how many do. It tells of each submission that a worker begins, as
    /// far as there is room.
    #[must_use]
    pub fn new(following: Gauge, begun: mpsc::Sender<SubmissionId>) -> Self {
        Self { topics: Arc::default(), batches: Batches::default(), begun, following }
    }

    /// Begins to follow a batch. To miss nothing, begin before looking into the store.
    #[must_use]
    pub fn follow_batch(&self, id: BatchId) -> FollowBatch {
        self.batches.follow(id)
    }

    /// Tells that submissions of a batch became final, which is stored, to everybody who follows it.
    pub fn batch_changed(&self, id: BatchId) {
        self.batches.changed(id);
    }

    /// Tells everybody who follows a batch that something of it may have become final.
    pub fn batches_changed(&self) {
        self.batches.all_changed();
    }

    /// Whether somebody follows a submission, or may come back to it, whose end is not told yet.
    #[must_use]
    pub fn is_awaited(&self, id: SubmissionId) -> bool {
        self.topics().followed.get(&id).is_some_and(|topic| topic.log.borrow().done().is_none())
    }

    /// Every submission that somebody follows, or may come back to.
    #[must_use]
    pub fn followed(&self) -> Vec<SubmissionId> {
        self.topics().followed.keys().copied().collect()
    }

    /// Begins to follow a submission. To miss nothing, begin before it is published, or before looking into the store.
    #[must_use]
    pub fn follow(&self, id: SubmissionId) -> Follow {
        self.begin(id, false)
    }

    /// [`Updates::follow`] by a client that may lose its connection and come back: steps are kept for it a while.
    #[must_use]
    pub fn follow_with_return(&self, id: SubmissionId) -> Follow {
        self.begin(id, true)
    }

    fn begin(&self, id: SubmissionId, returns: bool) -> Follow {
        let mut topics = self.topics();
        let topic = topics.followed.entry(id).or_insert_with(|| Topic {
            log: watch::Sender::new(Log::default()),
            followers: 0,
            kept_until: None,
        });
        topic.followers += 1;
        self.following.inc();
        Follow::new(id, topic.log.subscribe(), self.clone(), returns)
    }

    /// Hands on what workers tell until the stream ends or the service does, and forgets what nobody came back for.
    pub async fn relay(self, mut events: mpsc::Receiver<JudgingEvent>, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(FORGET_EVERY);
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.step(event),
                    None => return,
                },
                _ = ticks.tick() => self.topics().forget(Instant::now()),
                () = shutdown.cancelled() => return,
            }
        }
    }

    /// Tells a step of a submission to everybody who follows it.
    pub fn step(&self, event: JudgingEvent) {
        if event.step == JudgingStep::Unknown {
            return;
        }
        if event.number == 1 {
            // The state of a submission tells that it is begun; where the note is lost it is told a little less.
            self.begun.try_send(event.id).ok();
        }
        if let Some(topic) = self.topics().followed.get(&event.id) {
            topic.log.send_if_modified(|log| log.add(event));
        }
    }

    /// Tells the final result of a submission, which is stored, to everybody who follows it.
    pub fn done(&self, result: &Arc<JudgeResult>) {
        let mut topics = self.topics();
        if let Some(topic) = topics.followed.get(&result.id) {
            topic.log.send_if_modified(|log| log.finish(result));
            if topic.followers == 0 {
                // Who comes back finds it in the store.
                topics.followed.remove(&result.id);
            }
        }
    }

    /// One follower less; the last one takes the topic along, unless it may come back for it.
    pub(super) fn leave(&self, id: SubmissionId, returns: bool) {
        self.following.dec();
        let mut topics = self.topics();
        let Some(topic) = topics.followed.get_mut(&id) else { return };
        topic.followers -= 1;
        let worth_it = {
            let log = topic.log.borrow();
            log.newest().is_some() && log.done().is_none()
        };
        if returns && worth_it {
            let until = Instant::now() + RETURN_WITHIN;
            topic.kept_until = Some(until);
            topics.left.push_back((until, id));
            if topics.left.len() > MOST_LEFT {
                topics.forget_first();
            }
        } else if topic.followers == 0 && topic.kept_until.is_none() {
            topics.followed.remove(&id);
        }
    }

    fn topics(&self) -> MutexGuard<'_, Topics> {
        // A panic while holding it cannot leave the map half changed.
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Topics {
    fn forget(&mut self, now: Instant) {
        while self.left.front().is_some_and(|(until, _)| *until <= now) {
            self.forget_first();
        }
    }

    /// Forgets what a client left first, unless it is followed or was left again since.
    fn forget_first(&mut self) {
        let Some((until, id)) = self.left.pop_front() else { return };
        if let Some(topic) = self.followed.get_mut(&id)
            && topic.kept_until == Some(until)
        {
            topic.kept_until = None;
            if topic.followers == 0 {
                self.followed.remove(&id);
            }
        }
    }
}

#[cfg(test)]
mod tests;
