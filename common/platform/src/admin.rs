//! `/healthz`, `/readyz` and `/metrics`: how a process is, the same from every process.
//!
//! Good news is `{"status":"ok"}`. Bad news is 503 with `Retry-After` and the envelope that every error of Gavel has,
//! `{"error":{"code":"unavailable","message":"...","field":null}}`.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::telemetry::Registry;

/// How long a prober should wait before it asks again, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// The exposition format of [`Registry::text`].
const METRICS_TYPE: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4");

/// Why a process cannot do its work now, for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub Cow<'static, str>);

/// Whether a process can do its work now.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Asks whatever the work depends on; the answer comes soon, also when what is asked does not.
    ///
    /// # Errors
    /// The first thing that is missing.
    async fn ready(&self) -> Result<(), NotReady>;
}

#[derive(Clone)]
struct Admin {
    readiness: Arc<dyn Readiness>,
    registry: Registry,
}

/// The three routes. None of them asks for a key.
pub fn router<S>(readiness: Arc<dyn Readiness>, registry: Registry) -> Router<S> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Admin { readiness, registry })
}

async fn healthz() -> Response {
    ok()
}

async fn readyz(State(admin): State<Admin>) -> Response {
    match admin.readiness.ready().await {
        Ok(()) => ok(),
        Err(why) => {
            let retry = [(header::RETRY_AFTER, RETRY_AFTER)];
            (retry, error(StatusCode::SERVICE_UNAVAILABLE, "unavailable", &why.0)).into_response()
        }
    }
}

async fn metrics(State(admin): State<Admin>) -> Response {
    match admin.registry.text() {
        Ok(text) => ([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response(),
        Err(failed) => {
            tracing::error!(error = %failed, "metrics cannot be encoded");
            error(StatusCode::INTERNAL_SERVER_ERROR, "internal", "metrics cannot be encoded")
        }
    }
}

fn ok() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let envelope = json!({"error": {"code": code, "message": message, "field": null}});
    (status, Json(envelope)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Is(Result<(), NotReady>);

    #[async_trait]
    impl Readiness for Is {
        async fn ready(&self) -> Result<(), NotReady> {
            self.0.clone()
        }
    }

    async fn asked(readiness: Result<(), NotReady>) -> (StatusCode, bool, serde_json::Value) {
        let readiness: Arc<dyn Readiness> = Arc::new(Is(readiness));
        let response = readyz(State(Admin { readiness, registry: Registry::default() })).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1_000).await.unwrap();
        let retry = parts.headers.contains_key(header::RETRY_AFTER);
        (parts.status, retry, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn who_is_not_ready_says_why_and_asks_to_come_again() {
        assert_eq!(asked(Ok(())).await, (StatusCode::OK, false, json!({"status": "ok"})));
        let envelope = json!({"error": {"code": "unavailable", "message": "draining", "field": null}});
        let expected = (StatusCode::SERVICE_UNAVAILABLE, true, envelope);
        assert_eq!(asked(Err(NotReady("draining".into()))).await, expected);
    }
}
