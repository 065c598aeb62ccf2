//! Taking note of what a broker answers for, off the road of the request and many at a time.

use std::sync::Arc;

use gavel_model::SubmissionId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// How many notes wait at most; a request that finds them all taken waits for room.
const CAPACITY: usize = 1_024;

/// How many notes become one transaction.
const BATCH: usize = 256;

/// Where published submissions are noted.
#[derive(Clone)]
pub struct Published {
    notes: mpsc::Sender<SubmissionId>,
}

/// The notes, to be written down by [`write`].
pub struct Notes(mpsc::Receiver<SubmissionId>);

impl Published {
    /// Makes both ends.
    #[must_use]
    pub fn new() -> (Self, Notes) {
        let (notes, receiver) = mpsc::channel(CAPACITY);
        (Self { notes }, Notes(receiver))
    }

    /// Notes a submission. A note that is lost costs a second publication, whose result the store drops.
    pub async fn note(&self, id: SubmissionId) {
        if self.notes.send(id).await.is_err() {
            tracing::debug!(submission.id = %id, "published while the service ends; it may be published again");
        }
    }
}

/// Writes notes down until `shutdown`, and then those that are there already.
pub async fn write(mut notes: Notes, store: Arc<dyn Store>, shutdown: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let count = tokio::select! {
            count = notes.0.recv_many(&mut batch, BATCH) => count,
            () = shutdown.cancelled() => {
                notes.0.close();
                notes.0.recv_many(&mut batch, CAPACITY).await
            }
        };
        if count == 0 {
            return;
        }
        if let Err(error) = store.mark_published(&batch).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                submissions = batch.len(),
                "published, but the store could not be told; they will be published again"
            );
        }
        batch.clear();
    }
}
