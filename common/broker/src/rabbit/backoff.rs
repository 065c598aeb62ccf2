//! How long to wait before the next try.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

/// Pauses that double from 100 ms to 5 s, each lengthened by chance to no more than twice, so that a fleet that lost its
/// broker does not come back in one instant.
#[derive(Debug)]
pub(super) struct Backoff {
    pauses: ExponentialBackoff,
}

impl Backoff {
    pub(super) fn new() -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST)
            .with_max_delay(LONGEST)
            .with_jitter()
            .without_max_times();
        Self { pauses: pauses.build() }
    }

    /// The pause after something that `lasted` before it failed; what lasted long begins anew.
    pub(super) fn after(&mut self, lasted: Duration) -> Duration {
        if lasted > LONGEST {
            *self = Self::new();
        }
        self.pauses.next().unwrap_or(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_and_begin_anew_after_a_good_time() {
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..10).map(|_| backoff.after(Duration::ZERO)).collect();
        assert!((FIRST..=FIRST * 2).contains(&pauses[0]), "{pauses:?}");
        assert!((LONGEST..=LONGEST * 2).contains(&pauses[9]), "{pauses:?}");
        assert!(backoff.after(Duration::from_secs(60)) <= FIRST * 2);
    }
}
