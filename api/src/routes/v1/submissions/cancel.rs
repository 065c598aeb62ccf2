//! `DELETE /api/v1/submissions/{id}`

use axum::Json;
use axum::extract::State;

use super::path::{SubmissionPath, find, unknown};
use super::view::SubmissionView;
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::Cancellation;

/// Cancel a submission that waits or is being judged.
///
/// Its program is stopped, and its final state is `canceled`. To cancel one again is no error.
#[utoipa::path(
    delete,
    operation_id = "cancelSubmission",
    path = "/api/v1/submissions/{id}",
    tag = "submissions",
    params(("id" = String, Path, description = "The submission's id")),
    responses(
        (status = 200, description = "Canceled, now or before", body = SubmissionView),
        (status = 404, description = "No such submission", body = ErrorEnvelope),
        (status = 409, description = "It is done: its result stays", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn cancel(
    State(state): State<AppState>,
    principal: Principal,
    SubmissionPath(id): SubmissionPath,
) -> Result<Json<SubmissionView>, ApiError> {
    find(&state, &principal, id).await?;
    match state.cancel(id).await?.ok_or_else(|| unknown(id))? {
        Cancellation::Now(answer, _) | Cancellation::Before(answer) => Ok(Json(answer.into())),
        Cancellation::TooLate(result) => {
            let message =
                format!("the submission is done, with the verdict {}; its result stays", result.verdict);
            Err(ApiError::new(ErrorCode::AlreadyDone, message))
        }
    }
}
