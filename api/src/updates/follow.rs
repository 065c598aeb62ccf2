//! One reader's view of one submission.

use std::sync::Arc;

use gavel_model::{JudgeResult, SubmissionId};
use tokio::sync::watch;

use super::{Update, Updates};

/// Follows one submission; dropping it ends that.
pub struct Follow {
    id: SubmissionId,
    receiver: watch::Receiver<Option<Update>>,
    hub: Updates,
}

impl Follow {
    pub(super) const fn new(
        id: SubmissionId,
        receiver: watch::Receiver<Option<Update>>,
        hub: Updates,
    ) -> Self {
        Self { id, receiver, hub }
    }

    /// The newest update, once there is one that was not seen yet. Losing the future loses nothing.
    pub async fn next(&mut self) -> Update {
        loop {
            if self.receiver.changed().await.is_err() {
                // The topic lives as long as this follower does, so it never closes.
                std::future::pending::<()>().await;
            }
            if let Some(update) = self.receiver.borrow_and_update().clone() {
                return update;
            }
        }
    }

    /// The result, as soon as it is stored.
    pub async fn result(&mut self) -> Arc<JudgeResult> {
        loop {
            if let Update::Done(result) = self.next().await {
                return result;
            }
        }
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.hub.leave(self.id);
    }
}
