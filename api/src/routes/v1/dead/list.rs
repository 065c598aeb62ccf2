//! `GET /api/v1/dead`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::{LetterView, unavailable};
use crate::error::ApiError;
use crate::http::page::Limit;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::state::AppState;

/// How much is listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeadQuery {
    /// How many letters to tell, the oldest first; 100 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// The oldest dead letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterList {
    /// The oldest first.
    pub letters: Vec<LetterView>,
    /// Whether there are more.
    pub more: bool,
}

/// What was given up.
///
/// While letters are looked at, another process does not see them.
#[utoipa::path(get, operation_id = "listDead", path = "/api/v1/dead", tag = "dead", params(DeadQuery),
    responses((status = 200, description = "The oldest dead letters", body = LetterList), AnyCall))]
pub async fn list(
    State(state): State<AppState>,
    Params(query): Params<DeadQuery>,
) -> Result<Json<LetterList>, ApiError> {
    let limit = Limit::asked(query.limit)?;
    let (letters, more) = state.letters(limit.most()).await.map_err(unavailable)?;
    let letters = letters.iter().map(LetterView::new).collect();
    Ok(Json(LetterList { letters, more }))
}
