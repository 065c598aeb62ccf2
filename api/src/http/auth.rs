//! Keys: `Authorization: Bearer KEY`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::{ApiError, ErrorCode};

/// Paths that are open to everybody: probes, metrics and the documentation.
const OPEN: [&str; 5] = ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"];

/// The keys clients may use, as hashes of equal length.
#[derive(Clone)]
pub struct Keys(Arc<[[u8; 32]]>);

impl Keys {
    /// Takes the keys of the settings.
    #[must_use]
    pub fn new(keys: &[SecretString]) -> Self {
        Self(keys.iter().map(|key| hash(key.expose_secret())).collect())
    }

    /// Whether no key is asked for.
    #[must_use]
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is one of the keys; takes the same time whichever it is and however much of it is right.
    #[must_use]
    fn hold(&self, key: &str) -> bool {
        let key = hash(key);
        let found = self.0.iter().fold(subtle::Choice::from(0), |found, known| found | known.ct_eq(&key));
        found.into()
    }
}

/// Lets a request through that needs no key or has one.
pub async fn require_key(
    State(keys): State<Keys>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if keys.none() || open(request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let key = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim());
    match key {
        Some(key) if keys.hold(key) => Ok(next.run(request).await),
        Some(_) => Err(ApiError::new(ErrorCode::Unauthorized, "this key is not known")),
        None => Err(ApiError::new(ErrorCode::Unauthorized, "a key is needed: `Authorization: Bearer KEY`")),
    }
}

fn open(path: &str) -> bool {
    OPEN.contains(&path) || path.starts_with("/docs/")
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_only_as_a_whole() {
        let keys = Keys::new(&["first".into(), "second".into()]);
        assert!(keys.hold("first") && keys.hold("second"));
        for wrong in ["", "firs", "first ", "FIRST", "firstsecond"] {
            assert!(!keys.hold(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn only_the_listed_paths_are_open() {
        assert!(open("/docs/swagger-ui.css") && open("/healthz"));
        for path in ["/", "/run", "/healthz/x", "/docsx", "/api/v1/languages"] {
            assert!(!open(path), "{path}");
        }
    }
}
