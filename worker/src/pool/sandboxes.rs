//! Every sandbox of a worker: those that wait, and new ones where none does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use gavel_model::Lane;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::keeper::Keeper;
use super::kind::{CustomShape, Kind, Needs, Shape};
use super::lease::{Held, Lease, Seat};
use super::policy::{Place, Policy};
use super::stock::{Stock, Warm};
use crate::container::{ContainerError, Engine, SandboxSpec};
use crate::metrics::{LeaseOutcome, WorkerMetrics};
use crate::sandbox::Sandbox;
use crate::slots::Slots;

/// Every sandbox of a worker, as the submissions of one lane may have them.
#[derive(Clone)]
pub struct Sandboxes {
    inner: Arc<Inner>,
    /// How many submissions a sandbox may have served with one of this lane.
    uses: u32,
}

/// What all handles share.
pub(super) struct Inner {
    engine: Engine,
    specs: HashMap<Kind, SandboxSpec>,
    stock: Mutex<Stock>,
    news: Notify,
    pub(super) most_uses: u32,
    pub(super) metrics: WorkerMetrics,
    pub(super) tasks: TaskTracker,
}

/// What there is for a submission.
enum Found {
    /// One of the right shape.
    Ready(Warm),
    /// One that can be given it.
    Other(Warm),
    /// One that will be ready before a new one could be.
    Soon,
    Nothing,
}

impl Inner {
    pub(super) fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody that the stock is not what it was.
    pub(super) fn news(&self) {
        self.news.notify_waiters();
    }

    /// The next change of the stock from now on.
    pub(super) fn next_news(&self) -> Notified<'_> {
        self.news.notified()
    }
}

impl Sandboxes {
    /// Begins to look after sandboxes of these kinds.
    #[must_use]
    pub fn new(
        engine: Engine,
        specs: HashMap<Kind, SandboxSpec>,
        slots: Slots,
        metrics: WorkerMetrics,
        tasks: &TaskTracker,
        shutdown: &CancellationToken,
    ) -> Self {
        let config = engine.config();
        let usual = specs.iter().map(|(kind, spec)| Shape { kind: kind.clone(), limits: usual(spec) });
        let policy = Policy::new(config.pool, usual, Instant::now());
        let uses = config.uses;
        let most_uses = Lane::ALL.into_iter().map(|lane| config.uses_of(lane)).max().unwrap_or(uses);
        let stock = Mutex::new(Stock::new(policy, metrics.clone()));
        let inner =
            Inner { engine, specs, stock, news: Notify::new(), most_uses, metrics, tasks: tasks.clone() };
        let all = Self { inner: Arc::new(inner), uses };
        let keeper = Keeper { sandboxes: all.clone(), slots, shutdown: shutdown.clone() };
        tasks.spawn(shutdown.clone().run_until_cancelled_owned(keeper.keep()));
        all
    }

    /// The same sandboxes for submissions of a lane.
    #[must_use]
    pub fn of_lane(&self, lane: Lane) -> Self {
        Self { inner: Arc::clone(&self.inner), uses: self.engine().config().uses_of(lane) }
    }

    /// Sandboxes in which nothing ever ran, and that nobody gets afterwards: for programs of the judge's own, which see
    /// answers.
    #[must_use]
    pub fn unshared(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), uses: 1 }
    }

    /// Whether each is for one submission.
    pub(super) const fn is_for_one(&self) -> bool {
        self.uses == 1
    }

    /// The engine beneath.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// A warm sandbox that satisfies the needs, or a new one when none waits and none is about to.
    ///
    /// # Errors
    /// When there is no such image, or one has to be started or resized and the engine fails.
    pub async fn lease(&self, kind: &Kind, needs: Needs) -> Result<Lease, ContainerError> {
        let shape = Shape::new(kind, needs, usual(self.spec(kind)?));
        let mut outcome = LeaseOutcome::Hit;
        loop {
            let news = self.inner.next_news();
            match self.find(&shape) {
                Found::Ready(warm) => return Ok(self.leased(warm, outcome)),
                Found::Other(warm) => {
                    // Off the books if the engine fails.
                    let lease = self.leased(warm, LeaseOutcome::Resized);
                    self.engine().resize(&lease, shape.limits.memory_mb, shape.limits.processes).await?;
                    return Ok(lease);
                }
                Found::Soon => {
                    let _claim = Claim { pool: &self.inner, shape: &shape };
                    outcome = LeaseOutcome::Wait;
                    news.await;
                }
                Found::Nothing => {
                    self.inner.stock().moved(&shape, None, Some(Place::Leased));
                    let seat = Seat::new(Arc::clone(&self.inner), shape.clone(), Place::Leased);
                    self.count(kind, LeaseOutcome::Miss);
                    let sandbox = self.start(&shape).await?;
                    return Ok(Lease::new(Held { sandbox, served: 0, seat }));
                }
            }
        }
    }

    /// A new sandbox of another shape than the warm ones.
    ///
    /// # Errors
    /// When there is no such image, or the engine fails.
    pub async fn start_custom(
        &self,
        kind: &Kind,
        needs: Needs,
        custom: CustomShape,
    ) -> Result<Lease, ContainerError> {
        let spec = self.spec(kind)?;
        let spec = SandboxSpec {
            work_mb: custom.work_mb.unwrap_or(spec.work_mb),
            pipes: custom.pipes,
            ..with_limits(spec, needs)
        };
        let shape = Shape { kind: kind.clone(), limits: needs };
        self.inner.stock().moved(&shape, None, Some(Place::Custom));
        let seat = Seat::new(Arc::clone(&self.inner), shape, Place::Custom);
        self.count(kind, LeaseOutcome::Custom);
        let sandbox = self.engine().start(&spec).await?;
        Ok(Lease::new(Held { sandbox, served: 0, seat }))
    }

    /// Starts one of this shape.
    pub(super) async fn start(&self, shape: &Shape) -> Result<Sandbox, ContainerError> {
        self.engine().start(&with_limits(self.spec(&shape.kind)?, shape.limits)).await
    }

    pub(super) fn pool(&self) -> &Inner {
        &self.inner
    }

    pub(super) fn shared(&self) -> Arc<Inner> {
        Arc::clone(&self.inner)
    }

    fn find(&self, shape: &Shape) -> Found {
        let mut stock = self.inner.stock();
        if let Some(warm) = stock.take(shape, self.uses) {
            Found::Ready(warm)
        } else if stock.claim(shape, self.uses) {
            Found::Soon
        } else {
            stock.take_other(shape, self.uses).map_or(Found::Nothing, Found::Other)
        }
    }

    fn leased(&self, warm: Warm, outcome: LeaseOutcome) -> Lease {
        let Warm { sandbox, shape, served } = warm;
        self.count(&shape.kind, outcome);
        let seat = Seat::new(Arc::clone(&self.inner), shape, Place::Leased);
        self.inner.news();
        Lease::new(Held { sandbox, served, seat })
    }

    fn count(&self, kind: &Kind, outcome: LeaseOutcome) {
        self.inner.metrics.sandbox_leases(&kind.label(), outcome).inc();
    }

    fn spec(&self, kind: &Kind) -> Result<&SandboxSpec, ContainerError> {
        let no_image = || ContainerError::NoImage { image: kind.label().as_str().to_owned() };
        self.inner.specs.get(kind).ok_or_else(no_image)
    }
}

/// Somebody waits for a sandbox that is on its way.
struct Claim<'a> {
    pool: &'a Inner,
    shape: &'a Shape,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.pool.stock().release(self.shape);
    }
}

const fn usual(spec: &SandboxSpec) -> Needs {
    Needs { memory_mb: spec.memory_mb, processes: spec.processes }
}

fn with_limits(spec: &SandboxSpec, limits: Needs) -> SandboxSpec {
    SandboxSpec { memory_mb: limits.memory_mb, processes: limits.processes, ..spec.clone() }
}
