//! Who follows which batch.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::store::BatchId;

/// Tells that something of a batch changed; what that is, is in the store. Cloning shares it.
#[derive(Clone, Default)]
pub(super) struct Batches(Arc<Mutex<HashMap<BatchId, watch::Sender<()>>>>);

/// Follows one batch; dropping it ends that.
pub struct FollowBatch {
    id: BatchId,
    changes: watch::Receiver<()>,
    from: Batches,
}

impl Batches {
    pub(super) fn follow(&self, id: BatchId) -> FollowBatch {
        let changes = self.topics().entry(id).or_insert_with(|| watch::Sender::new(())).subscribe();
        FollowBatch { id, changes, from: self.clone() }
    }

    pub(super) fn changed(&self, id: BatchId) {
        if let Some(topic) = self.topics().get(&id) {
            topic.send_replace(());
        }
    }

    /// Any of them may have changed.
    pub(super) fn all_changed(&self) {
        for topic in self.topics().values() {
            topic.send_replace(());
        }
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<BatchId, watch::Sender<()>>> {
        // A panic while holding it cannot leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FollowBatch {
    /// The next change after the last one that this told, or that was before it began. Losing the future loses nothing.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            // The topic lives as long as this follower does, so it never closes.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for FollowBatch {
    fn drop(&mut self) {
        let mut topics = self.from.topics();
        // This one is still counted.
        if topics.get(&self.id).is_some_and(|topic| topic.receiver_count() <= 1) {
            topics.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_follower_takes_the_topic_along() {
        let batches = Batches::default();
        let id = BatchId::new();
        batches.changed(id);
        let (mut one, other) = (batches.follow(id), batches.follow(id));
        batches.changed(id);
        one.changed().await;
        drop(one);
        assert_eq!(batches.topics().len(), 1);
        drop(other);
        assert!(batches.topics().is_empty());
    }
}
