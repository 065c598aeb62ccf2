//! `GET /api/v1/problems/{id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

use super::id;
use super::view::{ProblemView, ProblemWithVersions, VersionView};
use crate::error::{ApiError, ErrorEnvelope};
use crate::state::AppState;

/// The most versions that are told.
const MAX_VERSIONS: u32 = 1_000;

/// A problem: its latest version, and which others there are.
#[utoipa::path(
    get,
    operation_id = "getProblem",
    path = "/api/v1/problems/{id}",
    tag = "problems",
    params(("id" = String, Path, description = "The problem's id")),
    responses(
        (status = 200, description = "The problem", body = ProblemWithVersions),
        (status = 400, description = "No problem can be called that", body = ErrorEnvelope),
        (status = 401, description = "A key is needed", body = ErrorEnvelope),
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        (status = 503, description = "The store does not answer; `Retry-After` tells when to try again",
            body = ErrorEnvelope),
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<ProblemWithVersions>, ApiError> {
    let id = id::of_path(path)?;
    let stored = state.problems.versions(&id, "", MAX_VERSIONS).await?;
    let versions = stored.iter().map(VersionView::from).collect();
    let latest = stored.into_iter().next().ok_or_else(|| id::unknown(&id))?;
    Ok(Json(ProblemWithVersions { latest: ProblemView::from(latest), versions }))
}
