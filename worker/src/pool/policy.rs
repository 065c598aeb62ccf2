//! How many sandboxes of one kind should wait: pure, told what time it is.

use std::time::{Duration, Instant};

use crate::settings::PoolConfig;

/// The demand for one kind of sandbox, and the number that should wait because of it.
///
/// Each one that was wanted and was not there raises the number by one, up to the configured maximum. After
/// [`PoolConfig::idle`] without use it falls back to the minimum.
#[derive(Clone, Debug)]
pub struct Demand {
    min: usize,
    max: usize,
    idle: Duration,
    target: usize,
    last_taken: Instant,
}

/// What to do about the sandboxes that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How many to start.
    pub start: usize,
    /// How many to end.
    pub stop: usize,
}

impl Demand {
    /// No demand yet.
    #[must_use]
    pub fn new(config: PoolConfig, now: Instant) -> Self {
        let PoolConfig { min, max, idle } = config;
        Self { min: min.min(max), max, idle, target: min.min(max), last_taken: now }
    }

    /// One was wanted; `missed` when none was there.
    pub fn taken(&mut self, missed: bool, now: Instant) {
        if self.is_idle(now) {
            // What was wanted before the pause says nothing of what comes now.
            self.target = self.min;
        }
        if missed {
            self.target = (self.target + 1).min(self.max);
        }
        self.last_taken = now;
    }

    /// What to do while `waiting` wait. Sandboxes above the number wanted are ended only after the idle time: they
    /// are there, and the next submission may want them.
    pub fn plan(&mut self, waiting: usize, now: Instant) -> Plan {
        let idle = self.is_idle(now);
        if idle {
            self.target = self.min;
        }
        Plan {
            start: self.target.saturating_sub(waiting),
            stop: if idle { waiting.saturating_sub(self.target) } else { 0 },
        }
    }

    fn is_idle(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last_taken) > self.idle
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IDLE: Duration = Duration::from_secs(60);

    fn config(min: usize, max: usize) -> PoolConfig {
        PoolConfig { min, max, idle: IDLE }
    }

    #[test]
    fn the_minimum_waits_before_anybody_asks() {
        let now = Instant::now();
        assert_eq!(Demand::new(config(2, 4), now).plan(0, now), Plan { start: 2, stop: 0 });
        assert_eq!(Demand::new(config(0, 4), now).plan(0, now), Plan::default());
    }

    #[test]
    fn each_miss_raises_the_number_up_to_the_maximum() {
        let now = Instant::now();
        let mut demand = Demand::new(config(1, 3), now);
        let wanted: Vec<usize> = (0..4)
            .map(|_| {
                demand.taken(true, now);
                demand.plan(0, now).start
            })
            .collect();
        assert_eq!(wanted, [2, 3, 3, 3]);
    }

    #[test]
    fn what_was_there_raises_nothing() {
        let now = Instant::now();
        let mut demand = Demand::new(config(1, 3), now);
        demand.taken(false, now);
        assert_eq!(demand.plan(0, now), Plan { start: 1, stop: 0 });
    }

    #[test]
    fn after_the_idle_time_the_rest_ends() {
        let begin = Instant::now();
        let mut demand = Demand::new(config(1, 4), begin);
        for _ in 0..3 {
            demand.taken(true, begin);
        }
        assert_eq!(demand.plan(4, begin + IDLE), Plan::default(), "not a moment earlier");
        let after = begin + IDLE + Duration::from_millis(1);
        assert_eq!(demand.plan(4, after), Plan { start: 0, stop: 3 });
        assert_eq!(demand.plan(1, after), Plan::default());
    }

    #[test]
    fn a_miss_after_a_pause_begins_from_the_minimum() {
        let begin = Instant::now();
        let mut demand = Demand::new(config(1, 4), begin);
        for _ in 0..3 {
            demand.taken(true, begin);
        }
        let after = begin + IDLE * 2;
        demand.taken(true, after);
        assert_eq!(demand.plan(0, after), Plan { start: 2, stop: 0 });
    }

    proptest! {
        /// A shelf that follows the plan is never above the maximum, never below the minimum once it had its turn,
        /// and comes to rest: a plan that was carried out asks for nothing more.
        #[test]
        fn a_shelf_that_follows_the_plan_stays_within_bounds(
            min in 0_usize..4,
            more in 0_usize..4,
            steps in prop::collection::vec((0_u64..90, any::<bool>()), 1..60),
        ) {
            let max = (min + more).max(1);
            let mut now = Instant::now();
            let mut demand = Demand::new(config(min, max), now);
            let mut waiting = 0_usize;
            for (seconds, take) in steps {
                now += Duration::from_secs(seconds);
                if take {
                    demand.taken(waiting == 0, now);
                    waiting = waiting.saturating_sub(1);
                }
                let plan = demand.plan(waiting, now);
                prop_assert!(plan.start == 0 || plan.stop == 0, "{plan:?}");
                waiting = waiting + plan.start - plan.stop;
                prop_assert!((min..=max).contains(&waiting), "{waiting} of {min} to {max}");
                prop_assert_eq!(demand.plan(waiting, now), Plan::default());
            }
            let rest = demand.plan(waiting, now + IDLE * 2);
            prop_assert_eq!(waiting + rest.start - rest.stop, min);
        }
    }
}
