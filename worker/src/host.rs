//! Everything that judging needs on one machine, without a queue: what a worker and `gavel judge` have in common.

use crate::metrics::WorkerMetrics;
use crate::settings::WorkerSettings;
use gavel_blobs::BlobStore;
use gavel_model::language::Languages;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cache::{ArtifactCache, PackageCache};
use crate::canary::Probe;
use crate::compile::Compiler;
use crate::container::{ContainerError, Engine, EngineParts};
use crate::judge::{Judge, JudgeParts};
use crate::pool::Sandboxes;
use crate::slots::{Slots, available_cores};
use crate::toolchain::Toolchains;

/// A machine that cannot judge.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The Docker Engine cannot be used.
    #[error("sandboxes")]
    Container(#[from] ContainerError),
    /// A folder of the worker's own cannot be used.
    #[error("{what}")]
    File {
        /// Which.
        what: String,
        /// Why.
        source: std::io::Error,
    },
    /// No language has its images on this machine.
    #[error("no language can be judged here: images/build.sh makes the images")]
    NoLanguage,
}

const MIB: u64 = 1024 * 1024;

/// A place to judge at.
pub struct JudgingHost {
    /// Judges.
    pub judge: Judge,
    /// How many at a time, and on which cores.
    pub slots: Slots,
    /// Starts sandboxes.
    pub engine: Engine,
    /// What can be judged.
    pub toolchains: Toolchains,
    /// Tries out what keeps programs in.
    pub probe: Probe,
}

impl JudgingHost {
    /// Connects to the engine, finds the images and begins to warm sandboxes, which goes on until `shutdown`.
    ///
    /// # Errors
    /// [`HostError`]: what is missing on this machine.
    pub async fn open(
        config: &WorkerSettings,
        languages: Languages,
        blobs: BlobStore,
        metrics: WorkerMetrics,
        tasks: &TaskTracker,
        shutdown: &CancellationToken,
    ) -> Result<Self, HostError> {
        let file = |what: &str| {
            let what = what.to_owned();
            move |source| HostError::File { what, source }
        };
        let worker = worker_id(&config.worker.id);
        let cores = available_cores().map_err(file("the cores of this machine"))?;
        let slots = Slots::new(config.worker.slots, config.worker.cores_per_slot, &cores, metrics.clone());
        let cache_dir = &config.worker.cache_dir;
        let cache = ArtifactCache::open(&cache_dir.join("artifacts"), config.worker.artifact_cache_mb * MIB)
            .map_err(file("worker.cache_dir"))?;
        let engine = Engine::connect(EngineParts {
            worker: worker.clone(),
            config: config.sandbox.clone(),
            metrics: metrics.clone(),
            tasks: tasks.clone(),
            shutdown: shutdown.clone(),
        })
        .await?;
        let toolchains =
            Toolchains::find(&engine, &languages, &config.languages.tag, &cache_dir.join("compilers.json"))
                .await?;
        if toolchains.languages().next().is_none() {
            return Err(HostError::NoLanguage);
        }
        let specs = toolchains.specs(&languages, &config.sandbox, &config.limits.default);
        let probe = Probe::among(engine.clone(), specs.values()).ok_or(HostError::NoLanguage)?;
        let sandboxes =
            Sandboxes::new(engine.clone(), specs, slots.clone(), metrics.clone(), tasks, shutdown);
        let compiler = Compiler::new(toolchains.clone(), cache, &config.worker, metrics.clone());
        let packages = PackageCache::open(
            &cache_dir.join("problems"),
            config.worker.problem_cache_mb * MIB,
            blobs.clone(),
            languages.clone(),
            metrics.clone(),
        )
        .map_err(file("worker.cache_dir"))?;
        let judge = Judge::new(JudgeParts {
            worker,
            config: config.worker.clone(),
            slots: slots.count(),
            limits: config.limits,
            bounds: config.bounds,
            languages,
            toolchains: toolchains.clone(),
            sandboxes,
            compiler,
            packages,
            blobs,
            metrics,
        });
        Ok(Self { judge, slots, engine, toolchains, probe })
    }
}

fn worker_id(configured: &str) -> String {
    if configured.is_empty() {
        rustix::system::uname().nodename().to_string_lossy().into_owned()
    } else {
        configured.to_owned()
    }
}
