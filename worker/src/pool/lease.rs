//! A sandbox in use.

use std::ops::{Deref, DerefMut};

use super::kind::Kind;
use crate::metrics::{SandboxState, WorkerMetrics};
use crate::sandbox::Sandbox;

/// A sandbox in use. Dropping it destroys it.
pub struct Lease {
    sandbox: Option<Sandbox>,
    pub(super) kind: Kind,
    /// Nothing was put into it, and it has the usual size: it can go back to its shelf.
    fresh: bool,
    metrics: WorkerMetrics,
}

impl Lease {
    pub(super) fn new(sandbox: Sandbox, kind: Kind, fresh: bool, metrics: WorkerMetrics) -> Self {
        let lease = Self { sandbox: Some(sandbox), kind, fresh, metrics };
        lease.count(1.0);
        lease
    }

    /// The sandbox, if nothing was ever put into it; any other is destroyed.
    pub(super) fn unused(mut self) -> Option<Sandbox> {
        if !self.fresh {
            return None;
        }
        self.count(-1.0);
        self.sandbox.take()
    }

    fn count(&self, by: f64) {
        self.metrics.sandboxes(&self.kind.label(), SandboxState::Leased).add(by);
    }
}

impl Deref for Lease {
    type Target = Sandbox;

    #[expect(clippy::expect_used, reason = "it is taken out only by the function that consumes the lease")]
    fn deref(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("a lease holds its sandbox until it is consumed")
    }
}

impl DerefMut for Lease {
    #[expect(clippy::expect_used, reason = "it is taken out only by the function that consumes the lease")]
    fn deref_mut(&mut self) -> &mut Sandbox {
        self.fresh = false;
        self.sandbox.as_mut().expect("a lease holds its sandbox until it is consumed")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.sandbox.is_some() {
            self.count(-1.0);
        }
    }
}
