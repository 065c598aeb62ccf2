//! `POST /api/v1/rejudges/{id}/apply`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::path::{RejudgePath, unknown};
use super::view::RejudgeView;
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::body::JsonBody;
use crate::http::refused::{AnyCall, BodyCall};
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::Application;

/// How a rejudge is applied.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"partial": true}))]
pub struct ApplyRequest {
    /// `true`: also where not all of it has a verdict. What has none keeps the result it had, and what is not judged yet is
    /// canceled.
    partial: Option<bool>,
}

/// Make the results of a rejudge those of the submissions.
///
/// All at once, and once: to apply one again changes nothing. A `JE` never replaces a result.
#[utoipa::path(
    post,
    operation_id = "applyRejudge",
    path = "/api/v1/rejudges/{id}/apply",
    tag = "rejudges",
    params(("id" = String, Path, description = "The rejudge's id")),
    request_body = ApplyRequest,
    responses(
        (status = 200, description = "Applied, now or before", body = RejudgeView),
        (status = 404, description = "No such rejudge", body = ErrorEnvelope),
        (status = 409, description = "Not all of it has a verdict, or it was canceled", body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn apply(
    State(state): State<AppState>,
    principal: Principal,
    RejudgePath(id): RejudgePath,
    JsonBody(body, _memory): JsonBody<ApplyRequest>,
) -> Result<Json<RejudgeView>, ApiError> {
    state.visible_rejudge(id, &principal).await?;
    match state.store.apply_rejudge(id, body.partial.unwrap_or(false)).await? {
        Application::Now(count, batches) => {
            state.metrics.results_replaced().inc_by(count);
            tracing::info!(rejudge.id = %id, owner = %principal.owner, results = count, "a rejudge is applied");
            for batch in batches {
                state.updates.batch_changed(batch);
            }
            // What is left of it would be judged for nothing.
            state.cancel_batch(id).await?;
        }
        Application::Before => state.cancel_batch(id).await?,
        Application::Canceled => {
            return Err(ApiError::new(
                ErrorCode::AlreadyDone,
                "the rejudge is canceled: nothing of it counts",
            ));
        }
        Application::Incomplete { unfinished, without_verdict } => {
            return Err(ApiError::new(ErrorCode::RejudgeIncomplete, incomplete(unfinished, without_verdict)));
        }
        Application::Unknown => return Err(unknown(id)),
    }
    state.rejudge_view(id, &principal).await.map(Json)
}

fn incomplete(unfinished: u64, without_verdict: u64) -> String {
    format!(
        "of the rejudge {unfinished} are not judged yet and {without_verdict} are JE or canceled; with \"partial\": true \
         these keep the result they had, and the others are replaced"
    )
}
