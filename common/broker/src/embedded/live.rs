//! Live runs inside the process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gavel_model::{LiveInput, LiveOutput, LiveRun};
use tokio::sync::mpsc;

use crate::BrokerError;
use crate::live::{LIVE_CAPACITY, LiveLink, LiveSend};

/// The worker's ends of runs that no worker has begun, by where their frames go.
#[derive(Default)]
pub(super) struct LiveEnds(Mutex<HashMap<String, WorkerEnd>>);

struct WorkerEnd {
    to_api: mpsc::Sender<LiveOutput>,
    from_api: mpsc::Receiver<LiveInput>,
}

/// Sends within the process.
struct Within<T>(mpsc::Sender<T>);

#[async_trait]
impl<T: Clone + Send + Sync + 'static> LiveSend<T> for Within<T> {
    async fn send(&self, frame: &T) -> Result<(), BrokerError> {
        self.0.try_send(frame.clone()).map_err(|error| match error {
            mpsc::error::TrySendError::Closed(_) => BrokerError::Unavailable,
            mpsc::error::TrySendError::Full(_) => BrokerError::Refused("too much is under way".to_owned()),
        })
    }
}

impl LiveEnds {
    /// Makes both ends of a run, and keeps the worker's until it is joined.
    pub(super) fn open(&self, run: &mut LiveRun) -> LiveLink<LiveInput, LiveOutput> {
        let (to_api, from_worker) = mpsc::channel(LIVE_CAPACITY);
        let (to_worker, from_api) = mpsc::channel(LIVE_CAPACITY);
        run.reply_to = run.id().to_string();
        let mut ends = self.ends();
        // Of those whose client has gone nobody needs anything.
        ends.retain(|_, end| !end.to_api.is_closed());
        ends.insert(run.reply_to.clone(), WorkerEnd { to_api, from_api });
        LiveLink::new(Arc::new(Within(to_worker)), from_worker)
    }

    /// The worker's end, which is had once.
    pub(super) fn join(
        &self,
        run: &LiveRun,
        worker: &str,
    ) -> Result<LiveLink<LiveOutput, LiveInput>, BrokerError> {
        let end = self.ends().remove(&run.reply_to).ok_or(BrokerError::Unavailable)?;
        let begun = LiveOutput::Begun { worker: worker.to_owned(), reply_to: String::new() };
        end.to_api.try_send(begun).map_err(|_| BrokerError::Unavailable)?;
        Ok(LiveLink::new(Arc::new(Within(end.to_api)), end.from_api))
    }

    /// Whether somebody still waits for a run.
    pub(super) fn wanted(&self, run: &LiveRun) -> bool {
        self.ends().get(&run.reply_to).is_some_and(|end| !end.to_api.is_closed())
    }

    fn ends(&self) -> MutexGuard<'_, HashMap<String, WorkerEnd>> {
        // A panic while holding it cannot leave a map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
