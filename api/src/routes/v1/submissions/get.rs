//! `GET /api/v1/submissions/{id}`

use axum::Json;
use axum::extract::State;

use super::path::{SubmissionPath, find};
use super::view::SubmissionView;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::query::{Wait, WaitQuery};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;

/// A submission's state, and its result once there is one.
///
/// With `?wait=SECONDS` the answer comes as soon as there is a result, or after the wait.
#[utoipa::path(
    get,
    operation_id = "getSubmission",
    path = "/api/v1/submissions/{id}",
    tag = "submissions",
    params(("id" = String, Path, description = "The submission's id"), WaitQuery),
    responses(
        (status = 200, description = "Its state, with the result once it is final", body = SubmissionView),
        (status = 404, description = "No such submission", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    principal: Principal,
    SubmissionPath(id): SubmissionPath,
    Wait(wait): Wait,
) -> Result<Json<SubmissionView>, ApiError> {
    // Before the look into the store, so that a result stored in between is not missed.
    let mut follow = state.updates.follow(id);
    let stored = find(&state, &principal, id).await?;
    if stored.result.is_none()
        && let Some(wait) = wait
        && let Some(result) = state.await_result(&mut follow, id, wait).await?
    {
        return Ok(Json(result.into()));
    }
    Ok(Json(stored.into()))
}
