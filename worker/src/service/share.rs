//! How many live runs may be under way at a time, however often the worker has begun to take them.

use std::sync::Arc;

use gavel_broker::Delivery;
use gavel_model::LiveRun;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The share of the slots that live runs have. A subscription's prefetch bounds what it delivers; whoever drains and goes on has a
/// new one while the runs of the old one go on.
pub(super) struct LiveShare {
    most: u16,
    room: Arc<Semaphore>,
}

/// A live run with its place in the share, which is free when that is dropped.
pub(super) type Placed = (Delivery<LiveRun>, OwnedSemaphorePermit);

impl LiveShare {
    /// Room for so many.
    pub(super) fn new(most: u16) -> Self {
        Self { most, room: Arc::new(Semaphore::new(usize::from(most))) }
    }

    /// How many there may be; nothing where none may be taken.
    pub(super) fn most(&self) -> Option<u16> {
        Some(self.most).filter(|most| *most > 0)
    }

    /// The next run, once there is room for it. For ever none where none are taken, and nothing when no more come. Dropped, it has
    /// taken nothing.
    pub(super) async fn next(&self, runs: Option<&mut mpsc::Receiver<Delivery<LiveRun>>>) -> Option<Placed> {
        let Some(runs) = runs else { return std::future::pending().await };
        let place = Arc::clone(&self.room).acquire_owned().await.ok()?;
        Some((runs.recv().await?, place))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use gavel_broker::embedded::EmbeddedBroker;
    use gavel_broker::{BrokerMetrics, Dispatcher as _, WorkSource as _};
    use gavel_model::Lane;
    use gavel_platform::telemetry::Registry;
    use gavel_testkit::{submission, within};
    use tokio_util::sync::CancellationToken;
    use tokio_util::task::TaskTracker;

    use super::*;

    #[tokio::test]
    async fn a_new_subscription_has_no_share_of_its_own() {
        let broker = EmbeddedBroker::new(
            BrokerMetrics::register(&Registry::default()).unwrap(),
            TaskTracker::new(),
            CancellationToken::new(),
        );
        let mut clients = Vec::new();
        for _ in 0..2 {
            let run = LiveRun {
                submission: submission(Lane::Practice),
                session_ms: 0,
                idle_ms: 0,
                reply_to: String::new(),
            };
            clients.push(broker.open_live(run, Duration::from_secs(60)).await.unwrap());
        }
        let share = LiveShare::new(1);
        let mut before = broker.live_runs(1);
        let (first, place) = within("the first", share.next(Some(&mut before))).await.unwrap();
        // A drain, and its end.
        drop(before);
        let mut after = broker.live_runs(1);
        within("the second is delivered", async {
            while after.is_empty() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert!(share.next(Some(&mut after)).now_or_never().is_none(), "the first one is still under way");
        drop((first, place));
        drop(within("the second", share.next(Some(&mut after))).await.unwrap());
        assert!(LiveShare::new(0).most().is_none() && share.next(None).now_or_never().is_none());
    }
}
