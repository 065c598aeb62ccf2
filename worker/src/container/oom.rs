//! Which sandboxes the kernel ended for memory.
//!
//! The runner reports kills inside a sandbox itself, and the kernel takes it only when nothing else is left to take.
//! Then the stream simply ends, and the engine's `oom` event is what tells memory from a fault of ours. It comes by
//! another way than the end of the container, earlier or later: so the end is waited for first, and one that was no
//! kill settles it.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bollard::Docker;
use bollard::models::{EventActor, EventMessage};
use bollard::query_parameters::EventsOptionsBuilder;
use futures_util::StreamExt as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::create::{Identity, LABEL_BOOT};

/// Ids remembered; old ones are of sandboxes long gone.
const REMEMBERED: usize = 256;
/// How long after a stream's end the engine's events may come. An `oom` event is late on a busy host, and what hangs
/// on it is a verdict.
const EVENT_WITHIN: Duration = Duration::from_secs(10);
/// The same while the engine cannot be heard.
const DEAF_WITHIN: Duration = Duration::from_millis(500);
/// Exit code of a container whose PID 1 was killed; nothing inside it can do that, but the kernel.
const KILLED: &str = "137";
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The sandboxes that ran out of memory lately.
#[derive(Clone, Default)]
pub struct OomWatch(Arc<Seen>);

#[derive(Default)]
struct Seen {
    ends: Mutex<VecDeque<(String, End)>>,
    news: Notify,
    listening: AtomicBool,
}

/// What is known of a sandbox's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// A process of it was killed for memory.
    OutOfMemory,
    /// It ended by itself.
    Itself,
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
            ("event".to_owned(), vec!["oom".to_owned(), "die".to_owned()]),
            ("label".to_owned(), vec![format!("{LABEL_BOOT}={}", identity.boot)]),
        ]);
        tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            loop {
                let options = EventsOptionsBuilder::default().filters(&filters).build();
                let mut events = docker.events(Some(options));
                // Any of them: the engine says nothing when it begins to listen.
                seen.0.listening.store(true, Ordering::Relaxed);
                while let Some(Ok(event)) = events.next().await {
                    seen.note(event);
                }
                seen.0.listening.store(false, Ordering::Relaxed);
                // The engine went away; whoever starts a sandbox notices and says so.
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }));
        watch
    }

    fn note(&self, event: EventMessage) {
        let Some(EventActor { id: Some(id), attributes }) = event.actor else { return };
        let exit_code = attributes.as_ref().and_then(|attributes| attributes.get("exitCode"));
        let end = match (event.action.as_deref(), exit_code.map(String::as_str)) {
            (Some("oom"), _) => End::OutOfMemory,
            (Some("die"), Some(code)) if code != KILLED => End::Itself,
            _ => return,
        };
        let mut ends = self.0.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if ends.len() == REMEMBERED {
            ends.pop_front();
        }
        ends.push_back((id, end));
        self.0.news.notify_waiters();
    }

    /// The end of this sandbox, if it is known; memory before all else.
    fn end(&self, id: &str) -> Option<End> {
        let ends = self.0.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_it = ends.iter().filter(|(of, _)| of == id).map(|(_, end)| *end);
        let first = of_it.next()?;
        Some(if of_it.any(|end| end == End::OutOfMemory) { End::OutOfMemory } else { first })
    }

    /// Whether the kernel ended a process of this sandbox, whose stream has ended, for memory; waits for the engine's
    /// word.
    pub async fn was_killed(&self, id: &str) -> bool {
        let begin = tokio::time::Instant::now();
        loop {
            let news = self.0.news.notified();
            if let Some(end) = self.end(id) {
                return end == End::OutOfMemory;
            }
            let listening = self.0.listening.load(Ordering::Relaxed);
            let deadline = begin + if listening { EVENT_WITHIN } else { DEAF_WITHIN };
            if tokio::time::timeout_at(deadline, news).await.is_err() {
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn event(action: &str, exit_code: Option<&str>) -> EventMessage {
        let attributes = exit_code.map(|code| HashMap::from([("exitCode".to_owned(), code.to_owned())]));
        let actor = EventActor { id: Some("it".to_owned()), attributes };
        EventMessage { action: Some(action.to_owned()), actor: Some(actor), ..EventMessage::default() }
    }

    /// Events in the order they come in, the last of them long after the others.
    #[test_case(&[event("oom", None)] => true; "out of memory")]
    #[test_case(&[event("die", Some("137")), event("oom", None)] => true; "killed, and told late why")]
    #[test_case(&[event("oom", None), event("die", Some("137"))] => true; "told why, then killed")]
    #[test_case(&[event("die", Some("76"))] => false; "ended by itself")]
    #[test_case(&[event("die", Some("137"))] => false; "killed by somebody else")]
    #[tokio::test(start_paused = true)]
    async fn the_end_is_told_whatever_comes_first(events: &[EventMessage]) -> bool {
        let watch = OomWatch::default();
        watch.0.listening.store(true, Ordering::Relaxed);
        let told = async {
            for event in events {
                tokio::time::sleep(Duration::from_secs(4)).await;
                watch.note(event.clone());
            }
        };
        tokio::join!(watch.was_killed("it"), told).0
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_long_for_an_engine_that_went_away() {
        let begin = tokio::time::Instant::now();
        assert!(!OomWatch::default().was_killed("it").await);
        assert!(begin.elapsed() < Duration::from_secs(1));
    }
}
