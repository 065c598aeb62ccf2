//! The life of a Gavel process: settings, telemetry, parts, work, drain, how it ended.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use gavel_api::{ApiMetrics, ServeError};
use gavel_broker::BrokerMetrics;
use gavel_broker::embedded::EmbeddedBroker;
use gavel_broker::rabbit::{RabbitBroker, StartError};
use gavel_platform::disk::DiskMetrics;
use gavel_platform::lifecycle::{INTERRUPTED, Process, refuse};
use gavel_platform::settings;
use gavel_platform::telemetry::Registry;
use gavel_platform::telemetry::trace::{Export, TraceMetrics};
use gavel_worker::{WorkerError, WorkerMetrics};
use tokio_util::sync::CancellationToken;

use crate::role::Role;
use crate::settings::GavelSettings;

/// A part could not start, or failed.
#[derive(Debug, thiserror::Error)]
enum PartError {
    #[error("the HTTP service")]
    Api(#[from] ServeError),
    #[error("the worker")]
    Worker(#[from] WorkerError),
}

/// What every part measures; a part that does not run stays at 0.
#[derive(Clone)]
pub struct Metrics {
    api: ApiMetrics,
    broker: BrokerMetrics,
    disk: DiskMetrics,
    trace: TraceMetrics,
    worker: WorkerMetrics,
}

gavel_platform::metrics! {
    /// What is measured of the build.
    pub struct BuildMetrics {
        gauge build_info(version: Version) = "gavel_build_info", "Always 1";
    }
}

/// The version of this build, as a label.
pub struct Version;

impl Version {
    /// The label.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

impl Metrics {
    /// Registers every metric of every part.
    ///
    /// # Errors
    /// When a name is taken twice or malformed, which a test excludes.
    pub fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        BuildMetrics::register(registry)?.build_info(Version).set(1.0);
        Ok(Self {
            api: ApiMetrics::register(registry)?,
            broker: BrokerMetrics::register(registry)?,
            disk: DiskMetrics::register(registry)?,
            trace: TraceMetrics::register(registry)?,
            worker: WorkerMetrics::register(registry)?,
        })
    }
}

/// `gavel up`, `gavel api`, `gavel worker`: from settings to exit code.
pub async fn launch(role: Role, file: Option<&Path>) -> ExitCode {
    let settings: GavelSettings = match settings::load(file) {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    let (registry, metrics) = match measured() {
        Ok(measured) => measured,
        Err(error) => return refuse(&error),
    };
    let export = match Export::new(&settings.telemetry.otlp, role.service(), metrics.trace.clone()) {
        Ok(export) => export,
        Err(error) => return refuse(&error),
    };
    let process = match Process::begin_with(&settings.log, registry, export.as_ref()) {
        Ok(process) => process,
        Err(code) => return code,
    };
    metrics.broker.begin();
    let areas = settings.disk_areas(role);
    process.tasks.spawn(metrics.disk.clone().watch(areas, process.shutdown.clone()));
    let parts = Parts { settings, metrics, process: process.clone() };
    let code = match role {
        Role::Up => process.run(parts.together()).await,
        Role::Api => match parts.rabbit() {
            Ok(broker) => process.run(parts.api(broker)).await,
            Err(error) => refuse(&error),
        },
        Role::Worker => match parts.rabbit() {
            Ok(broker) => process.run(parts.worker(broker)).await,
            Err(error) => refuse(&error),
        },
    };
    // A second signal ends at once.
    if let Some(export) = export.filter(|_| code != ExitCode::from(INTERRUPTED)) {
        export.finish().await;
    }
    code
}

/// What the process measures, and where.
fn measured() -> Result<(Registry, Metrics), prometheus::Error> {
    let registry = Registry::of_process()?;
    let metrics = Metrics::register(&registry)?;
    Ok((registry, metrics))
}

/// How long the last results may take to be stored.
const RESULTS_WITHIN: Duration = Duration::from_secs(5);

struct Parts {
    settings: GavelSettings,
    metrics: Metrics,
    process: Process,
}

impl Parts {
    fn rabbit(&self) -> Result<Arc<RabbitBroker>, StartError> {
        let Process { tasks, shutdown, .. } = self.process.clone();
        let broker =
            RabbitBroker::start(&self.settings.broker, self.metrics.broker.clone(), tasks, shutdown)?;
        Ok(Arc::new(broker))
    }

    async fn api(&self, dispatcher: Arc<RabbitBroker>) -> Result<(), PartError> {
        let Process { registry, tasks, shutdown } = self.process.clone();
        let metrics = self.metrics.api.clone();
        let parts =
            gavel_api::RunParts { dispatcher, metrics, registry, tasks, shutdown, republish_all: false };
        Ok(gavel_api::run(&self.settings.for_api(), parts).await?)
    }

    async fn worker(&self, source: Arc<RabbitBroker>) -> Result<(), PartError> {
        let Process { registry, tasks, shutdown } = self.process.clone();
        let metrics = self.metrics.worker.clone();
        let parts = gavel_worker::RunParts { source, metrics, registry, tasks, shutdown };
        Ok(gavel_worker::run_worker(&self.settings.for_worker(), parts).await?)
    }

    /// The API outlives the worker: what the worker finishes while it drains is still stored and told.
    async fn together(&self) -> Result<(), PartError> {
        let Process { registry, tasks, shutdown } = self.process.clone();
        let api_shutdown = CancellationToken::new();
        let broker =
            Arc::new(EmbeddedBroker::new(self.metrics.broker.clone(), tasks.clone(), api_shutdown.clone()));
        let results = Arc::clone(&broker);
        let worker = gavel_worker::RunParts {
            source: broker.clone(),
            metrics: self.metrics.worker.clone(),
            registry: registry.clone(),
            tasks: tasks.clone(),
            shutdown: shutdown.clone(),
        };
        let api = gavel_api::RunParts {
            dispatcher: broker,
            metrics: self.metrics.api.clone(),
            registry,
            tasks,
            shutdown: api_shutdown.clone(),
            republish_all: true,
        };
        let worker = async {
            let outcome = gavel_worker::run_worker(&self.settings.for_worker(), worker).await;
            // A store that is down must not keep the process: what is not stored is judged again at the next start.
            if tokio::time::timeout(RESULTS_WITHIN, results.results_settled()).await.is_err() {
                tracing::warn!(
                    "not every result could be stored; those submissions are judged again at the next start"
                );
            }
            api_shutdown.cancel();
            outcome
        };
        let api = async {
            let outcome = gavel_api::run(&self.settings.for_api(), api).await;
            shutdown.cancel();
            outcome
        };
        let (worker, api) = tokio::join!(worker, api);
        worker?;
        Ok(api?)
    }
}
