//! What browsers are told of every answer.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

/// For answers that are no pages: nothing is loaded, run or shown by them, whoever opens or frames them.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// For pages: scripts, styles, pictures and calls of this service alone. Swagger UI writes styles into its elements and has
/// its pictures in its style sheets.
const OWN_PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Routes that answer with pages.
pub fn pages<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(unless_said(header::CONTENT_SECURITY_POLICY, OWN_PAGES))
}

/// All routes, those with pages among them.
pub fn all<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router
        .layer(unless_said(header::CONTENT_SECURITY_POLICY, NOTHING))
        // Answers carry what programs print: a browser must not guess it to be a page.
        .layer(unless_said(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // What `frame-ancestors` says, for browsers that do not know it.
        .layer(unless_said(header::X_FRAME_OPTIONS, "DENY"))
        // Paths hold ids.
        .layer(unless_said(header::REFERRER_POLICY, "no-referrer"))
}

fn unless_said(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
