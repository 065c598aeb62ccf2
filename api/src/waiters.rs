//! Clients that wait for a result, by submission.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gavel_model::{JudgeResult, SubmissionId};
use prometheus::Gauge;
use tokio::sync::watch;

type Slot = watch::Sender<Option<Arc<JudgeResult>>>;

/// Who waits for what. Cloning shares the registry.
#[derive(Clone)]
pub struct Waiters {
    slots: Arc<Mutex<HashMap<SubmissionId, Slot>>>,
    waiting: Gauge,
}

/// One client's wait; dropping it ends the wait.
pub struct Waiter {
    id: SubmissionId,
    receiver: watch::Receiver<Option<Arc<JudgeResult>>>,
    registry: Waiters,
}

impl Waiters {
    /// An empty registry that shows its size in a gauge.
    #[must_use]
    pub fn new(waiting: Gauge) -> Self {
        Self { slots: Arc::default(), waiting }
    }

    /// Begins to wait. To miss nothing, begin before publishing, or before looking into the store.
    #[must_use]
    pub fn register(&self, id: SubmissionId) -> Waiter {
        let receiver = self.slots().entry(id).or_insert_with(|| watch::Sender::new(None)).subscribe();
        self.waiting.inc();
        Waiter { id, receiver, registry: self.clone() }
    }

    /// Hands a stored result to everybody who waits for it.
    pub fn wake(&self, result: &Arc<JudgeResult>) {
        if let Some(slot) = self.slots().get(&result.id) {
            slot.send_replace(Some(Arc::clone(result)));
        }
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<SubmissionId, Slot>> {
        // A panic while holding it cannot leave the map half changed.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    /// The result, as soon as it is stored.
    pub async fn result(&mut self) -> Arc<JudgeResult> {
        match self.receiver.wait_for(Option::is_some).await.map(|result| result.clone()) {
            Ok(Some(result)) => result,
            // The slot lives in the registry as long as this waiter does, so it never closes.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.registry.waiting.dec();
        let mut slots = self.registry.slots();
        if slots.get(&self.id).is_some_and(|slot| slot.receiver_count() <= 1) {
            slots.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::judge_error;
    use crate::store::Stored;
    use gavel_model::Lane;

    fn waiters() -> Waiters {
        Waiters::new(Gauge::new("waiters", "waiters").unwrap())
    }

    fn result(id: SubmissionId) -> Arc<JudgeResult> {
        let stored = Stored {
            id,
            lane: Lane::Practice,
            language: "c".to_owned(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            result: None,
        };
        Arc::new(judge_error(&stored, "for a test"))
    }

    #[tokio::test]
    async fn everybody_who_waits_is_woken_and_nothing_is_left_behind() {
        let waiters = waiters();
        let id = SubmissionId::new();
        let (mut first, mut second) = (waiters.register(id), waiters.register(id));
        let _other = waiters.register(SubmissionId::new());
        assert_eq!(waiters.waiting.get(), 3.0);
        waiters.wake(&result(id));
        assert_eq!((first.result().await.id, second.result().await.id), (id, id));
        drop((first, second));
        assert_eq!((waiters.waiting.get(), waiters.slots().len()), (1.0, 1));
    }

    #[tokio::test]
    async fn a_result_nobody_waits_for_is_not_kept() {
        let waiters = waiters();
        waiters.wake(&result(SubmissionId::new()));
        assert!(waiters.slots().is_empty());
    }
}
