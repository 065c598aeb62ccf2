//! `PUT /api/v1/problems/{id}`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::note;
use super::path::ProblemPath;
use super::view::ProblemView;
use crate::error::{ApiError, ErrorCode, ErrorEnvelope};
use crate::http::refused::{AnyCall, BodyCall};
use crate::http::upload::{self, Received};
use crate::problems::{Kept, TakeError, Zip};
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
        (status = 422, description = "The package cannot be judged by; `problems` tells every mistake with its place",
            body = ErrorEnvelope),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn put(
    State(state): State<AppState>,
    ProblemPath(id): ProblemPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if !is_zip(&headers) {
        let message = "the body must be a zip, announced as `Content-Type: application/zip`";
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, message));
    }
    let max = state.config.max_package_mb.saturating_mul(MIB);
    let Received { file, sha256, size } =
        upload::receive(&headers, body, max, &state.packages.blobs.incoming(), &state.memory).await?;
    let location = format!("/api/v1/problems/{id}");
    let Kept { new, version } =
        state.packages.take(id, Zip { file, sha256, size }).await.map_err(not_taken)?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, location)], Json(ProblemView::from(version))).into_response())
}

/// The place where failures to take packages are handled, and so logged.
fn not_taken(error: TakeError) -> ApiError {
    match error {
        TakeError::Invalid(diagnostics) => note::refusal(diagnostics),
        TakeError::Store(error) => error.into(),
        TakeError::Deleted => ApiError::new(ErrorCode::UnknownProblem, "the problem was deleted meanwhile"),
        TakeError::Blobs(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the blob store does not take a package"
            );
            ApiError::unavailable("the blob store does not take the package, try again")
        }
        TakeError::Unpack(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a package cannot be unpacked");
            ApiError::unavailable("the package cannot be unpacked now, try again")
        }
        TakeError::Broken(error) => {
            tracing::error!(%error, "taking a package did not end well");
            ApiError::new(ErrorCode::Internal, "the service made a mistake")
        }
    }
}

/// Some clients announce a file they send as nothing at all.
fn is_zip(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    ZIP.contains(&media_type.trim().to_ascii_lowercase().as_str())
}
