//! `DELETE /api/v1/rejudges/{id}`

use axum::Json;
use axum::extract::State;

use super::path::RejudgePath;
use super::view::RejudgeView;
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;

/// Cancel a rejudge: every result stays as it is.
///
/// What of it is not judged yet is not judged any more. To cancel one again is no error.
#[utoipa::path(
    delete,
    operation_id = "cancelRejudge",
    path = "/api/v1/rejudges/{id}",
    tag = "rejudges",
    params(("id" = String, Path, description = "The rejudge's id")),
    responses(
        (status = 200, description = "Canceled, now or before", body = RejudgeView),
        (status = 404, description = "No such rejudge", body = ErrorEnvelope),
        (status = 409, description = "It is applied", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn discard(
    State(state): State<AppState>,
    principal: Principal,
    RejudgePath(id): RejudgePath,
) -> Result<Json<RejudgeView>, ApiError> {
    state.visible_rejudge(id, &principal).await?;
    if !state.store.discard_rejudge(id).await? {
        let message = "the rejudge is applied; what it replaced is in each submission's history";
        return Err(ApiError::new(ErrorCode::AlreadyDone, message));
    }
    state.cancel_batch(id).await?;
    state.rejudge_view(id, &principal).await.map(Json)
}
