//! From one submission to the next: only a sandbox that ended well and is proven blank goes back to those that wait.

use super::lease::{Held, Lease};
use super::policy::Place;
use super::sandboxes::Sandboxes;
use crate::metrics::SandboxEnd;

impl Sandboxes {
    /// Takes back the sandbox of a submission that is done with it. It is destroyed unless all went well in it, it has
    /// uses left and is proven blank, which happens in the background. Who wants one that nobody had leaves it to nobody
    /// either.
    pub fn give_back(&self, lease: Lease) {
        let fresh = lease.is_fresh();
        let Some(mut held) = lease.into_held() else { return };
        if let Some(why) = held.spoilt() {
            held.seat.ends(why);
        } else if fresh {
            held.seat.put(held.sandbox, held.served);
        } else if self.is_for_one() || held.served + 1 >= self.pool().most_uses {
            held.seat.ends(SandboxEnd::UsedUp);
        } else {
            held.seat.go(Place::Proving);
            self.pool().tasks.spawn(prove(held));
        }
    }
}

async fn prove(held: Held) {
    let Held { mut sandbox, served, seat } = held;
    let begin = std::time::Instant::now();
    let blank = sandbox.blank().await;
    seat.pool.metrics.sandbox_proof_seconds().observe(begin.elapsed().as_secs_f64());
    match blank {
        Ok(()) => seat.put(sandbox, served + 1),
        Err(error) => {
            tracing::info!(
                sandbox.id = sandbox.id(),
                error = &error as &dyn std::error::Error,
                "a sandbox is not as it was; it is destroyed"
            );
            seat.ends(SandboxEnd::NotBlank);
        }
    }
}
