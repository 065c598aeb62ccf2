//! Parameters of a query, and how long to wait.

use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::unknown::Known;
use crate::error::{ApiError, ErrorCode};
use crate::state::AppState;

/// A query of the form `T`, without any parameter that `T` does not have.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query: Query<Known<T>> = Query::try_from_uri(&parts.uri)
            .map_err(|rejection| ApiError::new(ErrorCode::InvalidField, rejection.body_text()))?;
        query.0.only().map(Self)
    }
}

/// How long to wait for the result.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaitQuery {
    /// Answer as soon as there is a result, or after this many seconds, whichever comes first. Without it, at once.
    #[param(minimum = 0.0)]
    wait: Option<f64>,
}

/// The wait a request asks for; `None` when it does not want to wait.
pub struct Wait(pub Option<Duration>);

impl FromRequestParts<AppState> for Wait {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Params(WaitQuery { wait }) = Params::from_request_parts(parts, state).await?;
        let Some(seconds) = wait.filter(|seconds| *seconds != 0.0) else {
            return Ok(Self(None));
        };
        let max = state.config.max_wait.as_secs_f64();
        if seconds <= max
            && let Ok(wait) = Duration::try_from_secs_f64(seconds)
        {
            return Ok(Self(Some(wait)));
        }
        Err(ApiError::invalid("wait", format!("wait is {seconds}, it must be from 0 to {max} seconds")))
    }
}
