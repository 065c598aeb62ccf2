//! `POST /api/v1/submissions`

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::request::SubmissionRequest;
use super::view::{Queued, SubmissionView};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::body::JsonBody;
use crate::http::query::{Wait, WaitQuery};
use crate::http::refused::{AnyCall, BodyCall};
use crate::intake::Accepted;
use crate::principal::Principal;
use crate::routes::refusal;
use crate::routes::v1::names::name;
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
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    Wait(wait): Wait,
    JsonBody(body, memory): JsonBody<SubmissionRequest>,
) -> Result<Response, ApiError> {
    let request = body.read().map_err(|refusal| refusal::told(&refusal, name))?;
    let accepted =
        state.intake.accept(request, &principal).await.map_err(|error| refusal::answer(error, name))?;
    drop(memory);
    let Accepted { submission, mut follow, .. } = accepted;
    let location = format!("/api/v1/submissions/{}", submission.id);
    let result = match wait {
        // It is accepted, whatever the store says now: an error here would make the client submit it again.
        Some(wait) => state.await_result(&mut follow, submission.id, wait).await.unwrap_or(None),
        None => None,
    };
    let (status, view) = match result {
        Some(result) => (StatusCode::OK, SubmissionView::from(result)),
        None => (StatusCode::ACCEPTED, SubmissionView::Queued(submission.into())),
    };
    Ok((status, [(header::LOCATION, location)], Json(view)).into_response())
}
