//! Which web pages of other origins may call the service from a browser.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::settings::ANY_ORIGIN;

/// How long a browser may remember what it was told.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// The layer for these origins; `None` when there are none, and no answer says a word about origins then.
///
/// No cookie is ever read, so credentials need not be allowed: a key travels in `Authorization`, which a page sets itself.
#[must_use]
pub fn layer(origins: &[String], key_header: &str) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let listed = || origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let allowed = if origins.iter().any(|origin| origin == ANY_ORIGIN) {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(listed())
    };
    let fixed = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        HeaderName::from_static("idempotency-key"),
        HeaderName::from_static("last-event-id"),
        HeaderName::from_static("tokens"),
        HeaderName::from_static("x-api-key"),
        HeaderName::from_static("x-auth-token"),
        HeaderName::from_static("x-auth-user"),
    ];
    let headers: Vec<HeaderName> = fixed.into_iter().chain(key_header.parse()).collect();
    Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers(headers)
            .expose_headers([header::LOCATION, header::RETRY_AFTER])
            .max_age(MAX_AGE),
    )
}
