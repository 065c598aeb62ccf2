//! Keys, probes and what is open to everybody.

use std::sync::atomic::Ordering;

use gavel_broker::WorkSource as _;
use gavel_model::Lane;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::kit::worker::{echo, heartbeat};
use crate::kit::{Answer, Service, until};

const FIRST: &str = "the-first-key-of-two";
const SECOND: &str = "the-second-key-of-two";

const OPEN: [&str; 5] = ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs/"];

async fn with_keys() -> Service {
    Service::with(|config| config.api.keys = vec![FIRST.into(), SECOND.into()]).await
}

async fn languages(service: &Service, authorization: &str) -> Answer {
    let request = service.client.get(service.url("/api/v1/languages")).header("authorization", authorization);
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn without_a_key_only_probes_and_documentation_answer() {
    let service = with_keys().await;
    for path in OPEN {
        assert_eq!(service.get(path).await.status, StatusCode::OK, "{path}");
    }
    for (method, path) in [
        (Method::GET, "/api/v1/languages"),
        (Method::POST, "/api/v1/submissions"),
        (Method::GET, "/api/v1/submissions/x"),
        (Method::POST, "/run"),
        (Method::GET, "/nowhere"),
        (Method::PATCH, "/run"),
    ] {
        let request = service.client.request(method, service.url(path));
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "unauthorized"),
            "{path}"
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"gavel\"");
    }
}

/// A route that is added answers nobody without a key unless it is among those that are declared open, and the
/// description says which those are.
#[tokio::test]
async fn every_call_is_described_as_open_or_wants_a_key() {
    let service = with_keys().await;
    let described = serde_json::to_value(gavel_api::openapi()).unwrap();
    let mut open = Vec::new();
    for (path, calls) in described["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            let url = service.url(&path.replace("{id}", "x"));
            let request = service.client.request(method.to_uppercase().parse().unwrap(), url);
            let answer = Answer::read(request.send().await.unwrap()).await;
            if call["security"] == json!([{}]) {
                assert_eq!(answer.status, StatusCode::OK, "{method} {path} is described as open");
                open.push(path.as_str());
            } else {
                assert_eq!(
                    answer.status,
                    StatusCode::UNAUTHORIZED,
                    "{method} {path} is not described as open"
                );
                assert!(call["responses"]["401"].is_object(), "{method} {path} does not describe it");
            }
        }
    }
    assert_eq!(open, ["/healthz", "/metrics", "/readyz"]);
}

#[tokio::test]
async fn each_key_opens_and_nothing_else_does() {
    let service = with_keys().await;
    for right in [format!("Bearer {FIRST}"), format!("Bearer {SECOND}"), format!("bearer {FIRST}")] {
        assert_eq!(languages(&service, &right).await.status, StatusCode::OK, "{right}");
    }
    for wrong in [
        "Bearer the-third-key-of-two",
        "Bearer",
        "Bearer ",
        &format!("Basic {FIRST}"),
        FIRST,
        &format!("Bearer {FIRST} {SECOND}"),
    ] {
        let answer = languages(&service, wrong).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "unauthorized"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn readiness_follows_broker_and_store() {
    let service = Service::start().await;
    assert_eq!(service.get("/readyz").await.status, StatusCode::OK);
    service.dispatcher.away.store(true, Ordering::SeqCst);
    let answer = service.get("/readyz").await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
    service.dispatcher.away.store(false, Ordering::SeqCst);
    service.store.down.store(true, Ordering::SeqCst);
    assert_eq!(service.get("/readyz").await.code(), "unavailable");
    assert_eq!(service.get("/healthz").await.status, StatusCode::OK);
    service.store.down.store(false, Ordering::SeqCst);
    assert_eq!(service.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_are_counted_by_pattern_and_status() {
    let service = Service::start().await;
    service.worker(echo);
    service.post("/run", &json!({"selectedLanguage": "go", "userCode": ""})).await;
    service.get("/api/v1/submissions/not-an-id").await;
    service.get("/secret-looking-path").await;
    let text = service.get("/metrics").await.text;
    for line in [
        r#"gavel_http_requests_total{route="/run",status="200"} 1"#,
        r#"gavel_http_requests_total{route="/api/v1/submissions/{id}",status="400"} 1"#,
        r#"gavel_http_requests_total{route="none",status="404"} 1"#,
        r#"gavel_publish_seconds_count{language="go"} 1"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("secret-looking-path"));
}

#[tokio::test]
async fn the_age_of_the_oldest_is_measured_by_lane() {
    let service = Service::start().await;
    let body = json!({"language": "go", "source": "", "lane": "contest"});
    service.post("/api/v1/submissions", &body).await;
    until("the gauge moves", async || service.metrics.oldest_queued_seconds(Lane::Contest).get() > 0.0).await;
    let practice = service.metrics.oldest_queued_seconds(Lane::Practice).get();
    assert!(practice.abs() < f64::EPSILON);
}

#[tokio::test]
async fn workers_that_speak_are_listed() {
    let service = Service::start().await;
    assert_eq!(service.get("/api/v1/workers").await.json(), json!({"workers": []}));
    for (id, draining) in [("w2", false), ("w1", false), ("w2", true)] {
        service.broker.send_heartbeat(&heartbeat(id, draining)).await.unwrap();
    }
    let listed = async || service.get("/api/v1/workers").await.json()["workers"].clone();
    until("both are heard", async || listed().await[1]["draining"] == json!(true)).await;
    let told = listed().await;
    let expected = json!({
        "id": "w1", "version": "1.2.3", "languages": ["cpp", "go"], "slots": 4, "busy": 1, "draining": false,
        "started_at": "1970-01-01T00:00:00Z", "seen_at": told[0]["seen_at"],
    });
    assert_eq!((told.as_array().unwrap().len(), &told[0], &told[1]["id"]), (2, &expected, &json!("w2")));
}
