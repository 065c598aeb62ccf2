//! `GET /api/v1/rejudges/{id}/results`

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::path::RejudgePath;
use super::view::RejudgedView;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::ndjson::Pages;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::StoreError;

/// How many entries are read at a time.
const PAGE: u32 = 1_000;

/// Which part of the results.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RejudgedQuery {
    /// Only entries behind this one, by its `index`.
    after: Option<u32>,
    /// `true`: only those whose verdict or score changes, or changed.
    changed: Option<bool>,
}

/// Every submission of a rejudge, in order: one JSON object a line.
///
/// An entry tells the result there is, or was, beside that of the rejudge, or why the submission is not judged again.
#[utoipa::path(
    get,
    operation_id = "getRejudgeResults",
    path = "/api/v1/rejudges/{id}/results",
    tag = "rejudges",
    params(("id" = String, Path, description = "The rejudge's id"), RejudgedQuery),
    responses(
        (status = 200, description = "A line for each submission", body = RejudgedView, content_type = "application/x-ndjson"),
        (status = 404, description = "No such rejudge", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn results(
    State(state): State<AppState>,
    principal: Principal,
    RejudgePath(id): RejudgePath,
    Params(RejudgedQuery { after, changed }): Params<RejudgedQuery>,
) -> Result<Response, ApiError> {
    let entries = state.visible_rejudge(id, &principal).await?.entries;
    let begin = after.map_or(0, |after| after.saturating_add(1));
    let only_changed = changed.unwrap_or(false);
    let read = move |from| {
        let state = state.clone();
        async move {
            let page = state.store.rejudged(id, from, PAGE).await?.into_iter();
            let wanted =
                page.filter(|item| !only_changed || item.entry.as_ref().is_ok_and(|one| one.changed));
            Ok(wanted.map(RejudgedView::from).collect())
        }
    };
    let ends_early = move |error: &StoreError| {
        let error: &dyn std::error::Error = error;
        tracing::warn!(rejudge.id = %id, error, "the results of a rejudge end early");
    };
    Ok(Pages { begin, entries, page: PAGE }.lines(read, ends_early))
}
