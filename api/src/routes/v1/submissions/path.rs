//! The submission that a path names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use gavel_model::SubmissionId;

use crate::error::{ApiError, ErrorCode};
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::Stored;

/// `{id}` of a submission.
pub struct SubmissionPath(pub SubmissionId);

impl<S: Send + Sync> FromRequestParts<S> for SubmissionPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        id.and_then(|Path(text)| text.parse().ok())
            .map(Self)
            .ok_or_else(|| ApiError::invalid("id", "the id of a submission is a UUID"))
    }
}

/// The submission of that id, for whoever may see it. The request's span tells its id from here on.
///
/// # Errors
/// When there is none, or it is another owner's, which nobody can tell apart; or the store fails.
pub async fn find(state: &AppState, principal: &Principal, id: SubmissionId) -> Result<Stored, ApiError> {
    tracing::Span::current().record("submission.id", tracing::field::display(id));
    let stored = state.store.get(id).await?;
    stored.filter(|stored| principal.may_see(stored.owner.as_ref())).ok_or_else(|| unknown(id))
}

/// There is no submission of that id.
#[must_use]
pub fn unknown(id: SubmissionId) -> ApiError {
    ApiError::new(ErrorCode::UnknownSubmission, format!("there is no submission {id}"))
}
