//! `GET /api/v1/batches/{id}`

use axum::Json;
use axum::extract::State;

use super::path::BatchPath;
use super::view::BatchView;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;

/// How far a batch is.
#[utoipa::path(
    get,
    operation_id = "getBatch",
    path = "/api/v1/batches/{id}",
    tag = "batches",
    params(("id" = String, Path, description = "The batch's id")),
    responses(
        (status = 200, description = "How many of it are final, by verdict", body = BatchView),
        (status = 404, description = "No such batch", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    principal: Principal,
    BatchPath(id): BatchPath,
) -> Result<Json<BatchView>, ApiError> {
    Ok(Json(state.visible_batch(id, &principal).await?.into()))
}
