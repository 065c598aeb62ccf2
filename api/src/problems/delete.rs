//! `DELETE /api/v1/problems/{id}`

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::id;
use crate::error::{ApiError, ErrorEnvelope};
use crate::state::AppState;

/// Delete a problem with all its versions.
///
/// Submissions that were accepted before are still judged: the packages stay in the blob store.
#[utoipa::path(
    delete,
    operation_id = "deleteProblem",
    path = "/api/v1/problems/{id}",
    tag = "problems",
    params(("id" = String, Path, description = "The problem's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 400, description = "No problem can be called that", body = ErrorEnvelope),
        (status = 401, description = "A key is needed", body = ErrorEnvelope),
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        (status = 503, description = "The store does not answer; `Retry-After` tells when to try again",
            body = ErrorEnvelope),
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let id = id::of_path(path)?;
    let versions = state.problems.delete_problem(&id).await?;
    if versions == 0 {
        return Err(id::unknown(&id));
    }
    tracing::info!(problem.id = id, versions, "a problem was deleted");
    Ok(StatusCode::NO_CONTENT)
}
