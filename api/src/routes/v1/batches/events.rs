//! `GET /api/v1/batches/{id}/events`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};

use super::path::BatchPath;
use super::stream::BatchStream;
use super::view::{BatchState, BatchView};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::http::resume::Resume;
use crate::principal::Principal;
use crate::state::AppState;

/// Follow a batch until all of it is final.
///
/// Server-sent events: `batch` with the counts, at the begin and while they change; `result` for each submission as it becomes
/// final; `done` with the last counts, and the end. None is lost: `Last-Event-ID` goes on behind the last `result` seen.
#[utoipa::path(
    get,
    operation_id = "followBatch",
    path = "/api/v1/batches/{id}/events",
    tag = "batches",
    params(
        ("id" = String, Path, description = "The batch's id"),
        ("last-event-id" = Option<String>, Header, description = "The id of the last event that was seen"),
    ),
    responses(
        (status = 200, description = "Its events, as they happen", body = String, content_type = "text/event-stream"),
        (status = 204, description = "Everything was seen"),
        (status = 404, description = "No such batch", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn events(
    State(state): State<AppState>,
    principal: Principal,
    BatchPath(id): BatchPath,
    resume: Resume,
) -> Result<Response, ApiError> {
    // Before the look into the store, so that what is stored in between is not missed.
    let follow = state.updates.follow_batch(id);
    let batch = BatchView::from(state.visible_batch(id, &principal).await?);
    if resume == Resume::Ended && batch.state != BatchState::Judging {
        // The answer that tells a browser not to connect again.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let keep_alive = KeepAlive::new().interval(state.config.keep_alive);
    let events = BatchStream::begin(&state, follow, &batch, resume).until(state.shutdown.clone());
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}
