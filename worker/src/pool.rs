//! Warm sandboxes: started, attached and ready before a submission needs them.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::metrics::{ImageLabel, SandboxState, WorkerMetrics};
use crate::settings::PoolConfig;
use deadpool::unmanaged::{Object, Pool};
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::container::{Engine, PipesMount, Purpose, SandboxSpec};
use crate::sandbox::{Sandbox, SandboxError};

/// Which warm sandboxes: those of one language's folder and purpose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    /// The folder's name, as in `gavel/<image>-run`.
    pub image: String,
    /// What for.
    pub purpose: Purpose,
}

/// What a submission needs of a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Memory of the whole container, in MiB.
    pub memory_mb: u64,
    /// Processes and threads.
    pub processes: u64,
}

/// What can be different about a sandbox that is started for one use.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Size of `/app/work`, in MiB.
    pub work_mb: Option<u64>,
    /// The volume of an interactive pair.
    pub pipes: Option<PipesMount>,
}

/// Every warm sandbox of a worker.
#[derive(Clone)]
pub struct Sandboxes(Arc<Inner>);

struct Inner {
    engine: Engine,
    metrics: WorkerMetrics,
    shelves: HashMap<Kind, Shelf>,
}

/// The warm sandboxes of one kind.
struct Shelf {
    spec: SandboxSpec,
    pool: Pool<Sandbox>,
    /// How many should wait; moved by demand between the configured minimum and maximum.
    target: AtomicUsize,
    taken: Notify,
}

/// A sandbox in use. Dropping it destroys it.
pub struct Lease {
    sandbox: Option<Sandbox>,
    kind: Kind,
    fresh: bool,
    metrics: WorkerMetrics,
}

/// Background starts at a time: they compete with programs for the cores.
const STARTS_AT_A_TIME: usize = 2;
/// How often sandboxes that died while waiting are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MOST: Duration = Duration::from_secs(15);

impl Sandboxes {
    /// Starts filling a shelf for each spec.
    #[must_use]
    pub fn new(
        engine: Engine,
        specs: HashMap<Kind, SandboxSpec>,
        config: PoolConfig,
        metrics: WorkerMetrics,
        tasks: &TaskTracker,
        shutdown: &CancellationToken,
    ) -> Self {
        let shelf = |spec| Shelf {
            spec,
            pool: Pool::new(config.max),
            target: AtomicUsize::new(config.min),
            taken: Notify::new(),
        };
        let shelves = specs.into_iter().map(|(kind, spec)| (kind, shelf(spec))).collect();
        let all = Self(Arc::new(Inner { engine, metrics, shelves }));
        let starts = Arc::new(Semaphore::new(STARTS_AT_A_TIME));
        for kind in all.0.shelves.keys() {
            let keeper = Keeper { all: all.clone(), kind: kind.clone(), config, starts: Arc::clone(&starts) };
            tasks.spawn(shutdown.clone().run_until_cancelled_owned(keeper.keep()));
        }
        all
    }

    /// The engine beneath.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// A warm sandbox that satisfies the needs, or a new one when none waits.
    ///
    /// # Errors
    /// When one has to be started or resized and the engine fails.
    ///
    /// # Panics
    /// Never: kinds come from the same table as the shelves.
    pub async fn lease(&self, kind: &Kind, needs: Needs) -> Result<Lease, SandboxError> {
        let Some(shelf) = self.0.shelves.get(kind) else {
            return Err(SandboxError::Failed { what: format!("there is no image gavel/{}", kind.image) });
        };
        let warm = std::iter::from_fn(|| shelf.pool.try_get().ok()).map(Object::take).find(Sandbox::is_alive);
        let usual = Needs { memory_mb: shelf.spec.memory_mb, processes: shelf.spec.processes };
        let missed = warm.is_none();
        shelf.note_demand(missed);
        let sandbox = match warm {
            Some(sandbox) => {
                if needs != usual {
                    self.0.engine.resize(&sandbox, needs.memory_mb, needs.processes).await?;
                }
                sandbox
            }
            None => {
                let spec = SandboxSpec {
                    memory_mb: needs.memory_mb,
                    processes: needs.processes,
                    ..shelf.spec.clone()
                };
                self.0.engine.start(&spec).await?
            }
        };
        Ok(self.lease_of(sandbox, kind, needs == usual))
    }

    /// A new sandbox of another shape than the warm ones.
    ///
    /// # Errors
    /// When the engine fails.
    pub async fn start_own(&self, kind: &Kind, needs: Needs, own: Own) -> Result<Lease, SandboxError> {
        let Some(shelf) = self.0.shelves.get(kind) else {
            return Err(SandboxError::Failed { what: format!("there is no image gavel/{}", kind.image) });
        };
        let spec = SandboxSpec {
            memory_mb: needs.memory_mb,
            processes: needs.processes,
            work_mb: own.work_mb.unwrap_or(shelf.spec.work_mb),
            pipes: own.pipes,
            ..shelf.spec.clone()
        };
        Ok(self.lease_of(self.0.engine.start(&spec).await?, kind, false))
    }

    /// Puts back a sandbox that nothing was ever put into; any other is destroyed.
    pub fn give_back(&self, mut lease: Lease) {
        if let Some(shelf) = self.0.shelves.get(&lease.kind)
            && lease.fresh
            && let Some(sandbox) = lease.sandbox.take()
        {
            lease.count(-1.0);
            // A full shelf drops it, which destroys it.
            drop(shelf.pool.try_add(sandbox));
        }
    }

    fn lease_of(&self, sandbox: Sandbox, kind: &Kind, fresh: bool) -> Lease {
        let lease =
            Lease { sandbox: Some(sandbox), kind: kind.clone(), fresh, metrics: self.0.metrics.clone() };
        lease.count(1.0);
        lease
    }
}

impl Shelf {
    fn note_demand(&self, missed: bool) {
        if missed {
            let most = self.pool.status().max_size;
            let more = |now| (now < most).then_some(now + 1);
            // It refuses only at its most, which is as wanted.
            self.target.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok();
        }
        self.taken.notify_one();
    }
}

impl Lease {
    fn count(&self, by: f64) {
        self.metrics.sandboxes(&self.kind.label(), SandboxState::Leased).add(by);
    }
}

impl Kind {
    /// The label of metrics, such as `cpp-run`.
    #[must_use]
    pub fn label(&self) -> ImageLabel {
        ImageLabel(format!("{}-{}", self.image, self.purpose.as_str()))
    }
}

impl Deref for Lease {
    type Target = Sandbox;

    #[expect(
        clippy::expect_used,
        reason = "it is taken out only by the two functions that consume the lease"
    )]
    fn deref(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("a lease holds its sandbox until it is consumed")
    }
}

impl DerefMut for Lease {
    #[expect(
        clippy::expect_used,
        reason = "it is taken out only by the two functions that consume the lease"
    )]
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

/// Keeps one shelf filled.
struct Keeper {
    all: Sandboxes,
    kind: Kind,
    config: PoolConfig,
    starts: Arc<Semaphore>,
}

impl Keeper {
    async fn keep(self) {
        let Some(shelf) = self.all.0.shelves.get(&self.kind) else { return };
        let mut last_taken = Instant::now();
        let mut retry = RETRY_FIRST;
        loop {
            retain_alive(&shelf.pool);
            if last_taken.elapsed() > self.config.idle {
                shelf.target.store(self.config.min, Ordering::Relaxed);
                while waiting(&shelf.pool) > self.config.min && shelf.pool.try_remove().is_ok() {}
            }
            match self.fill(shelf).await {
                Ok(()) => retry = RETRY_FIRST,
                Err(error) => {
                    tracing::warn!(
                        image = self.kind.label().as_str(),
                        error = &error as &dyn std::error::Error,
                        "a sandbox could not be started ahead"
                    );
                    tokio::time::sleep(retry).await;
                    retry = (retry * 2).min(RETRY_MOST);
                }
            }
            self.count(shelf);
            if tokio::time::timeout(LOOK_EVERY, shelf.taken.notified()).await.is_ok() {
                last_taken = Instant::now();
            }
        }
    }

    async fn fill(&self, shelf: &Shelf) -> Result<(), SandboxError> {
        while waiting(&shelf.pool) < shelf.target.load(Ordering::Relaxed) {
            let Ok(_start) = self.starts.acquire().await else { return Ok(()) };
            let sandbox = self.all.0.engine.start(&shelf.spec).await?;
            if shelf.pool.try_add(sandbox).is_err() {
                return Ok(());
            }
            self.count(shelf);
        }
        Ok(())
    }

    fn count(&self, shelf: &Shelf) {
        let idle = waiting(&shelf.pool) as f64;
        self.all.0.metrics.sandboxes(&self.kind.label(), SandboxState::Idle).set(idle);
    }
}

fn waiting(pool: &Pool<Sandbox>) -> usize {
    pool.status().available
}

/// Drops the sandboxes that died while they waited, for example since the engine was restarted.
fn retain_alive(pool: &Pool<Sandbox>) {
    for _ in 0..waiting(pool) {
        match pool.try_remove() {
            Ok(sandbox) if sandbox.is_alive() => drop(pool.try_add(sandbox)),
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
