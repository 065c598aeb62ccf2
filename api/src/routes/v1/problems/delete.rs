//! `DELETE /api/v1/problems/{id}`

use axum::extract::State;
use axum::http::StatusCode;

use super::path::{ProblemPath, unknown};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
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
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn delete(
    State(state): State<AppState>,
    ProblemPath(id): ProblemPath,
) -> Result<StatusCode, ApiError> {
    let versions = state.store.delete_problem(&id).await?;
    if versions == 0 {
        return Err(unknown(&id));
    }
    tracing::info!(problem.id = id, versions, "a problem was deleted");
    Ok(StatusCode::NO_CONTENT)
}
