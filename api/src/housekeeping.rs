//! What is removed from the store once nobody needs it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::metrics::ApiMetrics;
use crate::store::{Store, StoreError, Task};

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(60);

/// How much is forgotten by one transaction, and the pause after it: whoever accepts or finishes waits for no more than that.
const PART: u32 = 500;
const PAUSE: Duration = Duration::from_millis(50);

/// After how long without anything new a batch that is not whole counts as abandoned: its client is gone, and so is the
/// process that received it.
const ABANDONED: Duration = Duration::from_secs(3 * 60);

/// How long clients' keys are remembered.
const KEYS: Duration = Duration::from_secs(24 * 60 * 60);

/// Keeps the store in order.
pub struct Housekeeper {
    /// The store.
    pub store: Arc<dyn Store>,
    /// How long what is final is kept; for good if there is nothing.
    pub keep_submissions: Option<Duration>,
    /// How long calls of clients are kept that are done with.
    pub keep_webhooks: Duration,
    /// What is measured.
    pub metrics: ApiMetrics,
}

impl Housekeeper {
    /// Looks every minute until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(PERIOD);
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            match shutdown.run_until_cancelled(self.tidy()).await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "what nobody needs stays in the store for now");
                }
                None => return,
            }
        }
    }

    async fn tidy(&self) -> Result<(), StoreError> {
        let Some(_turn) = self.store.turn(Task::Tidy).await? else { return Ok(()) };
        let now = self.store.now().await?;
        let abandoned = self.store.drop_abandoned(ago(now, ABANDONED)).await?;
        if abandoned > 0 {
            tracing::info!(batches = abandoned, "batches that were never whole are forgotten");
        }
        self.store.forget_keys(ago(now, KEYS)).await?;
        if let Some(keep) = self.keep_submissions {
            loop {
                let forgotten = self.store.forget_finished(ago(now, keep), PART).await?;
                if forgotten == 0 {
                    break;
                }
                self.metrics.forgotten().inc_by(forgotten);
                tokio::time::sleep(PAUSE).await;
            }
        }
        while self.store.forget_webhooks(ago(now, self.keep_webhooks), PART).await? > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

fn ago(now: Timestamp, duration: Duration) -> Timestamp {
    let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    now.checked_sub(duration).unwrap_or(Timestamp::MIN)
}
