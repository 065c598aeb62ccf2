//! `DELETE /api/v1/batches/{id}`

use axum::Json;
use axum::extract::State;

use super::path::BatchPath;
use super::view::BatchView;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;

/// Cancel everything of a batch that waits or is being judged.
///
/// What is done stays done. To cancel a batch again, or one that is done, is no error.
#[utoipa::path(
    delete,
    operation_id = "cancelBatch",
    path = "/api/v1/batches/{id}",
    tag = "batches",
    params(("id" = String, Path, description = "The batch's id")),
    responses(
        (status = 200, description = "All of it is final", body = BatchView),
        (status = 404, description = "No such batch", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn cancel(
    State(state): State<AppState>,
    principal: Principal,
    BatchPath(id): BatchPath,
) -> Result<Json<BatchView>, ApiError> {
    state.visible_batch(id, &principal).await?;
    state.cancel_batch(id).await?;
    Ok(Json(state.visible_batch(id, &principal).await?.into()))
}
