//! A sandbox in use.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use super::kind::Shape;
use super::policy::Place;
use super::sandboxes::Inner;
use super::stock::Warm;
use crate::container::Purpose;
use crate::metrics::{CpuPart, SandboxEnd};
use crate::sandbox::{Sandbox, Spoilt};

/// A sandbox in use. Dropping it destroys it; [`super::Sandboxes::give_back`] lets the next submission have it.
pub struct Lease {
    held: Option<Held>,
    /// Nothing was put into it.
    fresh: bool,
}

/// What a lease is of.
pub(super) struct Held {
    pub(super) sandbox: Sandbox,
    /// How many submissions had it before.
    pub(super) served: u32,
    pub(super) seat: Seat,
}

/// A sandbox's place in the stock's books, while it is not among those that wait. Dropping it takes it off them.
pub(super) struct Seat {
    pub(super) pool: Arc<Inner>,
    pub(super) shape: Shape,
    at: Option<Place>,
}

impl Seat {
    /// For one that the books have there.
    pub(super) const fn new(pool: Arc<Inner>, shape: Shape, at: Place) -> Self {
        Self { pool, shape, at: Some(at) }
    }

    /// It goes to another place.
    pub(super) fn go(&mut self, to: Place) {
        self.pool.stock().moved(&self.shape, self.at, Some(to));
        self.at = Some(to);
        self.pool.news();
    }

    /// It is one that waits from now on.
    pub(super) fn put(mut self, sandbox: Sandbox, served: u32) {
        if let Some(from) = self.at.take() {
            self.pool.stock().put(Warm { sandbox, shape: self.shape.clone(), served }, from);
            self.pool.news();
        }
    }

    /// Counts what was spent in it.
    fn used(&self, cpu: Duration) {
        let part = match self.shape.kind.purpose {
            Purpose::Compile => CpuPart::Compilers,
            Purpose::Run => CpuPart::Programs,
        };
        self.pool.metrics.cpu_seconds(part).inc_by(cpu.as_secs_f64());
    }

    /// Counts why it ends.
    pub(super) fn ends(&self, why: SandboxEnd) {
        self.pool.metrics.sandboxes_destroyed(why).inc();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(from) = self.at.take() {
            self.pool.stock().moved(&self.shape, Some(from), None);
            self.pool.news();
        }
    }
}

impl Held {
    /// Why nobody else may have it, if nobody may.
    pub(super) fn spoilt(&self) -> Option<SandboxEnd> {
        match self.sandbox.spoilt() {
            Some(Spoilt::Limit) => Some(SandboxEnd::Limit),
            Some(Spoilt::Signal) => Some(SandboxEnd::Signal),
            Some(Spoilt::OutOfMemory) => Some(SandboxEnd::OutOfMemory),
            Some(Spoilt::Fault) => Some(SandboxEnd::Fault),
            None if !self.sandbox.is_alive() => Some(SandboxEnd::Died),
            None if self.seat.at == Some(Place::Custom) => Some(SandboxEnd::Custom),
            None => None,
        }
    }
}

impl Lease {
    pub(super) const fn new(held: Held) -> Self {
        Self { held: Some(held), fresh: true }
    }

    /// Whether nothing was put into it.
    pub(super) const fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// What it is of, which is no longer destroyed with it.
    pub(super) fn into_held(mut self) -> Option<Held> {
        self.take()
    }

    fn take(&mut self) -> Option<Held> {
        let mut held = self.held.take()?;
        held.seat.used(held.sandbox.take_used());
        Some(held)
    }
}

impl Deref for Lease {
    type Target = Sandbox;

    #[expect(clippy::expect_used, reason = "it is taken out only by the function that consumes the lease")]
    fn deref(&self) -> &Sandbox {
        &self.held.as_ref().expect("a lease holds its sandbox until it is consumed").sandbox
    }
}

impl DerefMut for Lease {
    #[expect(clippy::expect_used, reason = "it is taken out only by the function that consumes the lease")]
    fn deref_mut(&mut self) -> &mut Sandbox {
        self.fresh = false;
        &mut self.held.as_mut().expect("a lease holds its sandbox until it is consumed").sandbox
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(held) = self.take() {
            // Nobody gave it back: its submission ended in the middle of something.
            held.seat.ends(held.spoilt().unwrap_or(SandboxEnd::Dropped));
        }
    }
}
