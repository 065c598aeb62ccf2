//! The warm sandboxes of one kind.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deadpool::unmanaged::{Object, Pool};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::policy::{Demand, Plan};
use crate::container::SandboxSpec;
use crate::sandbox::Sandbox;
use crate::settings::PoolConfig;

/// Sandboxes that wait, and the demand for them.
pub(super) struct Shelf {
    pub(super) spec: SandboxSpec,
    pool: Pool<Sandbox>,
    demand: Mutex<Demand>,
    taken: Notify,
}

impl Shelf {
    pub(super) fn new(spec: SandboxSpec, config: PoolConfig) -> Self {
        let demand = Mutex::new(Demand::new(config, Instant::now().into_std()));
        Self { spec, pool: Pool::new(config.max), demand, taken: Notify::new() }
    }

    /// One that waits and is alive, if there is one. Counts as demand either way.
    pub(super) fn take(&self) -> Option<Sandbox> {
        let taken = std::iter::from_fn(|| self.pool.try_get().ok()).map(Object::take).find(Sandbox::is_alive);
        self.demand(|demand, now| demand.taken(taken.is_none(), now));
        self.taken.notify_one();
        taken
    }

    /// Puts one on the shelf; a full shelf drops it, which ends it. Whether there was room.
    pub(super) fn put(&self, sandbox: Sandbox) -> bool {
        self.pool.try_add(sandbox).is_ok()
    }

    /// How many wait.
    pub(super) fn idle(&self) -> usize {
        self.pool.status().available
    }

    /// What is to be done now.
    pub(super) fn plan(&self) -> Plan {
        let waiting = self.idle();
        self.demand(|demand, now| demand.plan(waiting, now))
    }

    /// Ends up to `count` of those that wait.
    pub(super) fn stop(&self, count: usize) {
        for _ in 0..count {
            if self.pool.try_remove().is_err() {
                return;
            }
        }
    }

    /// Drops the sandboxes that died while they waited, for example since the engine was restarted.
    pub(super) fn drop_dead(&self) {
        for _ in 0..self.idle() {
            match self.pool.try_remove() {
                Ok(sandbox) if sandbox.is_alive() => drop(self.pool.try_add(sandbox)),
                Ok(_) => {}
                Err(_) => return,
            }
        }
    }

    /// Waits until one is taken, at most for `within`.
    pub(super) async fn until_taken(&self, within: Duration) {
        // Either way it is time to look again.
        drop(tokio::time::timeout(within, self.taken.notified()).await);
    }

    fn demand<T>(&self, with: impl FnOnce(&mut Demand, std::time::Instant) -> T) -> T {
        let mut demand = self.demand.lock().unwrap_or_else(PoisonError::into_inner);
        with(&mut demand, Instant::now().into_std())
    }
}
