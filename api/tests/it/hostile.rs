//! Whatever is sent, it is never our fault.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::kit::Service;
use crate::kit::worker::echo;

/// Any JSON at all.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Almost a submission: known fields, some with values of the wrong kind.
fn almost() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![any::<String>().prop_map(Value::from), json_value()];
    let files =
        vec((text(), text()).prop_map(|(name, content)| json!({"name": name, "content": content})), 0..3);
    let work = prop_oneof![
        text().prop_map(|stdin| json!({"kind": "run", "stdin": stdin})),
        (text(), text()).prop_map(|(a, b)| json!({"kind": "tests", "tests": [{"input": a, "answer": b}]})),
        text().prop_map(|problem| json!({"kind": "problem", "problem": problem})),
        json_value(),
    ];
    let limits = btree_map(
        prop_oneof![Just("cpu_ms"), Just("wall_ms"), Just("memory_mb"), Just("output_kb"), Just("processes")],
        prop_oneof![any::<u64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)],
        0..3,
    );
    let field = prop_oneof![
        prop_oneof![Just(json!("python")), text()].prop_map(|value| ("language", value)),
        text().prop_map(|value| ("source", value)),
        files.prop_map(|value| ("files", json!(value))),
        vec(text(), 0..3).prop_map(|value| ("args", json!(value))),
        limits.prop_map(|value| ("limits", json!(value))),
        work.prop_map(|value| ("work", value)),
        text().prop_map(|value| ("lane", value)),
        text().prop_map(|value| ("selectedLanguage", value)),
        text().prop_map(|value| ("userCode", value)),
    ];
    vec(field, 0..5)
        .prop_map(|fields| json!(fields.into_iter().collect::<std::collections::BTreeMap<_, _>>()))
}

fn check(runtime: &Runtime, service: &Service, body: &[u8]) -> Result<(), TestCaseError> {
    for path in ["/api/v1/submissions", "/run"] {
        let request = service.client.post(service.url(path)).header("content-type", "application/json");
        let answer = runtime.block_on(async {
            crate::kit::Answer::read(request.body(body.to_vec()).send().await.unwrap()).await
        });
        prop_assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
        if answer.status.is_client_error() {
            answer.error();
        }
    }
    Ok(())
}

#[test]
fn no_body_makes_the_service_fail() {
    let runtime = Runtime::new().unwrap();
    let service = runtime.block_on(async {
        let service = Service::start().await;
        service.worker(echo);
        service
    });
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 192,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let bodies = prop_oneof![
        almost().prop_map(|value| value.to_string().into_bytes()),
        json_value().prop_map(|value| value.to_string().into_bytes()),
        vec(any::<u8>(), 0..64),
    ];
    runner.run(&bodies, |body| check(&runtime, &service, &body)).unwrap();
    let health = runtime.block_on(service.get("/healthz"));
    assert_eq!(health.status, StatusCode::OK);
}

#[tokio::test]
async fn a_million_open_brackets_are_only_malformed() {
    let service = Service::start().await;
    let request = service.client.post(service.url("/run")).header("content-type", "application/json");
    let answer = crate::kit::Answer::read(request.body("[".repeat(1_000_000)).send().await.unwrap()).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "invalid_field"));
}
