//! Calls that count once, however often they are sent.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

/// The header with the client's key.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
const LONGEST: usize = 255;

/// The key that a client sent, if it did.
///
/// # Errors
/// When it is none.
pub fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let fits = |key: &&str| (1..=LONGEST).contains(&key.len()) && key.chars().all(|c| c.is_ascii_graphic());
    match value.to_str().ok().filter(fits) {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(ApiError::invalid(
            "Idempotency-Key",
            format!("a key has 1 to {LONGEST} visible ASCII characters, without blanks"),
        )),
    }
}

/// The hash of a call, to be fed with its body. What only says how to answer is no part of it.
#[must_use]
pub fn begin(parts: &Parts) -> Sha256 {
    Sha256::new()
        .chain_update(parts.method.as_str())
        .chain_update(" ")
        .chain_update(parts.uri.path())
        .chain_update("\n")
}
