//! `/healthz`, `/readyz` and `/metrics` of a worker.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use gavel_broker::WorkSource;
use gavel_platform::telemetry::Registry;
use tokio_util::sync::CancellationToken;

use crate::container::Engine;
use crate::toolchain::Starts;

/// What health depends on.
#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) source: Arc<dyn WorkSource>,
    pub(crate) engine: Engine,
    pub(crate) starts: Starts,
    pub(crate) registry: Registry,
    pub(crate) draining: CancellationToken,
}

/// The routes.
pub(crate) fn router(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(health)
}

async fn ready(State(health): State<Health>) -> (StatusCode, String) {
    let unready = |why: &str| (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n"));
    if health.draining.is_cancelled() {
        unready("draining")
    } else if !health.source.connected() {
        unready("no connection to the broker")
    } else if !health.engine.answers().await {
        unready("the Docker Engine does not answer")
    } else if let Some(complaint) = health.starts.complaint() {
        unready(&complaint)
    } else {
        (StatusCode::OK, "ready\n".to_owned())
    }
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    match health.registry.text() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
