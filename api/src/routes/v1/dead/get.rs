//! `GET /api/v1/dead/{id}`

use axum::Json;
use axum::extract::{Path, State};

use super::view::{LetterDetail, unavailable};
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::state::AppState;

/// A dead letter, with what it says.
#[utoipa::path(get, operation_id = "getDead", path = "/api/v1/dead/{id}", tag = "dead",
    params(("id" = String, Path, description = "The letter's id, or its submission's")),
    responses(
        (status = 200, description = "The letter", body = LetterDetail),
        (status = 404, description = "No such letter among the 10,000 oldest", body = ErrorEnvelope),
        AnyCall,
    ))]
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<LetterDetail>, ApiError> {
    let found = state.letter(&id).await.map_err(unavailable)?;
    let letter =
        found.ok_or_else(|| ApiError::new(ErrorCode::UnknownLetter, "there is no dead letter of this id"))?;
    Ok(Json(LetterDetail::new(&letter)))
}
