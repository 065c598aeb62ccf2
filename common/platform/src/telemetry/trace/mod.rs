//! Traces: what becomes of a submission, from process to process.
//!
//! A process goes on with a trace that it is given, whether it exports anything or not. With an endpoint, every span of
//! Gavel's own crates is exported: their fields are what a trace tells, so a field never holds what a client wrote in a
//! source, an input or a key. Log lines are no part of a trace.

mod config;
mod context;
mod metrics;
#[cfg(feature = "otlp")]
mod otlp;
#[cfg(not(feature = "otlp"))]
#[path = "without.rs"]
mod otlp;
mod span;

pub use config::{OtlpConfig, TelemetryConfig};
pub use context::{NotATraceparent, TraceContext};
pub use metrics::{SpanOutcome, TraceMetrics};
pub use otlp::{Export, ExportError};
pub use span::{Over, SpanRole, begin, current, over, traceparent};

pub(super) use span::{Keep, is_ours};
