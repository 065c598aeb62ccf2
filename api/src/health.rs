//! When the service can take submissions.

use async_trait::async_trait;
use gavel_platform::admin::{NotReady, Readiness};

use crate::state::AppState;

#[async_trait]
impl Readiness for AppState {
    /// The store answers, the broker is connected, the process is not ending.
    async fn ready(&self) -> Result<(), NotReady> {
        if self.shutdown.is_cancelled() {
            return Err(NotReady("the service is ending".into()));
        }
        if !self.dispatcher.connected() {
            return Err(NotReady("the broker is not connected".into()));
        }
        self.store.backlog().await.map(drop).map_err(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                kind = error.kind(),
                "not ready for want of the store"
            );
            NotReady("the store does not answer".into())
        })
    }
}

/// What the probes answer, for the description of the service: [`gavel_platform::admin`] answers them.
#[expect(dead_code, reason = "only the descriptions that are made from it are used")]
pub mod described {
    use serde::Serialize;
    use utoipa::ToSchema;

    use crate::error::ErrorEnvelope;

    /// How the service is.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct Health {
        /// `ok`
        pub status: &'static str,
    }

    /// The process lives.
    #[utoipa::path(get, path = "/healthz", tag = "health",
        responses((status = 200, description = "It lives", body = Health)))]
    fn healthz() {}

    /// The service can take submissions: the store answers, the broker is connected, the process is not ending.
    #[utoipa::path(get, path = "/readyz", tag = "health",
        responses(
            (status = 200, description = "Ready", body = Health),
            (status = 503, description = "Not ready, and why", body = ErrorEnvelope),
        ))]
    fn readyz() {}

    /// What is measured, for Prometheus.
    #[utoipa::path(get, path = "/metrics", tag = "health",
        responses((status = 200, description = "Prometheus text format 0.0.4", body = String,
            content_type = "text/plain")))]
    fn metrics() {}
}
