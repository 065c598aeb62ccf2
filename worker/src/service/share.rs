//! How many live runs may be under way at a time, however often the worker has begun to take them.

use std::sync::Arc;

use gavel_broker::{Delivery, WorkSource};
use gavel_model::LiveRun;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The share of the slots that live runs have. Whoever drains and goes on has a new subscription while the runs of the old one go on.
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

    /// How many there is room for when one has its place already, that one included.
    fn free_beside_one(&self) -> u16 {
        u16::try_from(1 + self.room.available_permits()).unwrap_or(self.most)
    }

    /// Takes runs from here on.
    pub(super) fn taking<'a>(&'a self, source: &'a dyn WorkSource) -> Taking<'a> {
        Taking { share: self, source, runs: None }
    }
}

/// One subscription, which is made when there is room for a run: what it delivered before would wait here, and no other worker could
/// have it.
pub(super) struct Taking<'a> {
    share: &'a LiveShare,
    source: &'a dyn WorkSource,
    runs: Option<mpsc::Receiver<Delivery<LiveRun>>>,
}

impl Taking<'_> {
    /// The next run, once there is room for it. For ever none where none are taken, and nothing when no more come. Dropped, it has
    /// taken nothing.
    pub(super) async fn next(&mut self) -> Option<Placed> {
        if self.share.most == 0 {
            return std::future::pending().await;
        }
        let place = Arc::clone(&self.share.room).acquire_owned().await.ok()?;
        let (share, source) = (self.share, self.source);
        let runs = self.runs.get_or_insert_with(|| source.live_runs(share.free_beside_one()));
        Some((runs.recv().await?, place))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;
    use gavel_broker::embedded::EmbeddedBroker;
    use gavel_broker::{BrokerMetrics, Dispatcher as _};
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
        for _ in 0..3 {
            let run = LiveRun {
                submission: submission(Lane::Practice),
                session_ms: 0,
                idle_ms: 0,
                reply_to: String::new(),
            };
            clients.push(broker.open_live(run, Duration::from_secs(60)).await.unwrap());
        }
        let share = LiveShare::new(1);
        let mut before = share.taking(&broker);
        let (first, place) = within("the first", before.next()).await.unwrap();
        // A drain, and its end.
        drop(before);
        let mut after = share.taking(&broker);
        assert!(after.next().now_or_never().is_none(), "the first one is still under way");
        let other = LiveShare::new(1);
        let mut elsewhere = other.taking(&broker);
        let (second, _) = within("the second, by a worker with room", elsewhere.next()).await.unwrap();
        drop((first, place));
        let (third, _) = within("the third, once there is room", after.next()).await.unwrap();
        assert_ne!(second.body.submission.id, third.body.submission.id);
        assert!(LiveShare::new(0).taking(&broker).next().now_or_never().is_none());
    }
}
