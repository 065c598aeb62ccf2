//! Whether this worker takes anything more.

use std::future::pending;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Whether this worker takes anything more: not once its process is to end, and not while it was told to drain. Cloning
/// shares it.
#[derive(Clone)]
pub(crate) struct Drain {
    told: watch::Sender<bool>,
    shutdown: CancellationToken,
}

impl Drain {
    /// Of a process that ends with this.
    pub(crate) fn new(shutdown: CancellationToken) -> Self {
        Self { told: watch::Sender::new(false), shutdown }
    }

    /// What an order says: to drain, or to take submissions again.
    pub(super) fn tell(&self, draining: bool) {
        let news = self.told.send_replace(draining) != draining;
        if news && draining {
            tracing::info!("told to drain: what has begun is finished, nothing more is taken");
        } else if news {
            tracing::info!("told to take submissions again");
        }
    }

    /// Whether nothing more is taken.
    pub(crate) fn draining(&self) -> bool {
        self.shutdown.is_cancelled() || *self.told.borrow()
    }

    /// Waits until nothing more is taken, or until submissions are taken again; a process that is to end never does that.
    pub(super) async fn until(&self, draining: bool) {
        let mut told = self.told.subscribe();
        // The sender is in `self`, so the channel cannot close.
        let told = told.wait_for(|told| *told == draining);
        if draining {
            tokio::select! {
                _ = told => {}
                () = self.shutdown.cancelled() => {}
            }
        } else {
            drop(told.await);
            if self.shutdown.is_cancelled() {
                pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn a_worker_drains_while_it_is_told_to_and_for_good_when_it_ends() {
        let shutdown = CancellationToken::new();
        let drain = Drain::new(shutdown.clone());
        assert!(!drain.draining() && drain.until(true).now_or_never().is_none());
        drain.until(false).await;
        drain.tell(true);
        drain.until(true).await;
        assert!(drain.draining() && drain.until(false).now_or_never().is_none());
        drain.tell(false);
        drain.until(false).await;
        shutdown.cancel();
        drain.until(true).await;
        assert!(drain.draining() && drain.until(false).now_or_never().is_none());
    }
}
