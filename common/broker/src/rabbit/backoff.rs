//! How long to wait before the next try.

use std::time::Duration;

use rand::RngExt as _;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

/// Pauses that double from 100 ms to 5 s, each shortened by chance to no less than half, so that a fleet that
/// lost its broker does not come back in one instant.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(super) const fn new() -> Self {
        Self { next: FIRST }
    }

    /// The pause after something that `lasted` before it failed; what lasted long begins anew.
    pub(super) fn after(&mut self, lasted: Duration) -> Duration {
        if lasted > LONGEST {
            self.next = FIRST;
        }
        let pause = self.next;
        self.next = (pause * 2).min(LONGEST);
        pause.mul_f64(rand::rng().random_range(0.5..=1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_and_begin_anew_after_a_good_time() {
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..10).map(|_| backoff.after(Duration::ZERO)).collect();
        assert!(pauses[0] <= FIRST && pauses[0] >= FIRST / 2, "{pauses:?}");
        assert!(pauses[9] <= LONGEST && pauses[9] >= LONGEST / 2, "{pauses:?}");
        assert!(backoff.after(Duration::from_secs(60)) <= FIRST);
    }
}
