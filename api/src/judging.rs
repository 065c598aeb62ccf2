//! Taking note of what workers have begun.

use std::sync::Arc;
use std::time::Duration;

use gavel_model::SubmissionId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// How many notes wait at most; more are lost, and with them nothing but a word.
pub const CAPACITY: usize = 1_024;

/// How long notes are gathered: what is final by then, as most short programs are, costs no write.
const GATHER: Duration = Duration::from_millis(300);

/// Writes down that submissions were begun, until `shutdown`.
pub async fn write(
    mut begun: mpsc::Receiver<SubmissionId>,
    store: Arc<dyn Store>,
    shutdown: CancellationToken,
) {
    let mut notes = Vec::with_capacity(CAPACITY);
    while let Some(Some(first)) = shutdown.run_until_cancelled(begun.recv()).await {
        notes.push(first);
        if shutdown.run_until_cancelled(tokio::time::sleep(GATHER)).await.is_none() {
            return;
        }
        while notes.len() < CAPACITY
            && let Ok(next) = begun.try_recv()
        {
            notes.push(next);
        }
        if let Err(error) = store.mark_judging(&notes).await {
            let error = &error as &dyn std::error::Error;
            tracing::debug!(error, submissions = notes.len(), "the store could not be told what was begun");
        }
        notes.clear();
    }
}
