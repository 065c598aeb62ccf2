//! Slots: how many submissions run at a time, and on which cores.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use crate::metrics::{SlotState, WorkerMetrics};
use deadpool::unmanaged::{Object, Pool, PoolError};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// One place to judge in; a submission holds it from its first step to its last.
#[derive(Debug)]
pub struct Slot {
    /// The cores its programs run on; no other slot uses them while there are enough cores.
    pub cores: Vec<u32>,
}

/// All slots of a worker.
#[derive(Clone)]
pub struct Slots {
    pool: Pool<Slot>,
    count: usize,
    busy: Arc<AtomicUsize>,
    freed: Arc<Notify>,
    asked_for: Arc<Notify>,
    metrics: WorkerMetrics,
}

/// A slot in use; dropping it frees the slot.
pub struct Leased {
    slot: Object<Slot>,
    busy: bool,
    all_busy: Arc<AtomicUsize>,
    freed: Arc<Notify>,
    metrics: WorkerMetrics,
}

/// The worker shuts down.
#[derive(Debug, thiserror::Error)]
#[error("the slots are closed")]
pub struct Closed;

impl Slots {
    /// Makes slots of `cores_per_slot` cores each; `wanted` 0 means as many as the cores allow.
    #[must_use]
    pub fn new(wanted: usize, cores_per_slot: usize, cores: &[u32], metrics: WorkerMetrics) -> Self {
        let per_slot = cores_per_slot.clamp(1, cores.len().max(1));
        let count = if wanted == 0 { (cores.len() / per_slot).max(1) } else { wanted };
        let slots = (0..count).map(|number| Slot {
            // More slots than cores share them in turn.
            cores: cores
                .iter()
                .copied()
                .cycle()
                .skip(number * per_slot)
                .take(per_slot.min(cores.len()))
                .collect(),
        });
        let pool = Pool::from(slots.collect::<Vec<_>>());
        let (busy, freed, asked_for) = (Arc::default(), Arc::default(), Arc::default());
        let slots = Self { pool, count, busy, freed, asked_for, metrics };
        slots.metrics.slots(SlotState::Free).set(count as f64);
        slots.metrics.slots(SlotState::Busy).set(0.0);
        slots
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// How many a submission is judged on now.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    /// The next time from now on that a submission leaves its slot.
    pub fn until_freed(&self) -> Notified<'_> {
        self.freed.notified()
    }

    /// Waits for a free slot.
    ///
    /// # Errors
    /// [`Closed`] when the worker shuts down.
    pub async fn get(&self) -> Result<Leased, Closed> {
        let slot = self.pool.get().await.map_err(|_: PoolError| Closed)?;
        Ok(self.lease(slot))
    }

    /// The same for whoever is not the one that waits for submissions: that one holds a slot while it does, and gives it up
    /// when it learns of this through [`Slots::asked_for`].
    ///
    /// # Errors
    /// [`Closed`] when the worker shuts down.
    pub async fn get_from_waiting(&self) -> Result<Leased, Closed> {
        if let Some(slot) = self.try_get() {
            return Ok(slot);
        }
        let mut waiting = std::pin::pin!(self.get());
        // In line first, then told: the slot that is given up goes to the first in line.
        if let Poll::Ready(slot) = poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context))).await {
            return slot;
        }
        self.asked_for.notify_one();
        waiting.await
    }

    /// Whoever waits with a slot in hand drops it when this comes to an end.
    pub async fn asked_for(&self) {
        self.asked_for.notified().await;
    }

    /// A slot if one is free now.
    #[must_use]
    pub fn try_get(&self) -> Option<Leased> {
        self.pool.try_get().ok().map(|slot| self.lease(slot))
    }

    fn lease(&self, slot: Object<Slot>) -> Leased {
        let (all_busy, freed) = (Arc::clone(&self.busy), Arc::clone(&self.freed));
        Leased { slot, busy: false, all_busy, freed, metrics: self.metrics.clone() }
    }
}

impl Leased {
    /// Counts the slot as busy from now on: one that waits for a submission is not.
    pub fn begin(&mut self) {
        if !self.busy {
            self.busy = true;
            self.all_busy.fetch_add(1, Ordering::Relaxed);
            self.count(1.0);
        }
    }

    fn count(&self, busy: f64) {
        self.metrics.slots(SlotState::Busy).add(busy);
        self.metrics.slots(SlotState::Free).sub(busy);
    }
}

impl std::ops::Deref for Leased {
    type Target = Slot;

    fn deref(&self) -> &Slot {
        &self.slot
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        if self.busy {
            self.all_busy.fetch_sub(1, Ordering::Relaxed);
            self.count(-1.0);
            self.freed.notify_waiters();
        }
    }
}

/// The cores this process may use.
///
/// # Errors
/// When the kernel does not tell.
pub fn available_cores() -> std::io::Result<Vec<u32>> {
    let set = rustix::thread::sched_getaffinity(None)?;
    Ok((0..rustix::thread::CpuSet::MAX_CPU)
        .filter(|core| set.is_set(*core))
        .filter_map(|core| u32::try_from(core).ok())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn metrics() -> WorkerMetrics {
        WorkerMetrics::register(&gavel_platform::telemetry::Registry::default()).unwrap()
    }

    #[test_case(0, 1, 2, &[&[0], &[1]]; "one slot a core")]
    #[test_case(0, 2, 5, &[&[0, 1], &[2, 3]]; "a core that makes no whole slot stays free")]
    #[test_case(3, 1, 2, &[&[0], &[1], &[0]]; "more slots than cores share")]
    #[test_case(0, 4, 2, &[&[0, 1]]; "a slot has at most all cores")]
    fn cores_are_dealt_out(wanted: usize, per_slot: usize, cores: u32, expected: &[&[u32]]) {
        let all: Vec<u32> = (0..cores).collect();
        let slots = Slots::new(wanted, per_slot, &all, metrics());
        let mut dealt: Vec<Leased> = std::iter::from_fn(|| slots.try_get()).collect();
        dealt.sort_by_key(|slot| slot.cores.clone());
        let mut expected: Vec<Vec<u32>> = expected.iter().map(|cores| cores.to_vec()).collect();
        expected.sort();
        assert_eq!(dealt.iter().map(|slot| slot.cores.clone()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_dropped_lease_frees_its_slot() {
        let slots = Slots::new(1, 1, &[0], metrics());
        let lease = slots.try_get().unwrap();
        assert!(slots.try_get().is_none());
        drop(lease);
        assert!(slots.try_get().is_some());
    }

    #[tokio::test]
    async fn who_waits_with_a_slot_in_hand_gives_it_to_whoever_asks() {
        let slots = Slots::new(1, 1, &[0], metrics());
        let waiting = async {
            for _ in 0..2 {
                let slot = slots.get().await.unwrap();
                slots.asked_for().await;
                drop(slot);
            }
        };
        let asking = async {
            for _ in 0..2 {
                let lease = slots.get_from_waiting().await.unwrap();
                assert!(slots.try_get().is_none(), "there is one");
                drop(lease);
                tokio::task::yield_now().await;
            }
        };
        let both = async { tokio::join!(waiting, asking) };
        tokio::time::timeout(std::time::Duration::from_secs(10), both).await.expect("nobody gives way");
    }
}
