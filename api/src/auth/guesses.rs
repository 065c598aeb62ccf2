//! How often one peer may try keys.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::peer::Peer;
use crate::rate::{MOST, Rate};

/// Keys that were right, by their hashes, and where they came from.
type Known = HashSet<(Peer, [u8; 32])>;

/// Bounds how many keys a peer may try; cloning shares it.
///
/// A key that was right is not a guess when the same peer sends it again. So a client that works goes on undisturbed
/// beside one that guesses from the same address, and a right key is not found any faster for that.
#[derive(Clone)]
pub struct Guesses {
    rate: Arc<Rate<Peer>>,
    known: Arc<Mutex<Known>>,
}

impl Guesses {
    /// So many in a minute, all at once or one after the other.
    #[must_use]
    pub fn per_minute(most: NonZeroU32) -> Self {
        Self { rate: Arc::new(Rate::per_minute(most)), known: Arc::default() }
    }

    /// Whether a peer may try a key.
    ///
    /// # Errors
    /// How long it must wait.
    pub fn check(&self, peer: Peer, sha256: &[u8; 32]) -> Result<(), Duration> {
        if self.known().contains(&(peer, *sha256)) {
            return Ok(());
        }
        self.rate.check(&peer)
    }

    /// A key of a peer was right.
    pub fn right(&self, peer: Peer, sha256: [u8; 32]) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((peer, sha256));
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn peer(last: u8) -> Peer {
        Peer::from(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn guesses_are_counted_by_peer_and_a_key_that_was_right_is_none() {
        let guesses = Guesses::per_minute(NonZeroU32::new(3).unwrap());
        let (right, wrong) = ([1; 32], [2; 32]);
        guesses.check(peer(1), &right).unwrap();
        guesses.right(peer(1), right);
        for _ in 0..2 {
            guesses.check(peer(1), &wrong).unwrap();
        }
        let wait = guesses.check(peer(1), &wrong).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(20), "{wait:?}");
        for _ in 0..10 {
            guesses.check(peer(1), &right).unwrap();
        }
        guesses.check(peer(2), &wrong).unwrap();
    }
}
