//! `GET /api/v1/problems/{id}`

use axum::Json;
use axum::extract::State;

use super::path::{ProblemPath, unknown};
use super::view::{ProblemView, ProblemWithVersions, VersionView};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
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
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    ProblemPath(id): ProblemPath,
) -> Result<Json<ProblemWithVersions>, ApiError> {
    let stored = state.store.versions(&id, "", MAX_VERSIONS).await?;
    let versions = stored.iter().map(VersionView::from).collect();
    let latest = stored.into_iter().next().ok_or_else(|| unknown(&id))?;
    Ok(Json(ProblemWithVersions { latest: ProblemView::from(latest), versions }))
}
