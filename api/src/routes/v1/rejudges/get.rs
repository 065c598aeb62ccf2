//! `GET /api/v1/rejudges/{id}`

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;

use super::path::RejudgePath;
use super::view::{RejudgeState, RejudgeView};
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::query::{Wait, WaitQuery};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;

/// The pause between two looks while something of it becomes final all the time.
const PAUSE: Duration = Duration::from_millis(250);

/// How far a rejudge is, and what it changes.
///
/// With `?wait=SECONDS` the answer comes as soon as all of it is judged, or after the wait.
#[utoipa::path(
    get,
    operation_id = "getRejudge",
    path = "/api/v1/rejudges/{id}",
    tag = "rejudges",
    params(("id" = String, Path, description = "The rejudge's id"), WaitQuery),
    responses(
        (status = 200, description = "The rejudge as it is", body = RejudgeView),
        (status = 404, description = "No such rejudge", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    principal: Principal,
    RejudgePath(id): RejudgePath,
    Wait(wait): Wait,
) -> Result<Json<RejudgeView>, ApiError> {
    // Before the look into the store, so that what is stored in between is not missed.
    let mut follow = state.updates.follow_batch(id);
    let end = Instant::now() + wait.unwrap_or_default();
    loop {
        let batch = state.visible_rejudge(id, &principal).await?;
        let left = end.saturating_duration_since(Instant::now());
        if RejudgeState::of(&batch) != RejudgeState::Judging
            || left.is_zero()
            || state.shutdown.is_cancelled()
        {
            // Results are compared for the answer only, however often somebody looks.
            return Ok(Json(RejudgeView::new(batch, state.store.changes(id).await?)));
        }
        tokio::time::sleep(left.min(PAUSE)).await;
        let left = end.saturating_duration_since(Instant::now());
        tokio::select! {
            () = follow.changed() => {}
            () = tokio::time::sleep(left) => {}
            () = state.shutdown.cancelled() => {}
        }
    }
}
