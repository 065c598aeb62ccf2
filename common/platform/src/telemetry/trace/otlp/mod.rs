//! Export over OTLP, and what a trace is to `OpenTelemetry`.

mod bridge;
mod dress;
mod export;
mod queue;

pub use export::{Export, ExportError};

pub(super) use bridge::{begin, context_of, over};
