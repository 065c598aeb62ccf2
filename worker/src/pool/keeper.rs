//! Keeps one shelf filled.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use tokio::sync::Semaphore;

use super::kind::Kind;
use super::sandboxes::Sandboxes;
use super::shelf::Shelf;
use crate::container::ContainerError;
use crate::metrics::SandboxState;

/// How often sandboxes that died while waiting are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MOST: Duration = Duration::from_secs(15);

/// The task that looks after one shelf.
pub(super) struct ShelfKeeper {
    pub(super) sandboxes: Sandboxes,
    pub(super) kind: Kind,
    /// Background starts compete with programs for the cores: a few at a time, over all shelves.
    pub(super) starts: Arc<Semaphore>,
}

impl ShelfKeeper {
    pub(super) async fn keep(self) {
        let Some(shelf) = self.sandboxes.shelf(&self.kind) else { return };
        let backoff = ExponentialBuilder::default()
            .with_min_delay(RETRY_FIRST)
            .with_max_delay(RETRY_MOST)
            .without_max_times();
        loop {
            let looked_after = (|| self.look_after(shelf)).retry(backoff).notify(|error, _| {
                tracing::warn!(
                    image = self.kind.label().as_str(),
                    error = error as &dyn std::error::Error,
                    "a sandbox could not be started ahead"
                );
            });
            if looked_after.await.is_ok() {
                shelf.until_taken(LOOK_EVERY).await;
            }
        }
    }

    /// Replaces the dead, ends those that nobody wants, starts those that are missing.
    async fn look_after(&self, shelf: &Shelf) -> Result<(), ContainerError> {
        shelf.drop_dead();
        shelf.stop(shelf.plan().stop);
        self.count(shelf);
        while shelf.plan().start > 0 {
            let Ok(_start) = self.starts.acquire().await else { return Ok(()) };
            let sandbox = self.sandboxes.engine().start(&shelf.spec).await?;
            if !shelf.put(sandbox) {
                return Ok(());
            }
            self.count(shelf);
        }
        Ok(())
    }

    fn count(&self, shelf: &Shelf) {
        let metrics = self.sandboxes.metrics();
        metrics.sandboxes(&self.kind.label(), SandboxState::Idle).set(shelf.idle() as f64);
    }
}
