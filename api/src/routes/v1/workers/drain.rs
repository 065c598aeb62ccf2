//! `POST` and `DELETE /api/v1/workers/{id}/drain`

use std::time::Instant;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use gavel_model::Control;

use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::state::AppState;

/// Tell a worker to drain: it takes nothing more, finishes what it has begun, and gives back the rest.
///
/// It says so in its next heartbeat, which it sends at once. An order may be lost while its connection is away: what counts
/// is `draining` in the list of workers. A worker that is started again takes submissions.
#[utoipa::path(post, operation_id = "drainWorker", path = "/api/v1/workers/{id}/drain", tag = "workers",
    params(("id" = String, Path, description = "The worker's name, as the list has it")),
    responses(
        (status = 202, description = "It was told"),
        (status = 404, description = "No worker of this name spoke lately", body = ErrorEnvelope),
        AnyCall,
    ))]
pub async fn drain(
    State(state): State<AppState>,
    Path(worker): Path<String>,
) -> Result<StatusCode, ApiError> {
    tell(&state, worker, |worker| Control::Drain { worker }).await
}

/// Tell a worker that drains to take submissions again.
#[utoipa::path(delete, operation_id = "undrainWorker", path = "/api/v1/workers/{id}/drain", tag = "workers",
    params(("id" = String, Path, description = "The worker's name, as the list has it")),
    responses(
        (status = 202, description = "It was told"),
        (status = 404, description = "No worker of this name spoke lately", body = ErrorEnvelope),
        AnyCall,
    ))]
pub async fn undrain(
    State(state): State<AppState>,
    Path(worker): Path<String>,
) -> Result<StatusCode, ApiError> {
    tell(&state, worker, |worker| Control::Undrain { worker }).await
}

async fn tell(
    state: &AppState,
    worker: String,
    order: fn(String) -> Control,
) -> Result<StatusCode, ApiError> {
    if !state.fleet.has(&worker, Instant::now()) {
        return Err(ApiError::new(ErrorCode::UnknownWorker, "no worker of this name spoke within 15 s"));
    }
    let order = order(worker);
    state.dispatcher.send_control(&order).await.map_err(|error| {
        tracing::warn!(?order, error = &error as &dyn std::error::Error, "a worker could not be told");
        ApiError::unavailable("the broker does not answer, try again")
    })?;
    tracing::info!(?order, "a worker was told");
    Ok(StatusCode::ACCEPTED)
}
