//! Between spans of `tracing` and those of `OpenTelemetry`.

use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _,
};
use opentelemetry::{Context, KeyValue, global};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::super::{Over, TraceContext};

/// What emits spans: the instrumentation's name.
pub(super) const SCOPE: &str = "gavel";

/// Hangs a span under where a trace comes from; tells where it is, if anything is exported.
pub(crate) fn begin(span: &Span, from: Option<TraceContext>) -> Option<TraceContext> {
    if let Some(from) = from
        && let Err(error) = span.set_parent(remote(from))
    {
        tracing::trace!(%error, "a span has no trace");
    }
    context_of(span)
}

/// Where in which trace a span is, if anything is exported.
pub(crate) fn context_of(span: &Span) -> Option<TraceContext> {
    let context = span.context();
    let span = context.span();
    let of_span = span.span_context();
    of_span.is_valid().then(|| TraceContext {
        trace_id: u128::from_be_bytes(of_span.trace_id().to_bytes()),
        span_id: u64::from_be_bytes(of_span.span_id().to_bytes()),
        sampled: of_span.is_sampled(),
    })
}

pub(crate) fn over(span: &Over<'_>) {
    let tracer = global::tracer(SCOPE);
    let attributes = span.attributes.iter().map(|(key, value)| KeyValue::new(*key, (*value).to_owned()));
    let builder = tracer.span_builder(span.name).with_start_time(span.begin).with_attributes(attributes);
    builder.start_with_context(&tracer, &remote(span.parent)).end_with_timestamp(span.end);
}

fn remote(from: TraceContext) -> Context {
    let TraceContext { trace_id, span_id, sampled } = from;
    let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace_id, span_id) = (TraceId::from(trace_id), SpanId::from(span_id));
    Context::new().with_remote_span_context(SpanContext::new(
        trace_id,
        span_id,
        flags,
        true,
        TraceState::default(),
    ))
}
