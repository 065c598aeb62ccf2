//! `packages`: languages are part of an installation, so nothing can be installed or removed here.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error::PistonError;
use super::runtimes::Runtime;
use crate::error::ApiError;
use crate::routes::door::RawBody;
use crate::state::AppState;

/// Every runtime, as installed.
pub async fn list(State(state): State<AppState>) -> Json<Vec<Value>> {
    let all = Runtime::all(&state.languages).into_iter();
    Json(
        all.map(|runtime| {
            json!({
                "language": runtime.name,
                "language_version": runtime.version.to_string(),
                "installed": true,
            })
        })
        .collect(),
    )
}

/// What is there is installed already; what is not there cannot be.
pub async fn install(
    State(state): State<AppState>,
    body: Result<RawBody, ApiError>,
) -> Result<Json<Value>, PistonError> {
    Err(match named(&state, &body?.0)? {
        (_, Some(_)) => failed("Already installed"),
        (sent, None) => {
            PistonError::Message(StatusCode::NOT_FOUND, format!("Requested package {sent} does not exist"))
        }
    })
}

/// What is there stays; what is not there is told so.
pub async fn uninstall(
    State(state): State<AppState>,
    body: Result<RawBody, ApiError>,
) -> Result<Json<Value>, PistonError> {
    Err(match named(&state, &body?.0)? {
        (sent, Some(_)) => failed(format!("{sent} is part of this installation and stays")),
        (sent, None) => {
            PistonError::Message(StatusCode::NOT_FOUND, format!("Requested package {sent} does not exist"))
        }
    })
}

fn named(state: &AppState, body: &[u8]) -> Result<(String, Option<Runtime>), PistonError> {
    let body: Value = serde_json::from_slice(body).map_err(|error| PistonError::NoJson(error.to_string()))?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().chars().take(100).collect::<String>();
    let (language, version) = (text("language"), text("version"));
    let found = Runtime::find(&state.languages, &language, &version, false).ok();
    Ok((format!("{language}-{version}"), found))
}

fn failed(text: impl Into<String>) -> PistonError {
    PistonError::Message(StatusCode::INTERNAL_SERVER_ERROR, text.into())
}
