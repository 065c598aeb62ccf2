//! Errors as Jobe tells them: a text in JSON.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;

/// An answer that is no success: its status and what it says.
#[derive(Debug, PartialEq, Eq)]
pub struct JobeError(pub StatusCode, pub String);

impl JobeError {
    /// 400.
    pub fn bad(text: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, text.into())
    }

    /// What is said to who has no key that is good for this.
    pub fn unauthorized(error: ApiError, sent: bool) -> Self {
        match error.code.status() {
            StatusCode::UNAUTHORIZED if sent => Self(StatusCode::FORBIDDEN, "Unknown API key".to_owned()),
            StatusCode::UNAUTHORIZED => Self(StatusCode::FORBIDDEN, "Missing API key".to_owned()),
            _ => error.into(),
        }
    }
}

impl From<ApiError> for JobeError {
    fn from(error: ApiError) -> Self {
        match error.code.status() {
            StatusCode::TOO_MANY_REQUESTS => {
                Self(StatusCode::TOO_MANY_REQUESTS, "Max RUN rate for this server exceeded".to_owned())
            }
            status => Self(status, error.message),
        }
    }
}

impl IntoResponse for JobeError {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}
