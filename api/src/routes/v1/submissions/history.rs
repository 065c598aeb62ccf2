//! `GET /api/v1/submissions/{id}/history`

use axum::Json;
use axum::extract::State;
use gavel_model::{SubmissionId, Verdict};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::path::{SubmissionPath, find};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::{BatchId, PastResult};

/// Every result that a submission had or has.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryView {
    /// The submission.
    id: SubmissionId,
    /// The first one first; the last one is the one it has. Empty while it is not final.
    results: Vec<PastResultView>,
}

/// A result that a submission had or has.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastResultView {
    /// As which it came, from 0.
    revision: u32,
    /// The rejudge that it is of; null of the first one.
    rejudge: Option<BatchId>,
    /// The verdict.
    verdict: Verdict,
    /// The points, where there are any.
    score: Option<f64>,
    /// The largest CPU time of a test, in milliseconds.
    cpu_ms: f64,
    /// The largest peak memory of a test, in bytes.
    memory_bytes: Option<u64>,
    /// The hash of the problem's package that it is by, where that is a stored one.
    problem_sha256: Option<String>,
    /// The worker that judged.
    worker: String,
    /// Id of the image the program ran in.
    image: Option<String>,
    /// First line of what the compiler or interpreter said of its version.
    compiler: Option<String>,
    /// When it was judged.
    #[schema(value_type = String, format = DateTime)]
    finished_at: Timestamp,
    /// When another result took its place; null of the one the submission has.
    #[schema(value_type = Option<String>, format = DateTime)]
    replaced_at: Option<Timestamp>,
}

/// Every result that a submission had or has, with the rejudge that replaced it.
#[utoipa::path(
    get,
    operation_id = "getSubmissionHistory",
    path = "/api/v1/submissions/{id}/history",
    tag = "submissions",
    params(("id" = String, Path, description = "The submission's id")),
    responses(
        (status = 200, description = "Its results, the first one first", body = HistoryView),
        (status = 404, description = "No such submission", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn history(
    State(state): State<AppState>,
    principal: Principal,
    SubmissionPath(id): SubmissionPath,
) -> Result<Json<HistoryView>, ApiError> {
    find(&state, &principal, id).await?;
    let mut results = Vec::new();
    let mut rejudge = None;
    for PastResult { revision, problem_sha256, replaced, result } in state.store.history(id).await? {
        results.push(PastResultView {
            revision,
            rejudge,
            verdict: result.verdict,
            score: result.score,
            cpu_ms: result.cpu_ms,
            memory_bytes: result.memory_bytes,
            problem_sha256,
            worker: result.worker,
            image: result.image,
            compiler: result.compiler,
            finished_at: result.finished_at,
            replaced_at: replaced.map(|(_, at)| at),
        });
        rejudge = replaced.map(|(by, _)| by);
    }
    Ok(Json(HistoryView { id, results }))
}
