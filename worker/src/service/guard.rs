//! Whether this worker may judge: what keeps programs in is tried out at the start, before anything is taken from a
//! queue, and every so often from then on; and then also a program of each language whose answer is known.

use std::sync::Arc;
use std::time::Duration;

use gavel_model::Canary;
use tokio::sync::watch;

use super::known::{KnownAnswers, Wrong};
use crate::canary::{Found, Probe};
use crate::container::ContainerError;
use crate::judge::Judge;
use crate::metrics::{CanaryOutcome, WorkerMetrics};
use crate::protection::Protection;
use crate::slots::Slots;

/// How long after a try that did not go well there is another one, if not sooner.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// How long after the start known answers are tried for the first time, if not sooner: what waits in a queue goes first.
const KNOWN_AFTER: Duration = Duration::from_secs(60);

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

/// What is known since the last look.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    standing: Standing,
    calibration: Option<f64>,
}

/// Asks for the standing, or waits for another one.
#[derive(Clone)]
pub(crate) struct Watch(watch::Receiver<Seen>);

impl Watch {
    /// Of what nobody looks at.
    #[cfg(test)]
    pub(crate) fn unlooked() -> Self {
        Self(watch::channel(Seen { standing: Standing::Unknown, calibration: None }).1)
    }

    /// Why nothing is judged; nothing while all is well.
    pub(crate) fn complaint(&self) -> Option<String> {
        match &self.0.borrow().standing {
            Standing::Sound => None,
            Standing::Unknown => Some("what keeps programs in is being tried out".to_owned()),
            Standing::Unsound(why) => Some(why.clone()),
        }
    }

    /// The same in a word, for others.
    pub(crate) fn canary(&self) -> Canary {
        match self.0.borrow().standing {
            Standing::Sound => Canary::Sound,
            Standing::Unknown => Canary::Unknown,
            Standing::Unsound(_) => Canary::Unsound,
        }
    }

    /// How fast a core is, 1 being the reference.
    pub(crate) fn calibration(&self) -> Option<f64> {
        self.0.borrow().calibration
    }

    /// Waits until it is sound; for ever where nobody looks any more.
    pub(crate) async fn sound(&mut self) {
        self.until(|standing| *standing == Standing::Sound).await;
    }

    /// Waits until it is not.
    pub(crate) async fn unsound(&mut self) {
        self.until(|standing| *standing != Standing::Sound).await;
    }

    async fn until(&mut self, holds: impl Fn(&Standing) -> bool) {
        if self.0.wait_for(|seen| holds(&seen.standing)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Tries out a sandbox now and then.
pub(crate) struct Guard {
    parts: GuardParts,
    seen: watch::Sender<Seen>,
}

/// What a [`Guard`] looks at.
pub(crate) struct GuardParts {
    pub(crate) probe: Probe,
    pub(crate) every: Duration,
    pub(crate) metrics: WorkerMetrics,
    pub(crate) known: KnownAnswers,
    pub(crate) judge: Arc<Judge>,
    pub(crate) slots: Slots,
    pub(crate) languages: Vec<String>,
}

impl Guard {
    pub(crate) fn new(parts: GuardParts) -> (Self, Watch) {
        let (seen, watch) = watch::channel(Seen { standing: Standing::Unknown, calibration: None });
        (Self { parts, seen }, Watch(watch))
    }

    /// Tries and tells, again and again. Known answers wait for the second time: the first submissions shall not.
    pub(crate) async fn run(self) {
        let next = self.look(false).await.min(KNOWN_AFTER);
        tokio::time::sleep(next).await;
        loop {
            let next = self.look(true).await;
            tokio::time::sleep(next).await;
        }
    }

    /// Tries once; says how long until the next time.
    async fn look(&self, known_too: bool) -> Duration {
        let GuardParts { probe, every, metrics, known, judge, slots, languages } = &self.parts;
        let tried = probe.try_out().await;
        let (mut standing, mut outcome) = weighed(&tried);
        if standing == Standing::Sound
            && known_too
            && let Some(wrong) = known.wrong(judge, slots, languages).await
        {
            (standing, outcome) = match wrong {
                Wrong::Verdict(why) => (Standing::Unsound(why), CanaryOutcome::Drifted),
                Wrong::NotJudged(why) => (Standing::Unsound(why), CanaryOutcome::Failed),
            };
        }
        metrics.canaries(outcome).inc();
        if let Ok(found) = &tried {
            if let Some(score) = found.calibration {
                metrics.calibration_score().set(score);
                self.seen.send_modify(|seen| seen.calibration = Some(score));
            }
            for protection in Protection::ALL {
                let absent = found.absent.iter().any(|absent| absent.protection == protection);
                metrics.protection_absent(protection).set(f64::from(u8::from(absent)));
            }
            if !found.unreadable.is_empty() {
                let counters = found.unreadable.join(", ");
                tracing::warn!(counters, "counters of the kernel cannot be read in a sandbox");
            }
        }
        let next = if outcome == CanaryOutcome::Sound { *every } else { AGAIN_AFTER };
        self.tell(standing);
        next.min(*every)
    }

    fn tell(&self, standing: Standing) {
        self.seen.send_if_modified(|Seen { standing: before, .. }| {
            let news = *before != standing;
            match &standing {
                Standing::Unsound(why) if news => {
                    tracing::error!(why, "nothing is judged");
                }
                Standing::Sound if matches!(before, Standing::Unsound(_)) => {
                    tracing::info!("judging again: all is as it should be");
                }
                _ => {}
            }
            *before = standing;
            news
        });
    }
}

/// What a try means for the worker and for its figures.
fn weighed(tried: &Result<Found, ContainerError>) -> (Standing, CanaryOutcome) {
    match tried {
        Ok(found) => match found.complaint() {
            None => (Standing::Sound, CanaryOutcome::Sound),
            Some(why) => (Standing::Unsound(not_kept_in(&why)), CanaryOutcome::Unsound),
        },
        Err(error) => {
            let why = format!("it cannot be tried out: {}", gavel_platform::lifecycle::chain(error));
            (Standing::Unsound(not_kept_in(&why)), CanaryOutcome::Failed)
        }
    }
}

fn not_kept_in(why: &str) -> String {
    format!("programs are not kept in: {why}")
}
