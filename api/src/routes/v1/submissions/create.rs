//! `POST /api/v1/submissions`

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::path::unknown;
use super::request::SubmissionRequest;
use super::view::{Queued, SubmissionView};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::body::OnceBody;
use crate::http::query::{Wait, WaitQuery};
use crate::http::refused::{AnyCall, BodyCall};
use crate::intake::Acceptance;
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
    params(
        WaitQuery,
        ("idempotency-key" = Option<String>, Header, description = "A call that is sent again with the same key counts once"),
    ),
    request_body = SubmissionRequest,
    responses(
        (status = 200, description = "Judged within the wait", body = SubmissionView),
        (status = 202, description = "Accepted; `Location` tells where its result will be", body = Queued,
            headers(("location" = String, description = "The submission's path"))),
        (status = 404, description = "No such problem", body = ErrorEnvelope),
        (status = 409, description = "The key was used for another body", body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    Wait(wait): Wait,
    OnceBody(body, memory, once): OnceBody<SubmissionRequest>,
) -> Result<Response, ApiError> {
    let request = body.read().map_err(|refusal| refusal::told(&refusal, name))?;
    let accepted = state.intake.accept_once(request, &principal, once.as_ref()).await;
    let accepted = accepted.map_err(|error| refusal::answer(error, name))?;
    drop(memory);
    let (mut follow, known) = match accepted {
        Acceptance::New(accepted) => (accepted.follow, Err(accepted.submission)),
        Acceptance::Before(id) => {
            let follow = state.updates.follow(id);
            (follow, Ok(state.store.get(id).await?.ok_or_else(|| unknown(id))?))
        }
    };
    let id = known.as_ref().map_or_else(|submission| submission.id, |stored| stored.id);
    let done = known.as_ref().is_ok_and(|stored| stored.result.is_some());
    let location = format!("/api/v1/submissions/{id}");
    let result = match wait.filter(|_| !done) {
        // It is accepted, whatever the store says now: an error here would make the client submit it again.
        Some(wait) => state.await_result(&mut follow, id, wait).await.unwrap_or(None),
        None => None,
    };
    let view = match (result, known) {
        (Some(result), _) => SubmissionView::from(result),
        (None, Ok(stored)) => stored.into(),
        (None, Err(submission)) => SubmissionView::Queued(submission.into()),
    };
    let status = if matches!(view, SubmissionView::Done(_)) { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, [(header::LOCATION, location)], Json(view)).into_response())
}
