//! How often something may happen in a minute, counted for each of many.

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, MonotonicClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// How many may be remembered before those are forgotten that have nothing to answer for any more.
pub const MOST: usize = 10_000;

/// Bounds how often each `K` may do something.
pub struct Rate<K: Clone + Eq + Hash> {
    clock: MonotonicClock,
    limiter: RateLimiter<K, HashMapStateStore<K>, MonotonicClock>,
}

impl<K: Clone + Eq + Hash> Rate<K> {
    /// So many times in a minute, all at once or one after the other.
    pub fn per_minute(most: NonZeroU32) -> Self {
        let clock = MonotonicClock;
        let limiter = RateLimiter::new(Quota::per_minute(most), HashMapStateStore::default(), clock.clone());
        Self { clock, limiter }
    }

    /// Counts one more time, if `key` may.
    ///
    /// # Errors
    /// How long it must wait.
    pub fn check(&self, key: &K) -> Result<(), Duration> {
        if self.limiter.len() > MOST {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_yet| not_yet.wait_time_from(self.clock.now()))
    }
}

impl<K: Clone + Eq + Hash> fmt::Debug for Rate<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rate").field("remembered", &self.limiter.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_alone() {
        let rate = Rate::per_minute(NonZeroU32::new(2).unwrap());
        rate.check(&1).unwrap();
        rate.check(&1).unwrap();
        let wait = rate.check(&1).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(30), "{wait:?}");
        rate.check(&2).unwrap();
    }

    #[test]
    fn who_has_nothing_to_answer_for_any_more_is_forgotten() {
        // So many that whoever came once may come again at once.
        let rate = Rate::per_minute(NonZeroU32::MAX);
        for key in 0..3 * MOST {
            rate.check(&key).unwrap();
        }
        assert!(rate.limiter.len() <= MOST + 1, "{rate:?}");
    }
}
