//! How spans are called by those who look at traces: <https://opentelemetry.io/docs/specs/semconv/>.

use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::super::SpanRole;

/// What a span is known by already.
const OWN: &str = "trace_id";
/// Our names, and those of the convention.
const NAMES: [(&str, &str); 2] =
    [("http.method", "http.request.method"), ("http.status", "http.response.status_code")];
/// Says that a span's work failed, and of what kind the fault was.
const FAULT: &str = "fault.kind";

/// Gives a span the kind, the name, the attributes and the status that are usual.
pub(super) fn dress(mut span: SpanData) -> SpanData {
    span.span_kind = match SpanRole::of(&span.name) {
        SpanRole::Server => SpanKind::Server,
        SpanRole::Producer => SpanKind::Producer,
        SpanRole::Consumer => SpanKind::Consumer,
        SpanRole::Internal => SpanKind::Internal,
    };
    if span.span_kind == SpanKind::Server
        && let (Some(method), Some(route)) = (text(&span, "http.method"), text(&span, "http.route"))
    {
        span.name = format!("{method} {route}").into();
    }
    span.attributes.retain(|attribute| attribute.key.as_str() != OWN);
    if let Some(fault) = text(&span, FAULT) {
        span.status = Status::error(fault);
    } else if number(&span, "http.status").is_some_and(|status| status >= 500) {
        span.status = Status::error("");
    }
    for attribute in &mut span.attributes {
        if let Some((_, usual)) = NAMES.iter().find(|(ours, _)| *ours == attribute.key.as_str()) {
            *attribute = KeyValue::new(*usual, attribute.value.clone());
        }
    }
    span
}

fn value<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    span.attributes.iter().find(|attribute| attribute.key.as_str() == name).map(|found| &found.value)
}

fn text(span: &SpanData, name: &str) -> Option<String> {
    value(span, name).map(|value| value.as_str().into_owned())
}

fn number(span: &SpanData, name: &str) -> Option<i64> {
    match value(span, name)? {
        Value::I64(number) => Some(*number),
        _ => None,
    }
}
