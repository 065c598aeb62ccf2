//! Which sandboxes the kernel ended for memory.
//!
//! The runner reports kills inside a sandbox itself. Only when the runner is the victim does the stream simply
//! end, and then the engine's `oom` event is what tells memory from a fault of ours.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bollard::Docker;
use bollard::query_parameters::EventsOptionsBuilder;
use futures_util::StreamExt as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::create::{Identity, LABEL_BOOT};

/// Ids remembered; old ones are of sandboxes long gone.
const REMEMBERED: usize = 256;
/// How long after a stream's end the engine's event may come.
const EVENT_WITHIN: Duration = Duration::from_millis(500);
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The sandboxes that ran out of memory lately.
#[derive(Clone, Default)]
pub struct OomWatch(Arc<Seen>);

#[derive(Default)]
struct Seen {
    ids: Mutex<VecDeque<String>>,
    news: Notify,
}

impl OomWatch {
    pub(super) fn start(
        docker: Docker,
        identity: &Identity,
        tasks: &TaskTracker,
        shutdown: CancellationToken,
    ) -> Self {
        let watch = Self::default();
        let seen = watch.clone();
        let filters = HashMap::from([
            ("event".to_owned(), vec!["oom".to_owned()]),
            ("label".to_owned(), vec![format!("{LABEL_BOOT}={}", identity.boot)]),
        ]);
        tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            loop {
                let options = EventsOptionsBuilder::default().filters(&filters).build();
                let mut events = docker.events(Some(options));
                while let Some(Ok(event)) = events.next().await {
                    if let Some(id) = event.actor.and_then(|actor| actor.id) {
                        seen.note(id);
                    }
                }
                // The engine went away; whoever starts a sandbox notices and says so.
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }));
        watch
    }

    fn note(&self, id: String) {
        let mut ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() == REMEMBERED {
            ids.pop_front();
        }
        ids.push_back(id);
        self.0.news.notify_waiters();
    }

    /// Whether the kernel ended a process of this sandbox for memory; waits a moment for the engine's word.
    pub async fn was_killed(&self, id: &str) -> bool {
        let deadline = tokio::time::Instant::now() + EVENT_WITHIN;
        loop {
            let news = self.0.news.notified();
            if self.0.ids.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|seen| seen == id) {
                return true;
            }
            if tokio::time::timeout_at(deadline, news).await.is_err() {
                return false;
            }
        }
    }
}
