//! The last heartbeat of every worker, in memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    /// Which wait for one; those of workers that take nothing do not count.
    pub free: u32,
}

impl FleetSlots {
    /// Of all of them together.
    #[must_use]
    pub fn of(workers: &[Seen]) -> Self {
        workers.iter().fold(Self::default(), |sum, Seen { heartbeat, .. }| {
            let free = if heartbeat.takes() { heartbeat.slots.saturating_sub(heartbeat.busy) } else { 0 };
            Self { busy: sum.busy.saturating_add(heartbeat.busy), free: sum.free.saturating_add(free) }
        })
    }
}

/// How long what all workers take together is known without looking at each of them: a batch asks for every entry.
const OFFER_KEPT: Duration = Duration::from_millis(200);

/// What all workers that take submissions take, together.
struct Offer {
    languages: HashSet<String>,
    at: Instant,
}

/// Every worker that spoke lately. Cloning shares it.
#[derive(Clone, Default)]
pub struct Fleet {
    workers: Arc<Mutex<HashMap<String, Seen>>>,
    offer: Arc<Mutex<Option<Offer>>>,
}

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

    /// How many submissions all of them judge at a time, those that take nothing left out.
    #[must_use]
    pub fn slots(&self, now: Instant) -> u32 {
        let mut workers = self.workers();
        forget_the_gone(&mut workers, now);
        let taking = workers.values().filter(|seen| seen.heartbeat.takes());
        taking.fold(0, |slots, seen| slots.saturating_add(seen.heartbeat.slots))
    }

    /// The languages that are taken while this one is not, in order; nothing where some worker takes it, and where no worker
    /// takes anything: what is known of none may be starting. One that cannot keep programs in just now counts: its engine may be
    /// there again in a moment.
    #[must_use]
    pub fn lacks(&self, language: &str, now: Instant) -> Option<Vec<String>> {
        // A panic while holding it cannot leave it half changed.
        let mut kept = self.offer.lock().unwrap_or_else(PoisonError::into_inner);
        let offer = match kept.take() {
            Some(offer) if now.saturating_duration_since(offer.at) < OFFER_KEPT => offer,
            _ => Offer { languages: self.taken(now), at: now },
        };
        let offer = kept.insert(offer);
        if offer.languages.is_empty() || offer.languages.contains(language) {
            return None;
        }
        let mut others: Vec<String> = offer.languages.iter().cloned().collect();
        others.sort_unstable();
        Some(others)
    }

    fn taken(&self, now: Instant) -> HashSet<String> {
        let mut workers = self.workers();
        forget_the_gone(&mut workers, now);
        let taking = workers.values().filter(|seen| !seen.heartbeat.draining);
        taking.flat_map(|seen| seen.heartbeat.languages.iter().cloned()).collect()
    }

    /// Whether a worker of this name spoke lately.
    #[must_use]
    pub fn has(&self, worker: &str, now: Instant) -> bool {
        let mut workers = self.workers();
        forget_the_gone(&mut workers, now);
        workers.contains_key(worker)
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
        let takes = |heartbeat: &Heartbeat| (heartbeat.draining, heartbeat.languages.clone());
        let said = takes(&heartbeat);
        let before = workers.insert(heartbeat.id.clone(), Seen { heartbeat, seen_at: Timestamp::now(), at });
        drop(workers);
        // Never both locks at a time: who looks takes them in the other order.
        if before.is_none_or(|seen| takes(&seen.heartbeat) != said) {
            self.offer.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    fn workers(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        // A panic while holding it cannot leave the map half changed.
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn a_language_is_lacking_where_others_are_taken_and_it_is_not() {
        let (fleet, begin) = (Fleet::default(), Instant::now());
        let after = |seconds| begin + Duration::from_secs(seconds);
        let with = |id: &str, languages: &[&str], draining| Heartbeat {
            languages: languages.iter().map(ToString::to_string).collect(),
            draining,
            ..heartbeat(id, 0)
        };
        assert_eq!(fleet.lacks("c", begin), None, "nobody is known");
        fleet.note(with("a", &["python", "c"], false), after(1));
        fleet.note(with("b", &["go"], true), after(1));
        assert_eq!(fleet.lacks("c", after(1)), None);
        assert_eq!(fleet.lacks("go", after(1)), Some(vec!["c".to_owned(), "python".to_owned()]), "it drains");
        fleet.note(with("b", &["go"], false), after(1));
        assert_eq!(fleet.lacks("go", after(1)), None, "at once");
        fleet.note(with("b", &["go"], false), after(2));
        assert_eq!(fleet.lacks("go", after(2)), None);
        assert!(fleet.lacks("rust", after(16)).is_some(), "both are still there");
        fleet.note(with("b", &["go"], false), after(17));
        assert_eq!(fleet.lacks("c", after(17)), Some(vec!["go".to_owned()]), "a is gone");
        assert_eq!(fleet.lacks("c", after(60)), None, "all are");
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
