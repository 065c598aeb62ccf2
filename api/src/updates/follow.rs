//! One reader's view of one submission.

use std::sync::Arc;

use gavel_model::{JudgeResult, JudgingEvent, SubmissionId};
use tokio::sync::watch;

use super::log::Log;
use super::{Position, Updates};

/// Follows one submission; dropping it ends that.
pub struct Follow {
    id: SubmissionId,
    log: watch::Receiver<Log>,
    hub: Updates,
    /// Whether it may come back, by another connection of the same client.
    returns: bool,
}

/// What is new of a submission.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The steps that followed, in their order.
    Steps(Vec<Arc<JudgingEvent>>),
    /// Steps that are not kept any more, up to this one.
    Missed(Arc<JudgingEvent>),
    /// Its final result is stored.
    Done(Arc<JudgeResult>),
}

impl Follow {
    pub(super) const fn new(
        id: SubmissionId,
        log: watch::Receiver<Log>,
        hub: Updates,
        returns: bool,
    ) -> Self {
        Self { id, log, hub, returns }
    }

    /// The newest step that is known here.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<JudgingEvent>> {
        self.log.borrow().newest().cloned()
    }

    /// Whether a reader that has seen everything up to a place can go on from there.
    #[must_use]
    pub fn continues(&self, seen: Position) -> bool {
        self.log.borrow().continues(seen)
    }

    /// What follows a place, once there is something. Losing the future loses nothing.
    pub async fn after(&mut self, seen: Position) -> News {
        loop {
            let news = self.log.borrow_and_update().after(seen);
            match news {
                Some(news) => return news,
                None => self.changed().await,
            }
        }
    }

    /// The result, as soon as it is stored.
    pub async fn result(&mut self) -> Arc<JudgeResult> {
        loop {
            let done = self.log.borrow_and_update().done().cloned();
            match done {
                Some(result) => return result,
                None => self.changed().await,
            }
        }
    }

    async fn changed(&mut self) {
        if self.log.changed().await.is_err() {
            // The topic lives as long as this follower does, so it never closes.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.hub.leave(self.id, self.returns);
    }
}
