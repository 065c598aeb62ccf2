//! Errors as Piston tells them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::ApiError;

/// An answer that is no success.
#[derive(Debug, PartialEq, Eq)]
pub enum PistonError {
    /// `{"message": text}`.
    Message(StatusCode, String),
    /// The body is no JSON: 400 `{"stack": text}`.
    NoJson(String),
    /// No such path.
    NotFound,
    /// 500 without a body: what Piston answers to a file that would leave its folder.
    Silent,
}

impl PistonError {
    /// The text, for a message that has nothing else.
    pub fn text(self) -> String {
        match self {
            Self::Message(_, text) | Self::NoJson(text) => text,
            Self::NotFound => "Not Found".to_owned(),
            Self::Silent => "a file's name leads out of its folder".to_owned(),
        }
    }

    /// 400 with a text.
    pub fn bad(text: impl Into<String>) -> Self {
        Self::Message(StatusCode::BAD_REQUEST, text.into())
    }
}

impl From<ApiError> for PistonError {
    fn from(error: ApiError) -> Self {
        Self::Message(error.code.status(), error.message)
    }
}

impl IntoResponse for PistonError {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Message(status, text) => (status, json!({ "message": text })),
            Self::NoJson(text) => (StatusCode::BAD_REQUEST, json!({ "stack": text })),
            Self::NotFound => (StatusCode::NOT_FOUND, json!({ "message": "Not Found" })),
            Self::Silent => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        (status, Json(body)).into_response()
    }
}
