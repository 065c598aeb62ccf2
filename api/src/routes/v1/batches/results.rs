//! `GET /api/v1/batches/{id}/results`

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::path::BatchPath;
use super::view::EntryView;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::ndjson::Pages;
use crate::http::query::Params;
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::StoreError;

/// How many entries are read at a time: a result has up to 256 KiB.
const PAGE: u32 = 16;

/// Which part of the results.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResultsQuery {
    /// Only entries behind this one, by its `index`.
    after: Option<u32>,
}

/// Every entry of a batch, in order: one JSON object a line.
///
/// An entry is the submission with its `index`, as `GET /api/v1/submissions/{id}` tells it, or the `error` that it was refused
/// with. What is not final yet is told as it is.
#[utoipa::path(
    get,
    operation_id = "getBatchResults",
    path = "/api/v1/batches/{id}/results",
    tag = "batches",
    params(("id" = String, Path, description = "The batch's id"), ResultsQuery),
    responses(
        (status = 200, description = "A line for each entry", body = EntryView, content_type = "application/x-ndjson"),
        (status = 404, description = "No such batch", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn results(
    State(state): State<AppState>,
    principal: Principal,
    BatchPath(id): BatchPath,
    Params(ResultsQuery { after }): Params<ResultsQuery>,
) -> Result<Response, ApiError> {
    let entries = state.visible_batch(id, &principal).await?.entries;
    let begin = after.map_or(0, |after| after.saturating_add(1));
    let read = move |from| {
        let state = state.clone();
        async move {
            let page = state.store.entries(id, from, PAGE, true).await?;
            Ok(page.into_iter().map(EntryView::from).collect())
        }
    };
    let ends_early = move |error: &StoreError| {
        let error: &dyn std::error::Error = error;
        tracing::warn!(batch.id = %id, error, "the results of a batch end early");
    };
    Ok(Pages { begin, entries, page: PAGE }.lines(read, ends_early))
}
