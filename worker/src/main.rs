//! `gavel-worker`: judges what RabbitMQ delivers.

use std::process::ExitCode;
use std::sync::Arc;

use gavel_common::broker::rabbit::RabbitBroker;
use gavel_common::lifecycle::{Process, refuse};
use gavel_worker::{RunParts, WorkerError};

#[tokio::main]
async fn main() -> ExitCode {
    let process = match Process::begin(None) {
        Ok(process) => process,
        Err(code) => return code,
    };
    let Process { config, metrics, tasks, shutdown } = process.clone();
    let broker = match RabbitBroker::start(&config.broker, metrics.clone(), tasks.clone(), shutdown.clone()) {
        Ok(broker) => Arc::new(broker),
        Err(error) => return refuse(&error),
    };
    let parts = RunParts { source: broker, metrics, tasks, shutdown };
    process.run::<WorkerError>(gavel_worker::run(&config, parts)).await
}
