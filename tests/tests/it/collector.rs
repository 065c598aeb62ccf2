//! A collector of OpenTelemetry: takes OTLP over HTTP, and tells what it was given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use gavel_testkit::until;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use serde_json::json;
use tokio::net::TcpListener;

use crate::fleet::PATIENCE;
use crate::process::Gavel;

/// Where a client of Gavel is in a trace of its own.
pub const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CLIENT: &str = "b7ad6b7169203331";
/// Stands in a source and in what it prints.
pub const SECRET: &str = "nobody-else-reads-this";

/// A span as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub service: String,
    pub trace: String,
    pub id: String,
    /// Empty: it has none.
    pub parent: String,
    pub name: String,
    pub kind: SpanKind,
    pub begin: u64,
    pub end: u64,
    pub attributes: BTreeMap<String, String>,
}

/// Everything that was exported to one address.
#[derive(Clone)]
pub struct Collector {
    url: String,
    spans: Arc<Mutex<Vec<Seen>>>,
}

impl Collector {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let spans = Arc::default();
        let take = async |State(spans): State<Arc<Mutex<Vec<Seen>>>>, body: Bytes| {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            spans.lock().unwrap().extend(seen(request));
        };
        let routes = axum::Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&spans));
        #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { url, spans }
    }

    /// What has a process export to it.
    pub fn setting(&self) -> (&'static str, String) {
        ("telemetry.otlp.endpoint", self.url.clone())
    }

    /// The client's trace, once it goes as far as the result in the store.
    pub async fn whole(&self) -> Trace {
        until("a trace reaches the store of its result", PATIENCE, async || {
            let spans = self.spans.lock().unwrap().clone();
            let trace = Trace(spans.into_iter().filter(|span| span.trace == TRACE).collect());
            trace.way().is_some().then_some(trace)
        })
        .await
    }
}

/// Submits as a client that is traced itself; the submission's id.
pub async fn submit_traced(gavel: &Gavel, body: &serde_json::Value) -> String {
    let url = format!("{}/api/v1/submissions", gavel.url());
    let request = reqwest::Client::new().post(url).header("traceparent", format!("00-{TRACE}-{CLIENT}-01"));
    let answer = request.json(body).send().await.unwrap();
    let told = answer.headers()["traceparent"].to_str().unwrap().to_owned();
    assert!(told.starts_with(&format!("00-{TRACE}-")) && told.ends_with("-01"), "{told}");
    assert!(!told.contains(CLIENT), "where the answer was made: {told}");
    let answer: serde_json::Value = answer.json().await.unwrap();
    answer["id"].as_str().unwrap().to_owned()
}

/// A program in C that prints a secret that stands in its source.
pub fn secretive(wait_s: u32) -> serde_json::Value {
    let source = format!(
        "#include <stdio.h>\n#include <unistd.h>\nint main(){{ sleep({wait_s}); puts(\"{SECRET}\"); }}"
    );
    json!({
        "language": "c", "source": source, "limits": {"wall_ms": 20_000},
        "work": {"kind": "run", "expected_output": SECRET},
    })
}

/// The spans of one trace.
pub struct Trace(Vec<Seen>);

impl Trace {
    /// From the result in the store up to the request, if it is all there.
    fn way(&self) -> Option<Vec<&Seen>> {
        let ends = |span: &&Seen| {
            span.name == "store" && self.parent(span).is_some_and(|parent| parent.name == "publish")
        };
        let last = self.0.iter().find(ends)?;
        let way: Vec<_> = std::iter::successors(Some(last), |span| self.parent(span)).collect();
        (way.last()?.parent == CLIENT).then_some(way)
    }

    fn parent(&self, of: &Seen) -> Option<&Seen> {
        self.0.iter().find(|span| span.id == of.parent)
    }

    /// Children of a span, by name.
    fn children(&self, of: &Seen) -> BTreeSet<&str> {
        self.0.iter().filter(|span| span.parent == of.id).map(|span| span.name.as_str()).collect()
    }

    pub fn named(&self, name: &str) -> Vec<&Seen> {
        self.0.iter().filter(|span| span.name == name).collect()
    }

    /// One trace of a submission of [`secretive`], whole: what hangs under what, in which process, and when.
    pub fn assert_whole(&self, id: &str, api: &str, worker: &str) {
        let way = self.way().unwrap();
        let names: Vec<_> = way.iter().map(|span| (span.name.as_str(), span.service.as_str())).collect();
        let expected = [
            ("store", api),
            ("publish", worker),
            ("judge", worker),
            ("publish", api),
            ("accept", api),
            ("POST /api/v1/submissions", api),
        ];
        assert_eq!(names, expected);
        let [_, told, judge, published, accept, http] = way[..] else { unreachable!() };
        assert!(self.children(accept).is_superset(&BTreeSet::from(["store", "publish"])));
        assert!(self.children(published).is_superset(&BTreeSet::from(["queue", "judge"])));
        let steps = BTreeSet::from(["acquire", "compile", "test", "publish"]);
        assert_eq!(self.children(judge), steps);
        let test = self.named("test").into_iter().find(|test| test.parent == judge.id).unwrap();
        assert_eq!(self.children(test), BTreeSet::from(["check"]));
        let of_queue = |span: &&&Seen| span.parent == published.id && span.end <= judge.begin;
        let queue = *self.named("queue").iter().find(of_queue).unwrap();
        assert!(http.begin <= accept.begin && accept.begin <= queue.begin && told.end <= judge.end);
        assert_eq!(
            (http.kind, published.kind, told.kind),
            (SpanKind::Server, SpanKind::Producer, SpanKind::Producer)
        );
        assert_eq!((queue.kind, judge.kind), (SpanKind::Consumer, SpanKind::Internal));
        assert_eq!(http.attributes["http.response.status_code"], "202");
        assert_eq!(test.attributes["verdict"], "AC");
        for span in [http, judge, queue] {
            assert_eq!(span.attributes["submission.id"], id);
        }
        assert!(!format!("{:?}", self.0).contains(SECRET), "{:#?}", self.0);
    }
}

fn seen(request: ExportTraceServiceRequest) -> Vec<Seen> {
    let mut all = Vec::new();
    for of_resource in request.resource_spans {
        let resource = texts(&of_resource.resource.unwrap().attributes);
        for span in of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            assert!(span.events.is_empty(), "log lines are no part of a trace: {span:?}");
            all.push(Seen {
                service: resource["service.name"].clone(),
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                kind: span.kind(),
                begin: span.start_time_unix_nano,
                end: span.end_time_unix_nano,
                attributes: texts(&span.attributes),
                name: span.name,
            });
        }
    }
    all
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        Value::BoolValue(truth) => truth.to_string(),
        other => format!("{other:?}"),
    };
    let value = |attribute: &KeyValue| attribute.value.as_ref()?.value.as_ref().map(text);
    attributes.iter().filter_map(|attribute| Some((attribute.key.clone(), value(attribute)?))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
