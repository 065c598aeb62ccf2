//! `?wait=SECONDS` and the id in a path.

use std::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use gavel_model::SubmissionId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{ApiError, ErrorCode};

/// How long to wait for the result.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitQuery {
    /// Answer as soon as there is a result, or after this many seconds, whichever comes first. Without it, at once.
    #[param(minimum = 0.0)]
    wait: Option<f64>,
}

/// A query, or what does not fit in it.
///
/// # Errors
/// When it cannot be read.
pub fn read<T>(query: Result<Query<T>, QueryRejection>) -> Result<Query<T>, ApiError> {
    query.map_err(|rejection| {
        let text = rejection.body_text();
        let code =
            if text.contains("unknown field") { ErrorCode::UnknownField } else { ErrorCode::InvalidField };
        ApiError::new(code, text)
    })
}

/// The wait a request asks for; `None` when it does not want to wait.
///
/// # Errors
/// When the query cannot be read, or the wait is over the maximum.
pub fn wait(
    query: Result<Query<WaitQuery>, QueryRejection>,
    max: Duration,
) -> Result<Option<Duration>, ApiError> {
    let Query(WaitQuery { wait }) = read(query)?;
    let Some(seconds) = wait.filter(|seconds| *seconds != 0.0) else {
        return Ok(None);
    };
    if seconds <= max.as_secs_f64()
        && let Ok(wait) = Duration::try_from_secs_f64(seconds)
    {
        return Ok(Some(wait));
    }
    Err(ApiError::invalid(
        "wait",
        format!("wait is {seconds}, it must be from 0 to {} seconds", max.as_secs_f64()),
    ))
}

/// The submission a path names.
///
/// # Errors
/// When it is no UUID.
pub fn id(path: Result<Path<String>, PathRejection>) -> Result<SubmissionId, ApiError> {
    path.ok()
        .and_then(|Path(text)| text.parse().ok())
        .ok_or_else(|| ApiError::invalid("id", "the id of a submission is a UUID"))
}
