//! The last heartbeat of every worker, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use gavel_model::Heartbeat;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How many workers are remembered; further ones are passed over until one of these is gone.
const MOST: usize = 10_000;

/// What a worker last said, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What it said.
    pub heartbeat: Heartbeat,
    /// When that arrived here.
    pub seen_at: Timestamp,
    /// The same, by a clock that nobody sets.
    at: Instant,
}

/// The slots of some workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FleetSlots {
    /// On which a submission is judged.
    pub busy: u32,
    /// Which wait for one; those of draining workers do not count.
    pub free: u32,
}

impl FleetSlots {
    /// Of all of them together.
    #[must_use]
    pub fn of(workers: &[Seen]) -> Self {
        workers.iter().fold(Self::default(), |sum, Seen { heartbeat, .. }| {
            let free = if heartbeat.draining { 0 } else { heartbeat.slots.saturating_sub(heartbeat.busy) };
            Self { busy: sum.busy.saturating_add(heartbeat.busy), free: sum.free.saturating_add(free) }
        })
    }
}

/// Every worker that spoke lately. Cloning shares it.
#[derive(Clone, Default)]
pub struct Fleet(Arc<Mutex<HashMap<String, Seen>>>);

impl Fleet {
    /// Takes heartbeats until the stream ends or the service does.
    pub async fn follow(self, mut heartbeats: mpsc::Receiver<Heartbeat>, shutdown: CancellationToken) {
        while let Some(Some(heartbeat)) = shutdown.run_until_cancelled(heartbeats.recv()).await {
            self.note(heartbeat, Instant::now());
        }
    }

    /// Every worker that spoke within [`Heartbeat::GONE_AFTER`], by id.
    #[must_use]
    pub fn list(&self, now: Instant) -> Vec<Seen> {
        let mut workers = self.workers();
        forget_the_gone(&mut workers, now);
        let mut all: Vec<Seen> = workers.values().cloned().collect();
        all.sort_by(|a, b| a.heartbeat.id.cmp(&b.heartbeat.id));
        all
    }

    /// How many submissions all of them judge at a time, those that drain left out.
    #[must_use]
    pub fn slots(&self, now: Instant) -> u32 {
        let mut workers = self.workers();
        forget_the_gone(&mut workers, now);
        let taking = workers.values().filter(|seen| !seen.heartbeat.draining);
        taking.fold(0, |slots, seen| slots.saturating_add(seen.heartbeat.slots))
    }

    fn note(&self, heartbeat: Heartbeat, at: Instant) {
        let mut workers = self.workers();
        if workers.len() >= MOST && !workers.contains_key(&heartbeat.id) {
            forget_the_gone(&mut workers, at);
            if workers.len() >= MOST {
                tracing::debug!(worker = heartbeat.id, "more workers than are remembered");
                return;
            }
        }
        workers.insert(heartbeat.id.clone(), Seen { heartbeat, seen_at: Timestamp::now(), at });
    }

    fn workers(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        // A panic while holding it cannot leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_the_gone(workers: &mut HashMap<String, Seen>, now: Instant) {
    workers.retain(|_, seen| now.saturating_duration_since(seen.at) <= Heartbeat::GONE_AFTER);
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_testkit::heartbeat;
    use std::time::Duration;

    fn listed(fleet: &Fleet, now: Instant) -> Vec<(String, u32)> {
        let all = fleet.list(now).into_iter();
        all.map(|seen| (seen.heartbeat.id, seen.heartbeat.busy)).collect()
    }

    #[test]
    fn the_last_word_of_each_counts_and_the_silent_are_gone() {
        let (fleet, begin) = (Fleet::default(), Instant::now());
        let after = |seconds| begin + Duration::from_secs(seconds);
        fleet.note(heartbeat("b", 1), begin);
        fleet.note(heartbeat("a", 2), begin);
        fleet.note(heartbeat("b", 3), after(10));
        assert_eq!(listed(&fleet, after(10)), [("a".to_owned(), 2), ("b".to_owned(), 3)]);
        assert_eq!(listed(&fleet, after(16)), [("b".to_owned(), 3)]);
        assert_eq!(listed(&fleet, after(26)), []);
        assert!(fleet.workers().is_empty(), "what is gone is not kept");
    }

    #[test]
    fn names_without_end_do_not_fill_the_memory() {
        let (fleet, begin) = (Fleet::default(), Instant::now());
        for k in 0..MOST + 5 {
            fleet.note(heartbeat(&k.to_string(), 0), begin);
        }
        assert_eq!(fleet.workers().len(), MOST);
        fleet.note(heartbeat("0", 7), begin);
        assert_eq!(fleet.workers()["0"].heartbeat.busy, 7, "those that are known are still heard");
        let later = begin + Heartbeat::GONE_AFTER * 2;
        fleet.note(heartbeat("new", 1), later);
        assert_eq!(listed(&fleet, later), [("new".to_owned(), 1)]);
    }
}
