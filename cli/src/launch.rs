//! Starting the parts, together or apart.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use gavel_api::ServeError;
use gavel_common::broker::embedded::EmbeddedBroker;
use gavel_common::broker::rabbit::RabbitBroker;
use gavel_common::lifecycle::{Process, refuse};
use gavel_worker::WorkerError;
use tokio_util::sync::CancellationToken;

/// `gavel up`
pub async fn up(settings: Option<&Path>) -> ExitCode {
    match Process::begin(settings) {
        Ok(process) => process.clone().run(together(process)).await,
        Err(code) => code,
    }
}

/// `gavel api`
pub async fn api(settings: Option<&Path>) -> ExitCode {
    let (process, broker) = match with_rabbit(settings) {
        Ok(both) => both,
        Err(code) => return code,
    };
    let Process { config, metrics, tasks, shutdown } = process.clone();
    let parts = gavel_api::RunParts { dispatcher: broker, metrics, tasks, shutdown, republish_all: false };
    process.run(gavel_api::run(&config, parts)).await
}

/// `gavel worker`
pub async fn worker(settings: Option<&Path>) -> ExitCode {
    let (process, broker) = match with_rabbit(settings) {
        Ok(both) => both,
        Err(code) => return code,
    };
    let Process { config, metrics, tasks, shutdown } = process.clone();
    let parts = gavel_worker::RunParts { source: broker, metrics, tasks, shutdown };
    process.run(gavel_worker::run(&config, parts)).await
}

fn with_rabbit(settings: Option<&Path>) -> Result<(Process, Arc<RabbitBroker>), ExitCode> {
    let process = Process::begin(settings)?;
    let Process { config, metrics, tasks, shutdown } = process.clone();
    let broker =
        RabbitBroker::start(&config.broker, metrics, tasks, shutdown).map_err(|error| refuse(&error))?;
    Ok((process, Arc::new(broker)))
}

/// One of the parts could not start, or failed.
#[derive(Debug)]
enum Part {
    Api(ServeError),
    Worker(WorkerError),
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Api(_) => "the HTTP service",
            Self::Worker(_) => "the worker",
        })
    }
}

impl std::error::Error for Part {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Api(error) => Some(error),
            Self::Worker(error) => Some(error),
        }
    }
}

/// How long the last results may take to be stored.
const RESULTS_WITHIN: Duration = Duration::from_secs(5);

/// The API outlives the worker: what the worker finishes while it drains is still stored and told.
async fn together(process: Process) -> Result<(), Part> {
    let Process { config, metrics, tasks, shutdown } = process;
    let api_shutdown = CancellationToken::new();
    let broker = Arc::new(EmbeddedBroker::new(tasks.clone(), api_shutdown.clone()));
    let results = Arc::clone(&broker);
    let worker = gavel_worker::RunParts {
        source: broker.clone(),
        metrics: metrics.clone(),
        tasks: tasks.clone(),
        shutdown: shutdown.clone(),
    };
    let api = gavel_api::RunParts {
        dispatcher: broker,
        metrics,
        tasks,
        shutdown: api_shutdown.clone(),
        republish_all: true,
    };
    let worker = async {
        let outcome = gavel_worker::run(&config, worker).await.map_err(Part::Worker);
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
        let outcome = gavel_api::run(&config, api).await.map_err(Part::Api);
        shutdown.cancel();
        outcome
    };
    let (worker, api) = tokio::join!(worker, api);
    worker.and(api)
}
