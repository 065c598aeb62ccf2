//! What other processes store, told to whoever follows it here.

use std::sync::Arc;
use std::time::Duration;

use gavel_model::SubmissionId;
use prometheus::IntCounter;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Updates;
use crate::store::{Store, StoreError, StoreNews};

/// How much of what was heard waits at most; the store waits for room then.
const CAPACITY: usize = 1_024;

/// After how long the store is asked again that did not answer.
const AGAIN: Duration = Duration::from_millis(500);

/// Hears what becomes final and tells it, until `shutdown`; ends at once where no other process shares the store.
pub async fn retell(
    updates: Updates,
    store: Arc<dyn Store>,
    missed: IntCounter,
    shutdown: CancellationToken,
) {
    let (sender, news) = mpsc::channel(CAPACITY);
    tokio::select! {
        () = store.listen(&sender) => {}
        () = tell_all(&updates, &*store, news, &missed) => {}
        () = shutdown.cancelled() => {}
    }
}

async fn tell_all(
    updates: &Updates,
    store: &dyn Store,
    mut news: mpsc::Receiver<StoreNews>,
    missed: &IntCounter,
) {
    let mut failed = false;
    loop {
        let heard = if failed {
            tokio::time::sleep(AGAIN).await;
            Some(StoreNews::Missed)
        } else {
            news.recv().await
        };
        let told = match heard {
            None => return,
            Some(StoreNews::Final(id, batch)) => {
                let told = tell(updates, store, id).await;
                // A batch's followers read the store themselves.
                batch.into_iter().for_each(|batch| updates.batch_changed(batch));
                told
            }
            Some(StoreNews::Missed) => {
                missed.inc();
                updates.batches_changed();
                tell_missed(updates, store).await
            }
        };
        failed = told.is_err();
        if let Err(error) = told {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "what became final waits for the store"
            );
        }
    }
}

async fn tell_missed(updates: &Updates, store: &dyn Store) -> Result<(), StoreError> {
    for id in updates.followed() {
        tell(updates, store, id).await?;
    }
    Ok(())
}

/// Tells the result of a submission, if somebody here waits for it.
async fn tell(updates: &Updates, store: &dyn Store, id: SubmissionId) -> Result<(), StoreError> {
    if updates.is_awaited(id)
        && let Some(result) = store.get(id).await?.and_then(|stored| stored.result)
    {
        updates.done(&Arc::new(result));
    }
    Ok(())
}
