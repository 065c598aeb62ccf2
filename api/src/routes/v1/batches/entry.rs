//! Reading one entry of a batch.

use crate::error::ApiError;
use crate::http::body::parse;
use crate::intake::{BatchIntake, IntakeError};
use crate::routes::refusal;
use crate::routes::v1::names::name;
use crate::routes::v1::submissions::request::SubmissionRequest;

/// What all entries of a batch have in common may take this many bytes: it is read for each of them.
pub const MAX_COMMON: usize = 256 * 1024;

/// Takes an entry, with what all have in common; what is wrong with it is kept in its place.
///
/// # Errors
/// When a store does not answer.
pub async fn take(
    batch: &mut BatchIntake,
    json: &[u8],
    common: Option<&SubmissionRequest>,
) -> Result<(), ApiError> {
    let read = parse::<SubmissionRequest>(json).and_then(|own| {
        let request = common.map_or_else(|| own.clone(), |common| own.clone().or(common));
        request.read().map_err(|error| refusal::told(&error, name))
    });
    let outcome = match read {
        Ok(request) => batch.add(request).await,
        Err(error) => batch.refuse(stored(&error)).await,
    };
    match outcome {
        Err(error @ (IntakeError::Refused(_) | IntakeError::NoWorker { .. })) => {
            let error = refusal::answer(error, name);
            batch.refuse(stored(&error)).await.map_err(|error| refusal::answer(error, name))
        }
        other => other.map_err(|error| refusal::answer(error, name)),
    }
}

/// Reads what all entries have in common.
///
/// # Errors
/// When it is too large, or not of the form of an entry.
pub fn common(json: &[u8]) -> Result<SubmissionRequest, ApiError> {
    if json.len() > MAX_COMMON {
        let message = format!(
            "common has {} bytes, the maximum is {MAX_COMMON}; larger tests are uploaded as a problem",
            json.len()
        );
        return Err(ApiError::of("common", crate::error::ErrorCode::TooLarge, message));
    }
    parse(json).map_err(|error| {
        let field =
            error.field.as_ref().map_or_else(|| "common".to_owned(), |field| format!("common.{field}"));
        ApiError { field: Some(field), ..error }
    })
}

/// An error in JSON, as the client is told.
fn stored(error: &ApiError) -> String {
    serde_json::to_string(error).unwrap_or_else(|_| "null".to_owned())
}
