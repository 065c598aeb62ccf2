//! Says every few seconds how this worker is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gavel_broker::WorkSource;
use gavel_model::Heartbeat;
use jiff::Timestamp;
use tokio::time::MissedTickBehavior;

use super::drain::Drain;
use super::guard::Watch;
use crate::slots::Slots;

/// What a worker says of itself, and to whom.
pub(crate) struct Speaker {
    pub(crate) source: Arc<dyn WorkSource>,
    pub(crate) worker: String,
    pub(crate) languages: Vec<String>,
    pub(crate) compilers: BTreeMap<String, String>,
    pub(crate) guard: Watch,
    pub(crate) slots: Slots,
    pub(crate) started_at: Timestamp,
    pub(crate) drain: Drain,
}

impl Speaker {
    /// Speaks every `period`, and at once when a drain begins or ends. What cannot be said now is said next time.
    pub(crate) async fn run(self, period: Duration) {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut said = false;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = self.drain.until(!said) => {}
            }
            let heartbeat = self.heartbeat();
            said = heartbeat.draining;
            if let Err(error) = self.source.send_heartbeat(&heartbeat).await {
                tracing::debug!(error = &error as &dyn std::error::Error, "a heartbeat could not be sent");
            }
        }
    }

    fn heartbeat(&self) -> Heartbeat {
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Heartbeat {
            id: self.worker.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            languages: self.languages.clone(),
            slots: count(self.slots.count()),
            busy: count(self.slots.busy()),
            draining: self.drain.draining(),
            started_at: self.started_at,
            compilers: self.compilers.clone(),
            canary: self.guard.canary(),
            calibration: self.guard.calibration(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::WorkerMetrics;
    use gavel_broker::embedded::EmbeddedBroker;
    use gavel_broker::{BrokerMetrics, Dispatcher as _};
    use gavel_model::Canary;
    use gavel_platform::telemetry::Registry;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;
    use tokio_util::task::TaskTracker;

    /// A worker of two slots that speaks until `end`; what it says, its slots, and what makes it drain.
    fn speaking(period: Duration, end: &CancellationToken) -> (mpsc::Receiver<Heartbeat>, Slots, Drain) {
        let registry = Registry::default();
        let metrics = BrokerMetrics::register(&registry).unwrap();
        let tasks = TaskTracker::new();
        let broker = EmbeddedBroker::new(metrics, tasks.clone(), end.clone());
        let heard = broker.heartbeats();
        let slots = Slots::new(2, 1, &[0, 1], WorkerMetrics::register(&registry).unwrap());
        let drain = Drain::new(CancellationToken::new());
        let speaker = Speaker {
            source: Arc::new(broker),
            worker: "w1".to_owned(),
            languages: vec!["c".to_owned()],
            compilers: BTreeMap::from([("c".to_owned(), "gcc 14".to_owned())]),
            guard: Watch::unlooked(),
            slots: slots.clone(),
            started_at: Timestamp::UNIX_EPOCH,
            drain: drain.clone(),
        };
        tasks.spawn(end.clone().run_until_cancelled_owned(speaker.run(period)));
        (heard, slots, drain)
    }

    #[tokio::test]
    async fn a_worker_says_how_busy_it_is_also_while_it_drains() {
        let end = CancellationToken::new();
        let _guard = end.clone().drop_guard();
        let (mut heard, slots, drain) = speaking(Duration::from_millis(5), &end);
        let first = heard.recv().await.unwrap();
        assert_eq!((first.id.as_str(), first.slots, first.busy, first.draining), ("w1", 2, 0, false));
        assert_eq!((first.canary, first.calibration), (Canary::Unknown, None), "nothing was tried yet");
        assert_eq!(first.compilers["c"], "gcc 14");
        let mut slot = slots.get().await.unwrap();
        slot.begin();
        while heard.recv().await.unwrap().busy != 1 {}
        drain.tell(true);
        while !heard.recv().await.unwrap().draining {}
        drop(slot);
        while heard.recv().await.unwrap().busy != 0 {}
    }

    #[tokio::test]
    async fn that_it_drains_and_that_it_takes_again_is_said_at_once() {
        let end = CancellationToken::new();
        let _guard = end.clone().drop_guard();
        let (mut heard, _slots, drain) = speaking(Duration::from_secs(3_600), &end);
        assert!(!heard.recv().await.unwrap().draining);
        drain.tell(true);
        assert!(heard.recv().await.unwrap().draining);
        drain.tell(false);
        assert!(!heard.recv().await.unwrap().draining);
    }
}
