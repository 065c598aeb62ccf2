//! What is measured by looking: what is unfinished, and who judges.

use std::sync::Arc;
use std::time::Instant;

use gavel_model::Lane;
use gavel_model::language::Languages;
use jiff::Timestamp;

use crate::fleet::{Fleet, FleetSlots, Seen};
use crate::metrics::{ApiMetrics, SlotState, WorkerState};
use crate::pending::Pending;
use crate::store::{Store, StoreConnections, StoreError};

/// Looks, and sets the gauges.
pub struct Survey {
    /// What is unfinished.
    pub store: Arc<dyn Store>,
    /// Who judges.
    pub fleet: Fleet,
    /// What could be judged.
    pub languages: Languages,
    /// Told how much is unfinished in all.
    pub pending: Pending,
    /// The gauges.
    pub metrics: ApiMetrics,
}

impl Survey {
    /// Looks once.
    ///
    /// # Errors
    /// When the store does not answer; the fleet is measured all the same.
    pub async fn take(&self) -> Result<(), StoreError> {
        self.measure_fleet(&self.fleet.list(Instant::now()));
        self.measure_connections();
        self.measure_backlog().await
    }

    fn measure_connections(&self) {
        let StoreConnections { kind, busy, idle } = self.store.connections();
        for (state, count) in [(SlotState::Busy, busy), (SlotState::Free, idle)] {
            self.metrics.store_connections(kind, state).set(f64::from(count));
        }
    }

    async fn measure_backlog(&self) -> Result<(), StoreError> {
        let backlog = self.store.backlog().await?;
        self.pending.counted(backlog.iter().map(|of| u64::from(of.submissions)).sum());
        let now = Timestamp::now();
        for lane in Lane::ALL {
            let of_lane = backlog.iter().find(|of| of.lane == lane);
            let age = of_lane.map_or(0.0, |of| now.duration_since(of.oldest).as_secs_f64().max(0.0));
            self.metrics.oldest_queued_seconds(lane).set(age);
            self.metrics.unfinished(lane).set(of_lane.map_or(0.0, |of| f64::from(of.submissions)));
        }
        Ok(())
    }

    fn measure_fleet(&self, workers: &[Seen]) {
        let FleetSlots { busy, free } = FleetSlots::of(workers);
        let draining = workers.iter().filter(|seen| seen.heartbeat.draining).count();
        let ready = workers.iter().filter(|seen| seen.heartbeat.takes()).count();
        for (state, count) in [
            (WorkerState::Ready, ready),
            (WorkerState::Draining, draining),
            (WorkerState::Unsound, workers.len() - draining - ready),
        ] {
            self.metrics.workers(state).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
        }
        self.metrics.fleet_slots(SlotState::Busy).set(f64::from(busy));
        self.metrics.fleet_slots(SlotState::Free).set(f64::from(free));
        for language in self.languages.iter() {
            let offers = |seen: &&Seen| {
                seen.heartbeat.takes() && seen.heartbeat.languages.iter().any(|id| *id == language.id)
            };
            let offering = u32::try_from(workers.iter().filter(offers).count()).unwrap_or(u32::MAX);
            self.metrics.language_workers(&self.languages.label(&language.id)).set(f64::from(offering));
        }
    }
}
