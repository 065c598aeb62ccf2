//! The events of one batch, as they are sent: read from the store, in the order in which submissions became final.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use gavel_model::{SubmissionId, Verdict};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::view::{BatchState, BatchView};
use crate::http::resume::{LAST, Resume, described};
use crate::state::AppState;
use crate::store::{BatchId, FinishedEntry, Store, StoreError};
use crate::updates::FollowBatch;

/// How many submissions are read at a time.
const PAGE: u32 = 32;

/// The pause between two looks while the batch changes all the time.
const PAUSE: Duration = Duration::from_millis(250);

/// A submission that became final.
#[derive(Serialize)]
struct FinishedView {
    index: u32,
    id: SubmissionId,
    verdict: Option<Verdict>,
    score: Option<f64>,
    cpu_ms: Option<f64>,
    memory_bytes: Option<u64>,
}

/// What is sent to one client.
pub struct BatchStream {
    store: Arc<dyn Store>,
    follow: FollowBatch,
    /// After how long it looks by itself: what another process stored it is not told of.
    look_every: Duration,
    id: BatchId,
    /// Everything up to this turn was sent.
    seen: u64,
    ready: VecDeque<Event>,
    /// Whether there may be more at once.
    behind: bool,
    ended: bool,
}

impl BatchStream {
    /// Begins with the counts, and behind what a client has seen.
    pub fn begin(state: &AppState, follow: FollowBatch, batch: &BatchView, resume: Resume) -> Self {
        let seen = match resume {
            Resume::After(place) => place.number(),
            Resume::Begin | Resume::Ended => 0,
        };
        Self {
            store: Arc::clone(&state.store),
            follow,
            look_every: state.config.keep_alive,
            id: batch.id,
            seen,
            ready: described("batch", batch).into_iter().collect(),
            behind: true,
            ended: false,
        }
    }

    /// The events, until the last one or `shutdown`.
    pub fn until(self, shutdown: CancellationToken) -> impl Stream<Item = Result<Event, Infallible>> {
        unfold((self, shutdown), |(mut stream, shutdown)| async move {
            let event = shutdown.run_until_cancelled(stream.next()).await??;
            Some((Ok(event), (stream, shutdown)))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.ended {
                return None;
            }
            if !self.behind {
                tokio::time::sleep(PAUSE).await;
                tokio::select! {
                    () = self.follow.changed() => {}
                    () = tokio::time::sleep(self.look_every) => {}
                }
            }
            if let Err(error) = self.look().await {
                // The client comes back with the last event it has seen.
                tracing::warn!(batch.id = %self.id, error = &error as &dyn std::error::Error, "a stream ends early");
                return None;
            }
        }
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        // Before its entries: what is final by these counts is among them.
        let batch = self.store.batch(self.id).await?.map(BatchView::from);
        let page = self.store.finished_entries(self.id, self.seen, PAGE).await?;
        self.behind = page.len() == PAGE as usize;
        let news = !page.is_empty();
        for entry in page {
            self.tell(entry);
        }
        match batch {
            None => self.ended = true,
            Some(batch) if batch.state != BatchState::Judging && !self.behind => {
                self.ready.extend(described("done", &batch).map(|event| event.id(LAST)));
                self.ended = true;
            }
            Some(batch) if news && !self.behind => self.ready.extend(described("batch", &batch)),
            Some(_) => {}
        }
        Ok(())
    }

    fn tell(&mut self, entry: FinishedEntry) {
        let FinishedEntry { turn, place, submission } = entry;
        self.seen = turn;
        let result = submission.result.as_ref();
        let view = FinishedView {
            index: place,
            id: submission.id,
            verdict: result.map(|result| result.verdict),
            score: result.and_then(|result| result.score),
            cpu_ms: result.map(|result| result.cpu_ms),
            memory_bytes: result.and_then(|result| result.memory_bytes),
        };
        self.ready.extend(described("result", &view).map(|event| event.id(turn.to_string())));
    }
}
