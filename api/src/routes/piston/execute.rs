//! `POST execute`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::answer::told;
use super::error::PistonError;
use super::request::{Wanted, read};
use crate::error::ApiError;
use crate::intake::Field;
use crate::principal::Principal;
use crate::routes::door::{Finished, RawBody};
use crate::routes::refusal;
use crate::state::AppState;

/// Runs a program and waits for it. The body is JSON, whatever it is announced as.
pub async fn execute(
    State(state): State<AppState>,
    principal: Principal,
    body: Result<RawBody, ApiError>,
) -> Result<Json<Value>, PistonError> {
    let RawBody(bytes, memory) = body?;
    let Wanted { runtime, request } = read(&bytes, &state)?;
    drop((bytes, memory));
    match state.finish(request, &principal).await {
        Finished::Judged(result) => Ok(Json(told(&result, &runtime))),
        Finished::TooLate => Err(PistonError::Message(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Execution problem: no worker was free in time".to_owned(),
        )),
        Finished::Refused(error) => Err(refusal::answer(error, name).into()),
    }
}

/// What this door calls the parts of a request that it has.
pub(super) fn name(field: &Field) -> Option<String> {
    Some(match field {
        Field::Language => "language".to_owned(),
        Field::Files => "files".to_owned(),
        Field::FileName(k) => format!("files[{k}].name"),
        Field::FileContent(k) => format!("files[{k}].content"),
        Field::Stdin => "stdin".to_owned(),
        Field::Args => "args".to_owned(),
        Field::Arg(k) => format!("args[{k}]"),
        Field::Limit("memory_mb") => "run_memory_limit".to_owned(),
        Field::Limit("cpu_ms") => "run_cpu_time".to_owned(),
        Field::Limit("wall_ms") => "run_timeout".to_owned(),
        _ => return None,
    })
}
