//! `GET /api/v1/problems`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ProblemSummary;
use crate::error::ApiError;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::state::AppState;

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1_000;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// How many problems at most; 100 if left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Only problems whose id sorts after this one: `next` of the answer before.
    after: Option<String>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemList {
    /// The latest version of each problem, by id.
    pub problems: Vec<ProblemSummary>,
    /// What to give as `after` for the next part; null when this is the last.
    pub next: Option<String>,
}

/// What problems there are.
#[utoipa::path(
    get,
    operation_id = "listProblems",
    path = "/api/v1/problems",
    tag = "problems",
    params(ListQuery),
    responses(
        (status = 200, description = "Problems by id", body = ProblemList),
        AnyCall,
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    Params(ListQuery { limit, after }): Params<ListQuery>,
) -> Result<Json<ProblemList>, ApiError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let message = format!("limit is {limit}, it must be from 1 to {MAX_LIMIT}");
        return Err(ApiError::invalid("limit", message));
    }
    // One more tells whether this is the last part.
    let mut found = state.store.problems(after.as_deref().unwrap_or_default(), limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.problem.clone());
    Ok(Json(ProblemList { problems: found.into_iter().map(ProblemSummary::from).collect(), next }))
}
