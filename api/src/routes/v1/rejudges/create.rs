//! `POST /api/v1/rejudges`, and `POST /api/v1/batches/{id}/rejudge`, its short form

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use gavel_model::SubmissionId;
use serde::Serialize;
use serde_json::json;

use super::selection::{Asked, BatchRejudgeRequest, Chosen, RejudgeRequest};
use super::view::RejudgeView;
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::body::OnceBody;
use crate::http::refused::{AnyCall, BodyCall};
use crate::intake::{BatchIntake, Begin, IntakeError, Package};
use crate::principal::Principal;
use crate::routes::refusal;
use crate::routes::v1::batches::create::same;
use crate::routes::v1::batches::path::BatchPath;
use crate::routes::v1::names::name;
use crate::routes::v1::submissions::path::unknown;
use crate::state::AppState;
use crate::store::{BatchId, Candidate, Once, SubmissionState};

/// How many ids are looked up at a time, and how many of their submissions are in memory.
const IDS: u32 = 2_000;
const PART: usize = 32;

/// Judge submissions again, beside their results.
///
/// Each is judged in the lane `rejudge`. Nothing else changes: `GET` tells what would, and `POST .../apply` makes it so.
/// Submissions that cannot be judged again, such as those that are not judged yet, are told in their places by `/results`.
#[utoipa::path(
    post,
    operation_id = "createRejudge",
    path = "/api/v1/rejudges",
    tag = "rejudges",
    params(("idempotency-key" = Option<String>, Header, description = "A call that is sent again with the same key counts once")),
    request_body = RejudgeRequest,
    responses(
        (status = 202, description = "Accepted; `Location` tells where the rejudge is", body = RejudgeView,
            headers(("location" = String, description = "The rejudge's path"))),
        (status = 404, description = "No such batch", body = ErrorEnvelope),
        (status = 409, description = "The key was used for another body", body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    OnceBody(body, _memory, once): OnceBody<RejudgeRequest>,
) -> Result<Response, ApiError> {
    let asked = body.read(&state, &principal).await?;
    accepted(&state, &principal, asked, once).await
}

/// Judge the submissions of a batch again, beside their results.
///
/// The same as `POST /api/v1/rejudges` with this `batch`.
#[utoipa::path(
    post,
    operation_id = "rejudgeBatch",
    path = "/api/v1/batches/{id}/rejudge",
    tag = "rejudges",
    params(
        ("id" = String, Path, description = "The batch's id"),
        ("idempotency-key" = Option<String>, Header, description = "A call that is sent again with the same key counts once"),
    ),
    request_body = BatchRejudgeRequest,
    responses(
        (status = 202, description = "Accepted; `Location` tells where the rejudge is", body = RejudgeView,
            headers(("location" = String, description = "The rejudge's path"))),
        (status = 404, description = "No such batch", body = ErrorEnvelope),
        (status = 409, description = "The key was used for another body", body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn of_batch(
    State(state): State<AppState>,
    principal: Principal,
    BatchPath(batch): BatchPath,
    OnceBody(body, _memory, once): OnceBody<BatchRejudgeRequest>,
) -> Result<Response, ApiError> {
    let asked = body.of(batch).read(&state, &principal).await?;
    accepted(&state, &principal, asked, once).await
}

async fn accepted(
    state: &AppState,
    principal: &Principal,
    asked: Asked,
    once: Option<Once>,
) -> Result<Response, ApiError> {
    let id = begun(state, principal, asked, once).await?;
    let view = state.rejudge_view(id, principal).await?;
    let location = [(header::LOCATION, format!("/api/v1/rejudges/{id}"))];
    Ok((StatusCode::ACCEPTED, location, Json(view)).into_response())
}

async fn begun(
    state: &AppState,
    principal: &Principal,
    asked: Asked,
    once: Option<Once>,
) -> Result<BatchId, ApiError> {
    let told = |error| refusal::answer(error, name);
    let sha256 = once.as_ref().and_then(|once| once.sha256);
    let key = once.as_ref().map(|once| once.key.as_str());
    let begun = state.intake.begin_batch(principal, key, Some(&json!(asked.view).to_string())).await;
    let mut batch = match begun.map_err(told)? {
        Begin::New(batch) => batch,
        Begin::Before(id, before) => return same(id, before, sha256),
    };
    match asked.chosen {
        Chosen::Ids(ids) => take(state, principal, &mut batch, &ids, asked.package).await?,
        Chosen::Alike(selection) => {
            let mut after = None;
            loop {
                let ids = state.store.selected(&selection, after, IDS).await?;
                take(state, principal, &mut batch, &ids, asked.package).await?;
                after = ids.last().copied();
                if ids.len() < IDS as usize {
                    break;
                }
            }
        }
    }
    if batch.entries() == 0 {
        let message = "there is no such submission: nothing would be judged again";
        return Err(ApiError::new(ErrorCode::NothingSelected, message));
    }
    let entries = batch.entries();
    let id = batch.complete(sha256).await.map_err(told)?;
    tracing::info!(rejudge.id = %id, owner = %principal.owner, entries, "submissions are judged again");
    Ok(id)
}

/// Takes submissions in their order, each as a copy or with what is in the way of that.
async fn take(
    state: &AppState,
    principal: &Principal,
    batch: &mut BatchIntake,
    ids: &[SubmissionId],
    package: Package,
) -> Result<(), ApiError> {
    let (entries, max) = (batch.entries() as usize + ids.len(), state.config.max_batch);
    if entries > max as usize {
        let message = format!("more than {max} submissions are meant, which is the maximum of one rejudge");
        return Err(ApiError::new(ErrorCode::TooLarge, message));
    }
    for part in ids.chunks(PART) {
        let found = state.store.candidates(part).await?.into_iter();
        let mut found: HashMap<_, _> = found.map(|candidate| (candidate.id, candidate)).collect();
        for id in part {
            let candidate = found.remove(id).filter(|found| principal.may_see(found.owner.as_ref()));
            if let Err(error) = copied(batch, *id, candidate, package).await? {
                let refused = json!(Refused { submission: *id, error }).to_string();
                batch.refuse(refused).await.map_err(|error| refusal::answer(error, name))?;
            }
        }
    }
    Ok(())
}

/// A submission of which there is no copy: as it is stored.
#[derive(Serialize)]
struct Refused {
    submission: SubmissionId,
    error: ApiError,
}

async fn copied(
    batch: &mut BatchIntake,
    id: SubmissionId,
    candidate: Option<Candidate>,
    package: Package,
) -> Result<Result<(), ApiError>, ApiError> {
    let Some(Candidate { state, problem_sha256, submission, .. }) = candidate else {
        return Ok(Err(unknown(id)));
    };
    let message = match state {
        SubmissionState::Done => None,
        SubmissionState::Canceled => Some("it is canceled: nobody wants its result"),
        SubmissionState::Queued | SubmissionState::Judging => {
            Some("it is not judged yet: there is no result to replace")
        }
    };
    if let Some(message) = message {
        return Ok(Err(ApiError::new(ErrorCode::NotDone, message)));
    }
    let Some(submission) = submission else {
        return Ok(Err(ApiError::new(ErrorCode::Internal, "what is stored of it cannot be read")));
    };
    match batch.copy(submission, problem_sha256.as_deref(), package).await {
        Err(error @ IntakeError::Refused(_)) => Ok(Err(refusal::answer(error, name))),
        other => Ok(Ok(other.map_err(|error| refusal::answer(error, name))?)),
    }
}
