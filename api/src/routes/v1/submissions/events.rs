//! `GET /api/v1/submissions/{id}/events`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};

use super::path::{SubmissionPath, find};
use super::stream::EventStream;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::http::resume::Resume;
use crate::principal::Principal;
use crate::state::AppState;

/// Follow a submission until it is final.
///
/// Server-sent events: `state`, then `compiling`, `judging` and `test` as they happen, then `result`, and the end.
#[utoipa::path(
    get,
    operation_id = "followSubmission",
    path = "/api/v1/submissions/{id}/events",
    tag = "submissions",
    params(
        ("id" = String, Path, description = "The submission's id"),
        ("last-event-id" = Option<String>, Header, description = "The id of the last event that was seen"),
    ),
    responses(
        (status = 200, description = "Its events, as they happen", body = String, content_type = "text/event-stream"),
        (status = 204, description = "Everything was seen"),
        (status = 404, description = "No such submission", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn events(
    State(state): State<AppState>,
    principal: Principal,
    SubmissionPath(id): SubmissionPath,
    resume: Resume,
) -> Result<Response, ApiError> {
    // Before the look into the store, so that a result stored in between is not missed.
    let follow = state.updates.follow_with_return(id);
    let stored = find(&state, &principal, id).await?;
    if resume == Resume::Ended && stored.result.is_some() {
        // The answer that tells a browser not to connect again.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let events = EventStream::begin(follow, stored, resume).until(state.shutdown.clone());
    let keep_alive = KeepAlive::new().interval(state.config.keep_alive);
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}
