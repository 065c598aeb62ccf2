//! Every warm sandbox of a worker, and new ones where none waits.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::keeper::ShelfKeeper;
use super::kind::{CustomShape, Kind, Needs};
use super::lease::Lease;
use super::shelf::Shelf;
use crate::container::{ContainerError, Engine, SandboxSpec};
use crate::metrics::WorkerMetrics;
use crate::settings::PoolConfig;

/// Every warm sandbox of a worker.
#[derive(Clone)]
pub struct Sandboxes(Arc<Inner>);

struct Inner {
    engine: Engine,
    metrics: WorkerMetrics,
    shelves: HashMap<Kind, Shelf>,
}

/// Background starts at a time: they compete with programs for the cores.
const STARTS_AT_A_TIME: usize = 2;

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
        let shelves = specs.into_iter().map(|(kind, spec)| (kind, Shelf::new(spec, config))).collect();
        let all = Self(Arc::new(Inner { engine, metrics, shelves }));
        let starts = Arc::new(Semaphore::new(STARTS_AT_A_TIME));
        for kind in all.0.shelves.keys() {
            let keeper =
                ShelfKeeper { sandboxes: all.clone(), kind: kind.clone(), starts: Arc::clone(&starts) };
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
    /// When there is no such image, or one has to be started or resized and the engine fails.
    pub async fn lease(&self, kind: &Kind, needs: Needs) -> Result<Lease, ContainerError> {
        let shelf = self.shelf(kind).ok_or_else(|| no_image(kind))?;
        let usual = Needs { memory_mb: shelf.spec.memory_mb, processes: shelf.spec.processes };
        let sandbox = match shelf.take() {
            Some(sandbox) => {
                if needs != usual {
                    self.0.engine.resize(&sandbox, needs.memory_mb, needs.processes).await?;
                }
                sandbox
            }
            None => self.0.engine.start(&with_needs(&shelf.spec, needs)).await?,
        };
        Ok(Lease::new(sandbox, kind.clone(), needs == usual, self.0.metrics.clone()))
    }

    /// A new sandbox of another shape than the warm ones.
    ///
    /// # Errors
    /// When there is no such image, or the engine fails.
    pub async fn start_custom(
        &self,
        kind: &Kind,
        needs: Needs,
        shape: CustomShape,
    ) -> Result<Lease, ContainerError> {
        let shelf = self.shelf(kind).ok_or_else(|| no_image(kind))?;
        let spec = SandboxSpec {
            work_mb: shape.work_mb.unwrap_or(shelf.spec.work_mb),
            pipes: shape.pipes,
            ..with_needs(&shelf.spec, needs)
        };
        let sandbox = self.0.engine.start(&spec).await?;
        Ok(Lease::new(sandbox, kind.clone(), false, self.0.metrics.clone()))
    }

    /// Puts back a sandbox that nothing was ever put into; any other is destroyed.
    pub fn give_back(&self, lease: Lease) {
        if let Some(shelf) = self.0.shelves.get(&lease.kind)
            && let Some(sandbox) = lease.unused()
        {
            shelf.put(sandbox);
        }
    }

    pub(super) fn shelf(&self, kind: &Kind) -> Option<&Shelf> {
        self.0.shelves.get(kind)
    }

    pub(super) fn metrics(&self) -> &WorkerMetrics {
        &self.0.metrics
    }
}

fn with_needs(spec: &SandboxSpec, needs: Needs) -> SandboxSpec {
    SandboxSpec { memory_mb: needs.memory_mb, processes: needs.processes, ..spec.clone() }
}

fn no_image(kind: &Kind) -> ContainerError {
    ContainerError::NoImage { image: kind.label().as_str().to_owned() }
}
