//! Calls that are sent twice and count once.

use gavel_model::{Lane, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::worker::verdict;
use crate::kit::{Answer, Service};
use gavel_broker::WorkSource as _;

async fn send(service: &Service, path: &str, key: &str, body: String, announced: &str) -> Answer {
    let request = service.client.post(service.url(path)).header("idempotency-key", key);
    Answer::read(request.header("content-type", announced).body(body).send().await.unwrap()).await
}

async fn submit(service: &Service, key: &str, source: &str) -> Answer {
    let body = json!({"language": "go", "source": source}).to_string();
    send(service, "/api/v1/submissions", key, body, "application/json").await
}

#[tokio::test]
async fn the_same_call_with_the_same_key_counts_once() {
    let service = Service::start().await;
    let first = submit(&service, "k", "1").await;
    let again = submit(&service, "k", "1").await;
    assert_eq!((again.status, again.header("location")), (StatusCode::ACCEPTED, first.header("location")));
    assert_eq!(again.json(), first.json());
    let other = submit(&service, "l", "1").await;
    assert_ne!(other.header("location"), first.header("location"));
    let submission = service.take(Lane::Practice).await;
    service.broker.publish_result(&verdict(&submission, Verdict::Wa)).await.unwrap();
    service.get(&format!("{}?wait=20", first.header("location"))).await;
    let done = submit(&service, "k", "1").await;
    assert_eq!((done.status, &done.json()["verdict"]), (StatusCode::OK, &json!("WA")));
    let listed = service.get("/api/v1/submissions").await.json();
    assert_eq!(listed["submissions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_of_another_body_or_call_is_refused() {
    let service = Service::start().await;
    submit(&service, "k", "1").await;
    let entry = json!([{"language": "go", "source": "1"}]).to_string();
    for answer in [
        submit(&service, "k", "2").await,
        send(&service, "/api/v1/batches", "k", entry, "application/json").await,
        send(&service, "/api/v1/batches", "k", "{}\n".to_owned(), "application/x-ndjson").await,
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "key_reused"));
        assert_eq!(answer.error()["field"], "Idempotency-Key");
    }
    for key in ["", "a b", "ä", &"x".repeat(256)] {
        let request = service.client.post(service.url("/api/v1/submissions"));
        let request = request.header("idempotency-key", key).json(&json!({"language": "go", "source": ""}));
        assert_eq!(Answer::read(request.send().await.unwrap()).await.code(), "invalid_field", "{key:?}");
    }
}

#[tokio::test]
async fn a_batch_that_is_sent_again_is_the_same_batch() {
    let service = Service::start().await;
    let entry = json!({"language": "go", "source": "1"});
    for (announced, body) in [
        ("application/json", json!([entry, {"language": "none"}]).to_string()),
        ("application/x-ndjson", format!("{entry}\n{entry}")),
    ] {
        let first = send(&service, "/api/v1/batches", announced, body.clone(), announced).await;
        assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text);
        let again = send(&service, "/api/v1/batches", announced, body.clone(), announced).await;
        assert_eq!((again.status, again.json()), (first.status, first.json()));
        let other = send(&service, "/api/v1/batches", announced, format!("{body}\n"), announced).await;
        assert_eq!(other.code(), "key_reused", "another body");
    }
    let listed: Value = service.get("/api/v1/submissions").await.json();
    assert_eq!(listed["submissions"].as_array().unwrap().len(), 3);
}
