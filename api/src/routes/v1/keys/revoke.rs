//! `DELETE /api/v1/keys/{id}`

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::intake::now_in_milliseconds;
use crate::state::AppState;

/// Make a key good for nothing, from the next request on.
///
/// To revoke one again is no error.
#[utoipa::path(
    delete,
    operation_id = "revokeKey",
    path = "/api/v1/keys/{id}",
    tag = "keys",
    params(("id" = String, Path, description = "The key's id, not the key")),
    responses(
        (status = 204, description = "Revoked, now or before"),
        (status = 404, description = "No such key", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn revoke(State(state): State<AppState>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    if !state.store.revoke_key(&id, now_in_milliseconds()).await? {
        return Err(ApiError::new(ErrorCode::UnknownKey, "there is no key of this id"));
    }
    tracing::info!(key.id = id, "a key was revoked");
    Ok(StatusCode::NO_CONTENT)
}
