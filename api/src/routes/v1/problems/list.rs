//! `GET /api/v1/problems`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ProblemSummary;
use crate::error::ApiError;
use crate::http::page::Limit;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::state::AppState;

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
    let limit = Limit::asked(limit)?;
    let found = state.store.problems(after.as_deref().unwrap_or_default(), limit.to_find()).await?;
    let (found, next) = limit.part(found, |last| last.problem.clone());
    Ok(Json(ProblemList { problems: found.into_iter().map(ProblemSummary::from).collect(), next }))
}
