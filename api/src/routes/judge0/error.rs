//! Errors in Judge0's forms.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::ApiError;
use crate::store::StoreError;

/// What is wrong with each attribute of a submission.
pub type Mistakes = BTreeMap<&'static str, Vec<String>>;

/// An answer that is no success.
#[derive(Debug)]
pub enum Judge0Error {
    /// A status without a body.
    Status(StatusCode),
    /// No such token, language or path.
    NotFound,
    /// `{"error": text}`.
    Text(StatusCode, String),
    /// 422 `{attribute: [messages]}`.
    Attributes(Mistakes),
}

impl Judge0Error {
    /// 400 with a text.
    pub fn bad(text: impl Into<String>) -> Self {
        Self::Text(StatusCode::BAD_REQUEST, text.into())
    }
}

impl IntoResponse for Judge0Error {
    fn into_response(self) -> Response {
        match self {
            Self::Status(status) => status.into_response(),
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::Text(status, text) => (status, Json(json!({ "error": text }))).into_response(),
            Self::Attributes(mistakes) => (StatusCode::UNPROCESSABLE_ENTITY, Json(mistakes)).into_response(),
        }
    }
}

impl From<ApiError> for Judge0Error {
    fn from(error: ApiError) -> Self {
        match error.code.status() {
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Self::Status(status),
            // The official SDK polls on for ever when it is told 429.
            StatusCode::TOO_MANY_REQUESTS => Self::Text(StatusCode::SERVICE_UNAVAILABLE, error.message),
            status => Self::Text(status, error.message),
        }
    }
}

impl From<StoreError> for Judge0Error {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}
