//! The containers of this worker that somebody holds, and their user ids.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::RngExt as _;

use super::create::{FIRST_UID, UIDS};

/// Every living sandbox.
#[derive(Debug)]
pub(super) struct Living(Mutex<State>);

#[derive(Debug)]
struct State {
    next_uid: u32,
    uids: HashMap<String, u32>,
}

impl Living {
    /// None yet. Where the user ids begin is random: workers that share a host rarely meet.
    pub(super) fn new() -> Self {
        Self::beginning_at(FIRST_UID + rand::rng().random_range(0..UIDS))
    }

    fn beginning_at(next_uid: u32) -> Self {
        Self(Mutex::new(State { next_uid, uids: HashMap::new() }))
    }

    /// A user id that no living sandbox has. It goes round, so that one that has just ended is not taken for the next.
    pub(super) fn free_uid(&self) -> u32 {
        let mut state = self.state();
        // There are far more ids than sandboxes fit on a machine.
        loop {
            let uid = state.next_uid;
            state.next_uid = FIRST_UID + (uid - FIRST_UID + 1) % UIDS;
            if !state.uids.values().any(|taken| *taken == uid) {
                return uid;
            }
        }
    }

    pub(super) fn add(&self, id: String, uid: u32) {
        self.state().uids.insert(id, uid);
    }

    pub(super) fn remove(&self, id: &str) {
        self.state().uids.remove(id);
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.state().uids.contains_key(id)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_living_sandboxes_have_one_user_id() {
        let living = Living::beginning_at(FIRST_UID + UIDS - 2);
        let first = living.free_uid();
        living.add("long lived".to_owned(), first);
        assert_eq!(first, FIRST_UID + UIDS - 2);
        let round: Vec<u32> = (0..UIDS).map(|_| living.free_uid()).collect();
        assert!(!round.contains(&first), "it was given again after a whole round");
        assert!(round.iter().all(|uid| (FIRST_UID..FIRST_UID + UIDS).contains(uid)));
        living.remove("long lived");
        let again: Vec<u32> = (0..UIDS).map(|_| living.free_uid()).collect();
        assert!(again.contains(&first), "it was never given back");
    }
}
