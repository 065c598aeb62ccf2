//! What becomes of a sandbox when a submission is done with it.

use super::lease::Lease;
use super::sandboxes::Sandboxes;
use crate::metrics::SandboxEnd;

impl Sandboxes {
    /// Takes back the sandbox of a submission that is done with it. One that nothing was ever put into waits for the next,
    /// any other is destroyed.
    pub fn give_back(&self, lease: Lease) {
        let fresh = lease.is_fresh();
        let Some(held) = lease.into_held() else { return };
        match held.spoilt() {
            Some(why) => held.seat.ends(why),
            None if fresh => held.seat.put(held.sandbox, held.served),
            None => held.seat.ends(SandboxEnd::UsedUp),
        }
    }
}
