//! `POST /api/v1/dead/purge`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::selection::SelectionRequest;
use super::view::unavailable;
use crate::error::ApiError;
use crate::http::body::JsonBody;
use crate::http::refused::{AnyCall, BodyCall};
use crate::state::AppState;

/// What was thrown away.
#[derive(Debug, Serialize, ToSchema)]
pub struct PurgeAnswer {
    /// How many letters.
    pub purged: u32,
    /// Whether there are more letters than one call looks at, 10,000.
    pub more: bool,
}

/// Throw letters away, for good.
///
/// What their submissions came to stays.
#[utoipa::path(post, operation_id = "purgeDead", path = "/api/v1/dead/purge", tag = "dead",
    request_body = SelectionRequest,
    responses((status = 200, description = "How many are gone", body = PurgeAnswer), AnyCall, BodyCall))]
pub async fn purge(
    State(state): State<AppState>,
    JsonBody(body, _memory): JsonBody<SelectionRequest>,
) -> Result<Json<PurgeAnswer>, ApiError> {
    let (purged, more) = state.purge_dead(&body.read()?).await.map_err(unavailable)?;
    Ok(Json(PurgeAnswer { purged, more }))
}
