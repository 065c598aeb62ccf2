//! The problem that a path names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::{ApiError, ErrorCode};
use crate::intake::{MAX_PROBLEM_ID, is_problem_id};

/// `{id}` of a problem: a name that one can have.
pub struct ProblemPath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ProblemPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        id.map(|Path(id)| id).filter(|id| is_problem_id(id)).map(Self).ok_or_else(|| {
            let message = format!(
                "the id of a problem has 1 to {MAX_PROBLEM_ID} lowercase letters, digits, `-` and `_`, \
                 and begins with a letter or a digit"
            );
            ApiError::invalid("id", message)
        })
    }
}

/// There is no problem of that name.
#[must_use]
pub fn unknown(id: &str) -> ApiError {
    ApiError::new(ErrorCode::UnknownProblem, format!("there is no problem {id:?}"))
}
