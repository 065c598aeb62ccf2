//! Keys, probes and what is open to everybody.

use std::sync::atomic::Ordering;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::kit::{Answer, Service};

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
