//! One span and one count per request, and no panic that a client would notice as a cut connection.

use std::any::Any;
use std::time::Instant;

use crate::metrics::{ApiMetrics, RouteLabel, StatusLabel};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gavel_platform::telemetry::trace::{self, TraceContext};
use tracing::Instrument as _;

use crate::error::{ApiError, ErrorCode};

/// Counts and logs a request by its route's pattern, never by its path, and goes on with the trace that it comes with.
pub async fn observe(State(metrics): State<ApiMetrics>, request: Request, next: Next) -> Response {
    let route = RouteLabel::of(request.extensions().get::<MatchedPath>());
    let span = tracing::info_span!(
        "http",
        http.method = %request.method(),
        http.route = route.as_str(),
        submission.id = tracing::field::Empty,
        owner = tracing::field::Empty,
        http.status = tracing::field::Empty,
        trace_id = tracing::field::Empty,
    );
    let context = trace::begin(&span, handed_in(request.headers()));
    let begin = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    metrics.http_requests(&route, &StatusLabel(status)).inc();
    span.record("http.status", status.as_u16());
    span.in_scope(|| {
        let took_ms = begin.elapsed().as_millis() as u64;
        tracing::debug!(took_ms, "answered");
    });
    if let Some(told) = context.and_then(|context| HeaderValue::try_from(context.to_string()).ok()) {
        response.headers_mut().insert(TraceContext::HEADER, told);
    }
    response
}

/// The trace that a request comes with; one that is no trace, or not the only one, is as good as none.
fn handed_in(headers: &HeaderMap) -> Option<TraceContext> {
    let mut all = headers.get_all(TraceContext::HEADER).iter();
    let one = all.next().filter(|_| all.next().is_none())?;
    one.to_str().ok()?.parse().ok()
}

/// What a client gets when a handler panics; the payload is logged, not sent.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over a box")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = message, "a request handler panicked");
    ApiError::new(ErrorCode::Internal, "the service made a mistake").into_response()
}

/// No such path.
pub async fn not_found() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "no such path; /docs lists what there is")
}

/// A path that does not take the method.
pub async fn method_not_allowed() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "this path does not take this method")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_with_one_trace_or_none() {
        const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let mut headers = HeaderMap::new();
        assert_eq!(handed_in(&headers), None);
        headers.insert(TraceContext::HEADER, HeaderValue::from_static(TRACE));
        assert_eq!(handed_in(&headers).unwrap().to_string(), TRACE);
        headers.append(TraceContext::HEADER, HeaderValue::from_static(TRACE));
        assert_eq!(handed_in(&headers), None, "which one?");
        headers.insert(TraceContext::HEADER, HeaderValue::from_bytes(b"\x80nonsense").unwrap());
        assert_eq!(handed_in(&headers), None);
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_its_text() {
        let response = panicked(Box::new("secret".to_owned()));
        assert_eq!(response.status().as_u16(), 500);
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("\"internal\"") && !text.contains("secret"), "{text}");
    }
}
