//! Whether this worker may judge: what keeps programs in is tried out at the start, before anything is taken from a
//! queue, and every so often from then on.

use std::time::Duration;

use tokio::sync::watch;

use crate::canary::{Found, Probe};
use crate::container::ContainerError;
use crate::metrics::{CanaryOutcome, WorkerMetrics};
use crate::protection::Protection;

/// How long after a try that said nothing there is another one.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Whether programs are kept in, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing was tried out yet.
    Unknown,
    /// Everything that was tried held.
    Sound,
    /// Something did not, or could not be tried: what.
    Unsound(String),
}

/// Asks for the standing, or waits for another one.
#[derive(Clone)]
pub(crate) struct Watch(watch::Receiver<Standing>);

impl Watch {
    /// Why nothing is judged; nothing while all is well.
    pub(crate) fn complaint(&self) -> Option<String> {
        match &*self.0.borrow() {
            Standing::Sound => None,
            Standing::Unknown => Some("what keeps programs in is being tried out".to_owned()),
            Standing::Unsound(why) => Some(format!("programs are not kept in: {why}")),
        }
    }

    /// Waits until it is sound; for ever where nobody looks any more.
    pub(crate) async fn sound(&mut self) {
        self.until(|standing| *standing == Standing::Sound).await;
    }

    /// Waits until it is not.
    pub(crate) async fn unsound(&mut self) {
        self.until(|standing| *standing != Standing::Sound).await;
    }

    async fn until(&mut self, holds: impl FnMut(&Standing) -> bool) {
        if self.0.wait_for(holds).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Tries out a sandbox now and then.
pub(crate) struct Guard {
    probe: Probe,
    every: Duration,
    metrics: WorkerMetrics,
    standing: watch::Sender<Standing>,
}

impl Guard {
    pub(crate) fn new(probe: Probe, every: Duration, metrics: WorkerMetrics) -> (Self, Watch) {
        let (standing, watch) = watch::channel(Standing::Unknown);
        (Self { probe, every, metrics, standing }, Watch(watch))
    }

    /// Tries and tells, again and again.
    pub(crate) async fn run(self) {
        loop {
            let next = self.look().await;
            tokio::time::sleep(next).await;
        }
    }

    /// Tries once; says how long until the next time.
    async fn look(&self) -> Duration {
        let tried = self.probe.try_out().await;
        let (standing, outcome) = weighed(&tried);
        self.metrics.canaries(outcome).inc();
        if let Ok(found) = &tried {
            for protection in Protection::ALL {
                let absent = found.absent.iter().any(|absent| absent.protection == protection);
                self.metrics.protection_absent(protection).set(f64::from(u8::from(absent)));
            }
            if !found.unreadable.is_empty() {
                let counters = found.unreadable.join(", ");
                tracing::warn!(counters, "counters of the kernel cannot be read in a sandbox");
            }
        }
        let next = if outcome == CanaryOutcome::Failed { AGAIN_AFTER } else { self.every };
        self.standing.send_if_modified(|before| {
            let news = *before != standing;
            match &standing {
                Standing::Unsound(why) if news => {
                    tracing::error!(why, "nothing is judged: programs are not kept in");
                }
                Standing::Sound if matches!(before, Standing::Unsound(_)) => {
                    tracing::info!("programs are kept in again");
                }
                _ => {}
            }
            *before = standing;
            news
        });
        next.min(self.every)
    }
}

/// What a try means for the worker and for its figures.
fn weighed(tried: &Result<Found, ContainerError>) -> (Standing, CanaryOutcome) {
    match tried {
        Ok(found) => match found.complaint() {
            None => (Standing::Sound, CanaryOutcome::Sound),
            Some(why) => (Standing::Unsound(why), CanaryOutcome::Unsound),
        },
        Err(error) => {
            let why = format!("it cannot be tried out: {}", gavel_platform::lifecycle::chain(error));
            (Standing::Unsound(why), CanaryOutcome::Failed)
        }
    }
}
