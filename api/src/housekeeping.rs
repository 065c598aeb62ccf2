//! What is removed from the store once nobody needs it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::store::{Store, StoreError};

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(60);

/// After how long without anything new a batch that is not whole counts as abandoned: its client is gone, and so is the
/// process that received it.
const ABANDONED: SignedDuration = SignedDuration::from_mins(3);

/// How long clients' keys are remembered.
const KEYS: SignedDuration = SignedDuration::from_hours(24);

/// Looks every minute until `shutdown`.
pub async fn keep_house(store: Arc<dyn Store>, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(PERIOD);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        match shutdown.run_until_cancelled(tidy(store.as_ref(), Timestamp::now())).await {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what nobody needs stays in the store for now");
            }
            None => return,
        }
    }
}

async fn tidy(store: &dyn Store, now: Timestamp) -> Result<(), StoreError> {
    let abandoned = store.drop_abandoned(now.saturating_sub(ABANDONED).unwrap_or(Timestamp::MIN)).await?;
    if abandoned > 0 {
        tracing::info!(batches = abandoned, "batches that were never whole are forgotten");
    }
    store.forget_keys(now.saturating_sub(KEYS).unwrap_or(Timestamp::MIN)).await?;
    Ok(())
}
