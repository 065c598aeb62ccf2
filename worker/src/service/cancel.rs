//! Which submissions are canceled: those that are judged here stop, those that are delivered later are dropped.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gavel_model::SubmissionId;
use tokio_util::sync::CancellationToken;

/// How many cancellations are remembered, a few dozen bytes each. A submission whose own is forgotten when it is
/// delivered is judged in vain.
const REMEMBERED: usize = 100_000;

/// Every cancellation this worker heard of, and whom it concerns. Cloning shares it.
#[derive(Clone, Default)]
pub(super) struct Cancellations(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    running: HashMap<SubmissionId, Running>,
    canceled: HashSet<SubmissionId>,
    /// The same, oldest first.
    order: VecDeque<SubmissionId>,
}

/// A submission that is judged here, by more than one attempt while a lost connection has brought it back.
struct Running {
    token: CancellationToken,
    attempts: usize,
}

impl Cancellations {
    /// Registers an attempt; one that is canceled already is told so at once.
    pub(super) fn begin(&self, id: SubmissionId) -> Attempt {
        let mut known = self.known();
        let canceled = known.canceled.contains(&id);
        let running = known
            .running
            .entry(id)
            .or_insert_with(|| Running { token: CancellationToken::new(), attempts: 0 });
        running.attempts += 1;
        if canceled {
            running.token.cancel();
        }
        Attempt { id, token: running.token.clone(), cancellations: self.clone() }
    }

    /// Stops every attempt at a submission, and those to come.
    pub(super) fn cancel(&self, id: SubmissionId) {
        let mut known = self.known();
        if let Some(running) = known.running.get(&id) {
            running.token.cancel();
        }
        if known.canceled.insert(id) {
            known.order.push_back(id);
            if known.order.len() > REMEMBERED
                && let Some(oldest) = known.order.pop_front()
            {
                known.canceled.remove(&oldest);
            }
        }
    }

    fn end(&self, id: SubmissionId) {
        let mut known = self.known();
        if let Some(running) = known.running.get_mut(&id) {
            running.attempts -= 1;
            if running.attempts == 0 {
                known.running.remove(&id);
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // A panic while holding it cannot leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One attempt at a submission; dropping it ends it.
pub(super) struct Attempt {
    id: SubmissionId,
    token: CancellationToken,
    cancellations: Cancellations,
}

impl Attempt {
    /// Whether the submission is canceled.
    pub(super) fn is_canceled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// What comes of some work, or nothing when the submission is canceled first: the work is dropped then, and with it
    /// every sandbox it holds.
    pub(super) async fn unless_canceled<F: Future>(&self, work: F) -> Option<F::Output> {
        self.token.run_until_cancelled(work).await
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.cancellations.end(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::future::{pending, ready};

    #[tokio::test]
    async fn every_attempt_at_a_submission_stops_and_no_other() {
        let cancellations = Cancellations::default();
        let (one, other) = (SubmissionId::new(), SubmissionId::new());
        let attempts = [one, one, other].map(|id| cancellations.begin(id));
        cancellations.cancel(one);
        for attempt in &attempts[..2] {
            assert_eq!(attempt.unless_canceled(pending::<()>()).await, None);
        }
        assert_eq!(attempts[2].unless_canceled(ready(7)).await, Some(7));
        assert!(attempts[2].unless_canceled(pending::<()>()).now_or_never().is_none());
        drop(attempts);
        assert!(cancellations.known().running.is_empty(), "nothing is kept of what has ended");
    }

    #[tokio::test]
    async fn what_is_delivered_after_its_cancellation_is_not_begun() {
        let cancellations = Cancellations::default();
        let id = SubmissionId::new();
        cancellations.cancel(id);
        cancellations.cancel(id);
        for _ in 0..2 {
            let attempt = cancellations.begin(id);
            assert!(attempt.is_canceled());
            assert_eq!(attempt.unless_canceled(ready(())).await, None, "not even for a moment");
        }
        assert!(!cancellations.begin(SubmissionId::new()).is_canceled());
    }

    #[test]
    fn cancellations_without_end_do_not_fill_the_memory() {
        let cancellations = Cancellations::default();
        let first = SubmissionId::new();
        cancellations.cancel(first);
        for _ in 0..REMEMBERED {
            cancellations.cancel(SubmissionId::new());
        }
        let last = SubmissionId::new();
        cancellations.cancel(last);
        let known = cancellations.known();
        assert_eq!((known.canceled.len(), known.order.len()), (REMEMBERED, REMEMBERED));
        assert!(known.canceled.contains(&last) && !known.canceled.contains(&first));
    }
}
