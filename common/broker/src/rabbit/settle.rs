//! Telling the broker what became of a delivery.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lapin::options::{BasicAckOptions, BasicNackOptions, BasicRejectOptions};
use lapin::{Acker, Channel};
use tokio::runtime::Handle;
use tokio::sync::{OwnedRwLockReadGuard, RwLock, RwLockWriteGuard};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::unbegun::Copy;
use crate::{Settle, Settlement};

/// How long the socket may take a settlement; a connection that does not is dying, and its messages come again.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// What a message that comes back is counted as.
///
/// On 4.0 to 4.2 every return counts towards the delivery limit, whatever the method. Since 4.3 `basic.reject`
/// and a lost connection count and `basic.nack` does not: a loop of `nack` has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requeue {
    /// As a failed attempt (`basic.reject`): submissions.
    Counted,
    /// As nothing where the broker can do that (`basic.nack`): what must never be given up.
    Uncounted,
}

/// Whether a subscription's deliveries still flow.
#[derive(Clone)]
pub(super) struct Flow {
    /// Whether nobody wants more: the receiver was dropped, or the process ends.
    pub(super) unwanted: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Cancelled once the broker was told.
    pub(super) stopped: CancellationToken,
}

/// What one consumer was sent and has not settled.
#[derive(Clone, Default)]
pub(super) struct Unsettled {
    count: Arc<AtomicUsize>,
    /// Read by who settles.
    gate: Arc<RwLock<()>>,
}

impl Unsettled {
    /// How many deliveries there are.
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Lets nobody settle anything until the guard is dropped.
    pub(super) async fn freeze(&self) -> RwLockWriteGuard<'_, ()> {
        self.gate.write().await
    }

    /// Waits until something may be settled, and counts it as settled once the guard is dropped.
    async fn settling(self) -> Settling {
        let open = Arc::clone(&self.gate).read_owned().await;
        Settling { count: self.count, _open: open }
    }
}

/// While this is there, something is being settled.
struct Settling {
    count: Arc<AtomicUsize>,
    _open: OwnedRwLockReadGuard<()>,
}

impl Drop for Settling {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The broker's half of one delivery.
///
/// What is dropped unsettled goes back; while the subscription ends, not before its consumer is cancelled, or the
/// broker would send it here again, and again, until its attempts are spent. It then was not finished, which is no
/// failure where the broker can tell.
///
/// It holds the channel: lapin closes a channel when the last handle goes, so the channel of a consumer that was
/// cancelled lives until its last delivery is settled. The queue then gets back what was not.
pub(super) struct PendingAck {
    inner: Option<(Acker, Channel)>,
    /// What comes back while it is not begun; none where that makes no difference.
    copy: Option<Copy>,
    requeue: Requeue,
    flow: Flow,
    unsettled: Unsettled,
    tasks: TaskTracker,
    runtime: Handle,
}

impl PendingAck {
    /// To be called inside a runtime.
    pub(super) fn new(
        acker: Acker,
        channel: Channel,
        copy: Option<Copy>,
        requeue: Requeue,
        flow: Flow,
        unsettled: Unsettled,
        tasks: TaskTracker,
    ) -> Self {
        unsettled.count.fetch_add(1, Ordering::Relaxed);
        let (inner, runtime) = (Some((acker, channel)), Handle::current());
        Self { inner, copy, requeue, flow, unsettled, tasks, runtime }
    }
}

#[async_trait]
impl Settle for PendingAck {
    fn begin(&mut self) {
        self.copy = None;
    }

    async fn settle(mut self: Box<Self>, settlement: Settlement) -> bool {
        // Before it is taken: who is dropped while waiting still gives it back.
        let _settling = self.unsettled.clone().settling().await;
        let Some((acker, _channel)) = self.inner.take() else { return false };
        if settlement == Settlement::Unbegun {
            return give_back(&acker, self.copy.take()).await;
        }
        tell(&acker, settlement, self.requeue).await
    }
}

impl Drop for PendingAck {
    fn drop(&mut self) {
        if let Some((acker, channel)) = self.inner.take().filter(|(acker, _)| acker.usable()) {
            let (copy, requeue, flow) = (self.copy.take(), self.requeue, self.flow.clone());
            let unsettled = self.unsettled.clone();
            let back = async move {
                let unwanted = (flow.unwanted)();
                if unwanted {
                    // Ends in time: cancelling a consumer has a deadline.
                    flow.stopped.cancelled().await;
                }
                let _settling = unsettled.settling().await;
                if unwanted || copy.is_some() {
                    give_back(&acker, copy).await;
                } else {
                    tell(&acker, Settlement::Again, requeue).await;
                }
                drop(channel);
            };
            self.tasks.spawn_on(back, &self.runtime);
        }
    }
}

/// Gives back what was not begun, or not finished: as a copy that has lost no attempt, if there is one and the broker takes it. Should
/// the broker not hear that the copy is instead of the message there are two, and the first result counts.
async fn give_back(acker: &Acker, copy: Option<Copy>) -> bool {
    let replaced = match copy {
        Some(copy) if acker.usable() => copy.publish().await,
        _ => false,
    };
    let settlement = if replaced { Settlement::Done } else { Settlement::Again };
    tell(acker, settlement, Requeue::Uncounted).await
}

/// False when the channel is gone, and the delivery with it.
pub(super) async fn tell(acker: &Acker, settlement: Settlement, requeue: Requeue) -> bool {
    let told = async {
        match (settlement, requeue) {
            (Settlement::Done, _) => acker.ack(BasicAckOptions::default()).await,
            (Settlement::Dead, _) => acker.reject(BasicRejectOptions { requeue: false }).await,
            (Settlement::Again, Requeue::Counted) => acker.reject(BasicRejectOptions { requeue: true }).await,
            (Settlement::Again, Requeue::Uncounted) | (Settlement::Unbegun, _) => {
                acker.nack(BasicNackOptions { requeue: true, multiple: false }).await
            }
        }
    };
    matches!(tokio::time::timeout(WRITE_TIMEOUT, told).await, Ok(Ok(true)))
}
