//! `GET /api/v1/keys`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::KeyView;
use crate::error::ApiError;
use crate::http::refused::AnyCall;
use crate::state::AppState;

/// Every key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// The oldest first, those that are revoked among them.
    pub keys: Vec<KeyView>,
}

/// What keys there are, but for those of the settings.
#[utoipa::path(get, operation_id = "listKeys", path = "/api/v1/keys", tag = "keys",
    responses((status = 200, description = "Every key that was made", body = KeyList), AnyCall))]
pub async fn list(State(state): State<AppState>) -> Result<Json<KeyList>, ApiError> {
    Ok(Json(KeyList { keys: state.store.keys().await?.into_iter().map(Into::into).collect() }))
}
