//! How much room the lanes have, as far as it is known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

use gavel_model::Lane;
use tokio::sync::Notify;

use crate::fleet::Fleet;

/// How many submissions per slot of the fleet are with the broker at most, in each lane. A worker holds two per slot; the
/// rest bridges the time until the next are handed over.
const PER_SLOT: u32 = 8;

/// How many they are at least, also while no worker is known.
const LEAST: u32 = 64;

/// One lane.
#[derive(Default)]
struct LaneRoom {
    /// What is with the broker and not final: counted by the pump, and in between by what this process sees.
    handed_over: AtomicU32,
    /// Whether submissions wait in the store.
    waited_for: AtomicBool,
    /// Whether the pump should look.
    look: AtomicBool,
}

/// How much room the lanes have; cloning shares it.
#[derive(Clone)]
pub struct Room {
    lanes: Arc<[LaneRoom; Lane::ALL.len()]>,
    woken: Arc<Notify>,
    fleet: Fleet,
}

impl Room {
    /// Room of lanes that are empty, for a fleet.
    #[must_use]
    pub fn new(fleet: Fleet) -> Self {
        Self { lanes: Arc::default(), woken: Arc::default(), fleet }
    }

    /// Takes the place for one submission, unless others wait for theirs already or there is none. To be given back by
    /// [`Room::leave`] when it is not used, or the submission is final.
    #[must_use]
    pub fn enter(&self, lane: Lane) -> bool {
        let room = self.lane(lane);
        if room.waited_for.load(Ordering::Relaxed) {
            return false;
        }
        let most = self.most();
        let entered = room
            .handed_over
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| (count < most).then_some(count + 1));
        entered.is_ok()
    }

    /// One less is with the broker.
    pub fn leave(&self, lane: Lane) {
        let room = self.lane(lane);
        let before = room
            .handed_over
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| Some(count.saturating_sub(1)));
        // Not for each one that leaves: what is handed over together costs one look.
        if room.waited_for.load(Ordering::Relaxed) && before.is_ok_and(|count| count <= self.most() / 4 * 3) {
            self.wake(lane);
        }
    }

    /// Something waits in the store.
    pub fn wait(&self, lane: Lane) {
        self.lane(lane).waited_for.store(true, Ordering::Relaxed);
        self.wake(lane);
    }

    fn wake(&self, lane: Lane) {
        self.lane(lane).look.store(true, Ordering::Relaxed);
        self.woken.notify_one();
    }

    /// Until a lane should be looked at.
    pub(super) async fn woken(&self) {
        self.woken.notified().await;
    }

    /// Whether a lane should be looked at; asked once each time.
    pub(super) fn wants_look(&self, lane: Lane) -> bool {
        self.lane(lane).look.swap(false, Ordering::Relaxed)
    }

    /// What was counted, and whether more waits.
    pub(super) fn counted(&self, lane: Lane, handed_over: u32, waited_for: bool) {
        self.lane(lane).handed_over.store(handed_over, Ordering::Relaxed);
        self.lane(lane).waited_for.store(waited_for, Ordering::Relaxed);
    }

    /// How many submissions of a lane are with the broker at most.
    pub(super) fn most(&self) -> u32 {
        self.fleet.slots(Instant::now()).saturating_mul(PER_SLOT).max(LEAST)
    }

    fn lane(&self, lane: Lane) -> &LaneRoom {
        &self.lanes[lane as usize]
    }
}
