//! The submission that a path names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use gavel_model::SubmissionId;

use crate::error::{ApiError, ErrorCode};

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

/// There is no submission of that id.
#[must_use]
pub fn unknown(id: SubmissionId) -> ApiError {
    ApiError::new(ErrorCode::UnknownSubmission, format!("there is no submission {id}"))
}
