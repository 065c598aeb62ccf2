//! Which close misses of the CPU limit are run once more, and when.
//!
//! A program's CPU time depends a little on what runs beside it, so one that misses its limit by little deserves another
//! run. Nobody has to stand still for it: a repeat waits a moment for the others to be done, then runs on its own cores
//! beside them. What repeats cost is bounded, since a program can miss its limit closely on purpose.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::metrics::{CloseMiss, WorkerMetrics};

/// How often one test is repeated at most.
pub(super) const PER_TEST: u32 = 2;
/// How many repeats a submission may have however few tests it has, and one more for every [`TESTS_EACH`] tests.
const PER_SUBMISSION: u32 = 4;
const TESTS_EACH: usize = 4;
/// How long a repeat waits at most until nothing else is judged.
const IDLE_WITHIN: Duration = Duration::from_millis(300);

/// A worker's repeats.
pub(super) struct Repeats {
    budget: Mutex<Budget>,
    begun: Instant,
    judging: watch::Sender<usize>,
    metrics: WorkerMetrics,
}

/// CPU time for repeats. It comes in at a steady rate, and what a minute brings can be kept.
#[derive(Clone, Debug)]
struct Budget {
    per_minute_s: f64,
    left_s: f64,
    seen: Duration,
}

impl Budget {
    const fn new(per_minute_s: f64) -> Self {
        Self { per_minute_s, left_s: per_minute_s, seen: Duration::ZERO }
    }

    /// Pays for a repeat of so much CPU time, `now` after the begin, if there is anything left. The last one may make
    /// debts, so that limits longer than the whole budget are repeated too.
    fn pay(&mut self, now: Duration, cpu: Duration) -> bool {
        let came_s = now.saturating_sub(self.seen).as_secs_f64() / 60.0 * self.per_minute_s;
        self.left_s = (self.left_s + came_s).min(self.per_minute_s);
        self.seen = now;
        let enough = self.left_s > 0.0;
        if enough {
            self.left_s -= cpu.as_secs_f64();
        }
        enough
    }
}

impl Repeats {
    /// Repeats that take at most so many CPU seconds a minute, beside the first of each submission.
    pub(super) fn new(per_minute_s: f64, metrics: WorkerMetrics) -> Self {
        Self {
            budget: Mutex::new(Budget::new(per_minute_s)),
            begun: Instant::now(),
            judging: watch::Sender::new(0),
            metrics,
        }
    }

    /// Something is judged until the returned value is dropped.
    pub(super) fn judging(&self) -> Judging<'_> {
        self.judging.send_modify(|count| *count += 1);
        Judging(self)
    }

    /// What a submission of so many tests may have.
    pub(super) fn allowance(&self, tests: usize) -> Allowance<'_> {
        Allowance { repeats: self, left: Allowed::of(tests) }
    }
}

/// See [`Repeats::judging`].
pub(super) struct Judging<'a>(&'a Repeats);

impl Drop for Judging<'_> {
    fn drop(&mut self) {
        self.0.judging.send_modify(|count| *count -= 1);
    }
}

/// One submission's repeats.
pub(super) struct Allowance<'a> {
    repeats: &'a Repeats,
    left: Allowed,
}

impl Allowance<'_> {
    /// Whether a run of so much CPU time may be repeated; if so it is counted, and the moment for it has come.
    pub(super) async fn repeat(&mut self, cpu: Duration) -> bool {
        let repeats = self.repeats;
        let granted = self.left.take(|| {
            let mut budget = repeats.budget.lock().unwrap_or_else(PoisonError::into_inner);
            budget.pay(repeats.begun.elapsed(), cpu)
        });
        let outcome = if granted { CloseMiss::Repeated } else { CloseMiss::Refused };
        repeats.metrics.close_misses(outcome).inc();
        if granted {
            let mut judging = repeats.judging.subscribe();
            let alone = judging.wait_for(|count| *count <= 1);
            // Others that go on are no reason not to.
            drop(tokio::time::timeout(IDLE_WITHIN.min(cpu), alone).await);
        }
        granted
    }
}

/// How many repeats a submission may still have.
#[derive(Clone, Debug)]
struct Allowed {
    left: u32,
    is_first: bool,
}

impl Allowed {
    fn of(tests: usize) -> Self {
        let more = u32::try_from(tests / TESTS_EACH).unwrap_or(u32::MAX);
        Self { left: PER_SUBMISSION.saturating_add(more), is_first: true }
    }

    /// Takes one. The first is not paid for: it costs no more than the run that it repeats, and without it the load that
    /// others make would decide a verdict.
    fn take(&mut self, pay: impl FnOnce() -> bool) -> bool {
        let granted = self.left > 0 && (self.is_first || pay());
        if granted {
            self.left -= 1;
            self.is_first = false;
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_flood_gets_what_a_minute_brings_and_later_ones_are_served_again() {
        let mut budget = Budget::new(10.0);
        let granted = (0..100).filter(|_| budget.pay(SECOND, SECOND)).count();
        assert_eq!(granted, 10);
        assert!(!budget.pay(SECOND, Duration::ZERO));
        assert!(budget.pay(20 * SECOND, SECOND), "3 seconds have come in");
    }

    #[test]
    fn a_limit_beyond_the_whole_budget_is_repeated_and_paid_for_afterwards() {
        let mut budget = Budget::new(10.0);
        assert!(budget.pay(Duration::ZERO, 30 * SECOND));
        assert!(!budget.pay(100 * SECOND, SECOND));
        assert!(budget.pay(140 * SECOND, SECOND));
    }

    #[test]
    fn a_clock_that_stands_still_brings_nothing() {
        let mut budget = Budget::new(1.0);
        assert!(budget.pay(5 * SECOND, SECOND));
        assert!(!budget.pay(5 * SECOND, SECOND));
        assert!(!budget.pay(4 * SECOND, SECOND));
    }

    #[test]
    fn the_first_is_free_and_the_number_is_bounded() {
        let mut allowed = Allowed::of(1);
        assert!(allowed.take(|| false), "whatever others have spent");
        assert!(!allowed.take(|| false));
        assert_eq!((0..100).filter(|_| allowed.take(|| true)).count(), 3);
        let mut many = Allowed::of(40);
        assert_eq!((0..100).filter(|_| many.take(|| true)).count(), 14);
    }

    fn repeats() -> Repeats {
        let metrics = WorkerMetrics::register(&gavel_platform::telemetry::Registry::default()).unwrap();
        Repeats::new(0.0, metrics)
    }

    #[tokio::test(start_paused = true)]
    async fn others_are_waited_for_a_moment_and_no_longer() {
        let repeats = repeats();
        let _own = repeats.judging();
        let _other = repeats.judging();
        let begin = tokio::time::Instant::now();
        assert!(repeats.allowance(1).repeat(SECOND).await);
        assert_eq!(begin.elapsed(), IDLE_WITHIN);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for_when_there_is_nobody() {
        let repeats = repeats();
        let _own = repeats.judging();
        drop(repeats.judging());
        let begin = tokio::time::Instant::now();
        assert!(repeats.allowance(1).repeat(SECOND).await);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn what_is_granted_and_refused_is_counted() {
        let repeats = repeats();
        let mut allowance = repeats.allowance(1);
        assert!(allowance.repeat(Duration::ZERO).await);
        assert!(!allowance.repeat(SECOND).await);
        let counted = |outcome| repeats.metrics.close_misses(outcome).get();
        assert_eq!((counted(CloseMiss::Repeated), counted(CloseMiss::Refused)), (1, 1));
    }

    proptest! {
        #[test]
        fn no_time_span_costs_more_than_its_share_and_one_debt(
            asks in proptest::collection::vec((0..5_000_u64, 1..3_000_u64), 1..200), per_minute_s in 1..60_u32,
        ) {
            let per_minute_s = f64::from(per_minute_s);
            let mut budget = Budget::new(per_minute_s);
            let (mut now, mut spent) = (Duration::ZERO, Duration::ZERO);
            for (pause_ms, cpu_ms) in asks {
                now += Duration::from_millis(pause_ms);
                let cpu = Duration::from_millis(cpu_ms);
                if budget.pay(now, cpu) {
                    spent += cpu;
                }
            }
            let allowed_s = per_minute_s * (1.0 + now.as_secs_f64() / 60.0) + 3.0;
            prop_assert!(spent.as_secs_f64() <= allowed_s + 1e-6);
        }
    }
}
