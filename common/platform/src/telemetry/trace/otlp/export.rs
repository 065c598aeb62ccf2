//! From settings to a collector.

use std::collections::HashMap;
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{KeyValue, global};
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanExporter as _};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::{Layer, Registry};

use super::bridge::SCOPE;
use super::queue::{Queue, send};
use crate::telemetry::trace::{OtlpConfig, TraceMetrics};

/// Where a collector takes traces.
const PATH: &str = "/v1/traces";
/// How long a collector may take for a batch.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long the last spans may take at the end of the process.
const LAST_WITHIN: Duration = Duration::from_secs(5);

/// An exporter that cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("telemetry.otlp")]
pub struct ExportError(#[from] ExporterBuildError);

/// Sends spans to a collector for as long as the process lives.
pub struct Export {
    provider: SdkTracerProvider,
    tasks: TaskTracker,
    end: CancellationToken,
}

impl Export {
    /// What settings ask for; `service` is what the process is called unless they say. Nothing where there is no endpoint.
    /// To be called inside a runtime: what waits is sent from there.
    ///
    /// # Errors
    /// When the client cannot be made. A collector that is away is no error.
    pub fn new(
        config: &OtlpConfig,
        service: &'static str,
        metrics: TraceMetrics,
    ) -> Result<Option<Self>, ExportError> {
        if config.endpoint.is_empty() {
            return Ok(None);
        }
        let named = &config.service_name;
        let name = if named.is_empty() { service.to_owned() } else { named.clone() };
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder_empty().with_service_name(name).with_attribute(version).build();
        let pairs = config.header_pairs().unwrap_or_default();
        let headers: HashMap<_, _> =
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}{PATH}", config.endpoint.trim_end_matches('/')))
            .with_timeout(TIMEOUT)
            .with_headers(headers)
            .build()?;
        exporter.set_resource(&resource);
        metrics.begin();
        let (queue, waiting) = Queue::new(metrics.clone());
        let ratio = Sampler::TraceIdRatioBased(config.sample_ratio);
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(ratio)))
            .with_span_processor(queue)
            .build();
        let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(send(exporter, waiting, metrics, end.clone()));
        global::set_tracer_provider(provider.clone());
        Ok(Some(Self { provider, tasks, end }))
    }

    /// What makes spans of `tracing` spans to be exported.
    pub(crate) fn layer(&self) -> Box<dyn Layer<Registry> + Send + Sync> {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SCOPE))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .boxed()
    }

    /// Sends what waits, and waits for that a while.
    pub async fn finish(self) {
        self.end.cancel();
        self.tasks.close();
        if tokio::time::timeout(LAST_WITHIN, self.tasks.wait()).await.is_err() {
            tracing::warn!("the last traces could not be exported in time");
        }
    }
}
