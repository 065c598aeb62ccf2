//! `POST /api/v1/dead/replay`

use axum::Json;
use axum::extract::State;
use gavel_model::SubmissionId;
use serde::Serialize;
use utoipa::ToSchema;

use super::selection::SelectionRequest;
use super::view::unavailable;
use crate::error::ApiError;
use crate::http::body::JsonBody;
use crate::http::refused::{AnyCall, BodyCall};
use crate::letters::Skipped;
use crate::state::AppState;

/// What became of letters that were to be sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayAnswer {
    /// Those that were sent.
    pub replayed: Vec<ReplayedLetter>,
    /// Those that stay as they are.
    pub skipped: Vec<SkippedLetter>,
    /// Whether there are more letters than one call looks at, 10,000.
    pub more: bool,
}

/// A letter that was sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedLetter {
    /// Its id.
    pub id: String,
    /// Its submission.
    #[schema(value_type = Option<String>)]
    pub submission: Option<SubmissionId>,
}

/// A letter that was not sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct SkippedLetter {
    /// Its id.
    pub id: String,
    /// Its submission.
    #[schema(value_type = Option<String>)]
    pub submission: Option<SubmissionId>,
    /// Why not.
    pub reason: Skipped,
}

/// Send letters to where they died, as new.
///
/// A submission that has its final result is not judged again: its letter stays.
#[utoipa::path(post, operation_id = "replayDead", path = "/api/v1/dead/replay", tag = "dead",
    request_body = SelectionRequest,
    responses((status = 200, description = "What became of each", body = ReplayAnswer), AnyCall, BodyCall))]
pub async fn replay(
    State(state): State<AppState>,
    JsonBody(body, _memory): JsonBody<SelectionRequest>,
) -> Result<Json<ReplayAnswer>, ApiError> {
    let done = state.replay_dead(&body.read()?).await.map_err(unavailable)?;
    let replayed = done.replayed.into_iter().map(|(id, submission)| ReplayedLetter { id, submission });
    let skipped =
        done.skipped.into_iter().map(|(id, submission, reason)| SkippedLetter { id, submission, reason });
    Ok(Json(ReplayAnswer { replayed: replayed.collect(), skipped: skipped.collect(), more: done.more }))
}
