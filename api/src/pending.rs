//! How much is in flight, of everybody, and how much may be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a client should wait for room.
const UNTIL_THERE_IS_ROOM: Duration = Duration::from_secs(9);

/// Submissions of all owners that have no result: counted in the store once a second, and in between by what this process
/// accepts. Cloning shares it.
///
/// What other processes accept within that second is not seen, so the limit may be passed by that much.
#[derive(Clone)]
pub struct Pending {
    count: Arc<AtomicU64>,
    most: u64,
}

/// As many wait as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{most} submissions of all owners may be in flight (api.max_pending), and there is no room for {wanted} more"
)]
pub struct Full {
    /// How many may be.
    pub most: u64,
    /// How many wanted to.
    pub wanted: u64,
    /// How long to wait.
    pub retry_after: Duration,
}

impl Pending {
    /// At most so many; 0 is any number.
    #[must_use]
    pub fn new(most: u64) -> Self {
        Self { count: Arc::default(), most }
    }

    /// Notes what was counted.
    pub fn counted(&self, count: u64) {
        self.count.store(count, Ordering::Relaxed);
    }

    /// Notes that so many were accepted.
    pub fn add(&self, count: u64) {
        self.count.fetch_add(count, Ordering::Relaxed);
    }

    /// Whether there is room for so many.
    ///
    /// # Errors
    /// When there is not.
    pub fn room_for(&self, wanted: u64) -> Result<(), Full> {
        let most = self.most;
        if most == 0 || self.count.load(Ordering::Relaxed).saturating_add(wanted) <= most {
            return Ok(());
        }
        Err(Full { most, wanted, retry_after: UNTIL_THERE_IS_ROOM })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_up_to_the_limit_and_always_without_one() {
        let pending = Pending::new(3);
        pending.add(2);
        assert_eq!(pending.room_for(1), Ok(()));
        assert_eq!(pending.room_for(2).unwrap_err().most, 3);
        pending.counted(0);
        assert_eq!(pending.room_for(3), Ok(()));
        let any = Pending::new(0);
        any.add(u64::MAX);
        assert_eq!(any.room_for(u64::MAX), Ok(()));
    }
}
