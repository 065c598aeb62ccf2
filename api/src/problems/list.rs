//! `GET /api/v1/problems`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ProblemSummary;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::query;
use crate::state::AppState;

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1_000;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
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
        (status = 400, description = "The request is not right", body = ErrorEnvelope),
        (status = 401, description = "A key is needed", body = ErrorEnvelope),
        (status = 503, description = "The store does not answer; `Retry-After` tells when to try again",
            body = ErrorEnvelope),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<ProblemList>, ApiError> {
    let Query(ListQuery { limit, after }) = query::read(query)?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let message = format!("limit is {limit}, it must be from 1 to {MAX_LIMIT}");
        return Err(ApiError::invalid("limit", message));
    }
    // One more tells whether this is the last part.
    let mut found = state.problems.problems(after.as_deref().unwrap_or_default(), limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.problem.clone());
    Ok(Json(ProblemList { problems: found.into_iter().map(ProblemSummary::from).collect(), next }))
}
