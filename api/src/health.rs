//! `/healthz`, `/readyz`, `/metrics`

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::state::AppState;

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`
    pub status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()),
    responses((status = 200, description = "It lives", body = Health)))]
pub async fn healthz() -> Json<Health> {
    OK
}

/// The service can take submissions: the store answers, the broker is connected, the process is not ending.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses(
        (status = 200, description = "Ready", body = Health),
        (status = 503, description = "Not ready, and why", body = ErrorEnvelope),
    ))]
pub async fn readyz(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    if state.shutdown.is_cancelled() {
        return Err(ApiError::unavailable("the service is ending"));
    }
    if !state.dispatcher.connected() {
        return Err(ApiError::unavailable("the broker is not connected"));
    }
    state.store.oldest_unfinished().await?;
    Ok(OK)
}

/// What is measured, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", security(()),
    responses((status = 200, description = "Prometheus text format 0.0.4", body = String,
        content_type = "text/plain")))]
pub async fn metrics(State(state): State<AppState>) -> Result<Response, ApiError> {
    let text = state.registry.text().map_err(|error| {
        tracing::error!(%error, "metrics cannot be encoded");
        ApiError::new(ErrorCode::Internal, "metrics cannot be encoded")
    })?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
