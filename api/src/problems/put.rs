//! `PUT /api/v1/problems/{id}`

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::keep::{Kept, keep};
use super::package::{OpenError, Opened, Rules, open};
use super::view::ProblemView;
use super::{id, note};
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::upload::{self, Received};
use crate::state::AppState;

const MIB: u64 = 1024 * 1024;

/// What a zip is announced as.
const ZIP: [&str; 3] = ["application/zip", "application/x-zip-compressed", "application/octet-stream"];

/// Upload a problem package.
///
/// The body is a zip of a package in the Kattis format. It becomes the problem's latest version; one that was
/// uploaded before becomes the latest again.
#[utoipa::path(
    put,
    operation_id = "putProblem",
    path = "/api/v1/problems/{id}",
    tag = "problems",
    params(("id" = String, Path, description = "The problem's id", pattern = "^[a-z0-9][a-z0-9_-]{0,63}$")),
    request_body(content = Vec<u8>, content_type = "application/zip", description = "The package"),
    responses(
        (status = 200, description = "This package was there already; it is the latest version now", body = ProblemView),
        (status = 201, description = "A new version", body = ProblemView),
        (status = 400, description = "The request is not right", body = ErrorEnvelope),
        (status = 401, description = "A key is needed", body = ErrorEnvelope),
        (status = 408, description = "The package did not arrive in time", body = ErrorEnvelope),
        (status = 413, description = "Larger than allowed", body = ErrorEnvelope),
        (status = 415, description = "Not announced as a zip", body = ErrorEnvelope),
        (status = 422, description = "The package cannot be judged by; `problems` tells every mistake with its place",
            body = ErrorEnvelope),
        (status = 503, description = "It cannot be stored now; `Retry-After` tells when to try again",
            body = ErrorEnvelope),
    ),
)]
pub async fn put(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let id = id::of_path(path)?;
    if !is_zip(&headers) {
        let message = "the body must be a zip, announced as `Content-Type: application/zip`";
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, message));
    }
    let max = state.config.max_package_mb.saturating_mul(MIB);
    let received = upload::receive(&headers, body, max, &state.blobs.incoming()).await?;
    let location = format!("/api/v1/problems/{id}");
    // A client that hangs up now does not leave half of it done.
    let tasks = state.tasks.clone();
    let taken = tasks.spawn(async move {
        let (received, opened) = open_apart(&state, &id, received).await?;
        keep(&state, id, received, opened).await
    });
    let Kept { new, version } = taken.await.map_err(|error| broken(&error))??;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, location)], Json(ProblemView::from(version))).into_response())
}

async fn open_apart(state: &AppState, id: &str, received: Received) -> Result<(Received, Opened), ApiError> {
    let permit = state.intake.open().await;
    let rules = Rules::new(&state.config, state.limits, state.languages.clone());
    let (incoming, id) = (state.blobs.incoming(), id.to_owned());
    let opening = state.tasks.spawn_blocking(move || {
        let _permit = permit;
        open(&received.file, &incoming, &id, &rules).map(|opened| (received, opened))
    });
    opening.await.map_err(|error| broken(&error))?.map_err(|error| match error {
        OpenError::Invalid(diagnostics) => note::refusal(diagnostics),
        OpenError::Io(source) => {
            tracing::error!(error = &source as &dyn std::error::Error, "a package cannot be unpacked");
            ApiError::unavailable("the package cannot be unpacked now, try again")
        }
    })
}

fn broken(error: &tokio::task::JoinError) -> ApiError {
    tracing::error!(%error, "taking a package did not end well");
    ApiError::new(ErrorCode::Internal, "the service made a mistake")
}

/// Some clients announce a file they send as nothing at all.
fn is_zip(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    ZIP.contains(&media_type.trim().to_ascii_lowercase().as_str())
}
