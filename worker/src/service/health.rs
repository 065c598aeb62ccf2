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

/// What health depends on.
#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) source: Arc<dyn WorkSource>,
    pub(crate) engine: Engine,
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

async fn ready(State(health): State<Health>) -> (StatusCode, &'static str) {
    if health.draining.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining\n")
    } else if !health.source.connected() {
        (StatusCode::SERVICE_UNAVAILABLE, "no connection to the broker\n")
    } else if !health.engine.answers().await {
        (StatusCode::SERVICE_UNAVAILABLE, "the Docker Engine does not answer\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    match health.registry.text() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
