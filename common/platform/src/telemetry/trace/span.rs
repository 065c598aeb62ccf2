//! Spans and the traces that they are parts of.

use std::time::SystemTime;

use tracing::{Level, Metadata, Span, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::Registry;
use tracing_subscriber::registry::LookupSpan as _;

use super::{TraceContext, otlp};

/// Makes a span the next part of a trace, before it is entered: of the one that is handed in, or else of a new one where
/// traces are exported. Its field `trace_id`, where it has one, says which. Tells where in the trace the span is.
pub fn begin(span: &Span, from: Option<TraceContext>) -> Option<TraceContext> {
    let context = otlp::begin(span, from).or_else(|| from.inspect(|from| keep(span, *from)))?;
    span.record("trace_id", context.trace_id());
    Some(context)
}

/// Where in which trace the current span is; what is sent elsewhere is to be handed this.
#[must_use]
pub fn current() -> Option<TraceContext> {
    let span = Span::current();
    otlp::context_of(&span).or_else(|| kept(&span))
}

/// [`current`] as the header that is kept and sent.
#[must_use]
pub fn traceparent() -> Option<String> {
    current().map(|context| context.to_string())
}

/// A span that is over: its times are known in the end alone.
#[derive(Clone, Copy, Debug)]
pub struct Over<'a> {
    /// What it is called.
    pub name: &'static str,
    /// What it is a part of.
    pub parent: TraceContext,
    /// When it began.
    pub begin: SystemTime,
    /// When it ended.
    pub end: SystemTime,
    /// What there is to know of it; nothing that a client wrote.
    pub attributes: &'a [(&'static str, &'a str)],
}

/// Exports a span that is over, where its trace is exported.
pub fn over(span: &Over<'_>) {
    otlp::over(span);
}

/// On which side of a way between two processes a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanRole {
    /// It answers a request.
    Server,
    /// It puts a message into a queue.
    Producer,
    /// It has taken a message from a queue.
    Consumer,
    /// None of these.
    Internal,
}

impl SpanRole {
    /// That of a span of Gavel, by its name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "http" => Self::Server,
            "publish" => Self::Producer,
            "queue" => Self::Consumer,
            _ => Self::Internal,
        }
    }
}

/// Whether a span is one of Gavel's own, and no detail.
pub(crate) fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && *metadata.level() <= Level::INFO && metadata.target().starts_with("gavel")
}

/// Has spans be there, whatever is logged: what goes on in them must know its trace.
pub(crate) struct Keep;

impl<S: Subscriber> Layer<S> for Keep {}

/// Remembers where a span is in a trace that is handed through.
fn keep(span: &Span, context: TraceContext) {
    span.with_subscriber(|(id, dispatch)| {
        if let Some(span) = dispatch.downcast_ref::<Registry>().and_then(|registry| registry.span(id)) {
            span.extensions_mut().replace(context);
        }
    });
}

/// Where a span, or one that it is in, is in a trace that is handed through.
fn kept(span: &Span) -> Option<TraceContext> {
    span.with_subscriber(|(id, dispatch)| {
        let span = dispatch.downcast_ref::<Registry>()?.span(id)?;
        span.scope().find_map(|span| span.extensions().get::<TraceContext>().copied())
    })?
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::layer::SubscriberExt as _;

    #[test]
    fn a_trace_is_handed_through_where_nothing_is_exported_or_logged() {
        let subscriber = tracing_subscriber::registry().with(Keep.with_filter(filter_fn(is_ours)));
        tracing::subscriber::with_default(subscriber, || {
            let from = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap();
            let outer = tracing::info_span!("outer", trace_id = tracing::field::Empty);
            assert_eq!(begin(&outer, Some(from)), Some(from));
            let _outer = outer.entered();
            let _inner = tracing::info_span!("inner").entered();
            assert_eq!(current(), Some(from));
            let other = tracing::info_span!(parent: None, "other");
            assert_eq!(begin(&other, None), None, "nothing begins one");
            assert_eq!(other.in_scope(current), None);
        });
        assert_eq!(current(), None);
    }
}
