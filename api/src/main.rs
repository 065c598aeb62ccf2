//! `gavel-api`: the HTTP service over RabbitMQ.

use std::process::ExitCode;
use std::sync::Arc;

use gavel_api::{RunParts, ServeError};
use gavel_common::broker::rabbit::RabbitBroker;
use gavel_common::lifecycle::{Process, refuse};

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
    let parts = RunParts { dispatcher: broker, metrics, tasks, shutdown, republish_all: false };
    process.run::<ServeError>(gavel_api::run(&config, parts)).await
}
