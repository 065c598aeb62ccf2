//! `POST /api/v1/submissions`

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::request::SubmissionRequest;
use super::view::{Queued, SubmissionView};
use super::{Accepted, accept};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::body;
use crate::http::query::{self, WaitQuery};
use crate::state::AppState;

/// Judge a submission.
///
/// Answers 202 at once; with `?wait=SECONDS` 200 with the result as soon as it is there, or 202 after the wait.
#[utoipa::path(
    post,
    operation_id = "createSubmission",
    path = "/api/v1/submissions",
    tag = "submissions",
    params(WaitQuery),
    request_body = SubmissionRequest,
    responses(
        (status = 200, description = "Judged within the wait", body = SubmissionView),
        (status = 202, description = "Accepted; `Location` tells where its result will be", body = Queued,
            headers(("location" = String, description = "The submission's path"))),
        (status = 400, description = "The request is not right", body = ErrorEnvelope),
        (status = 401, description = "A key is needed", body = ErrorEnvelope),
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        (status = 413, description = "Larger than allowed", body = ErrorEnvelope),
        (status = 415, description = "Not announced as JSON", body = ErrorEnvelope),
        (status = 503, description = "The store does not answer; `Retry-After` tells when to try again",
            body = ErrorEnvelope),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    query: Result<Query<WaitQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let wait = query::wait(query, state.config.max_wait)?;
    let request: SubmissionRequest = body::read(&headers, body, state.max_body()).await?;
    let Accepted { queued, mut waiter, .. } = accept(&state, request).await?;
    let location = format!("/api/v1/submissions/{}", queued.id);
    let result = match wait {
        // It is accepted, whatever the store says now: an error here would make the client submit it again.
        Some(wait) => state.await_result(&mut waiter, queued.id, wait).await.unwrap_or(None),
        None => None,
    };
    let (status, view) = match result {
        Some(result) => (StatusCode::OK, SubmissionView::from(result)),
        None => (StatusCode::ACCEPTED, SubmissionView::Queued(queued)),
    };
    Ok((status, [(header::LOCATION, location)], Json(view)).into_response())
}
