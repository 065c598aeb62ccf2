//! Work that is turned away though nothing is wrong with it: nobody takes its language, or too much is in flight.

use gavel_api::store::Store as _;
use gavel_broker::WorkSource as _;
use gavel_model::Heartbeat;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::worker::{echo, heartbeat};
use crate::kit::{Answer, Service, until};

/// A service with a worker that takes only C++.
async fn with_one_language(if_unavailable: &str) -> Service {
    let setting = serde_json::from_value(json!(if_unavailable)).unwrap();
    let service = Service::with(|config| config.api.if_unavailable = setting).await;
    let languages = vec!["cpp".to_owned()];
    let worker = Heartbeat { languages, ..heartbeat("w1", false) };
    service.broker.send_heartbeat(&worker).await.unwrap();
    until("it is known", async || service.get("/api/v1/workers").await.text.contains("w1")).await;
    service
}

fn assert_no_worker(answer: &Answer, field: &str, hint: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "no_worker"));
    assert_eq!(answer.error()["field"], field);
    let message = answer.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("no worker takes go") && message.contains("take cpp"), "{message}");
    assert_eq!(message.contains(hint), !hint.is_empty(), "{message}");
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_language_that_no_worker_takes_is_refused_at_once_or_queued_when_the_request_says_so() {
    let service = with_one_language("refuse").await;
    let go = json!({"language": "go", "source": ""});
    assert_no_worker(
        &service.post("/api/v1/submissions", &go).await,
        "language",
        "\"if_unavailable\": \"queue\"",
    );
    let run = json!({"selectedLanguage": "golang", "userCode": ""});
    assert_no_worker(&service.post("/run", &run).await, "selectedLanguage", "\"ifUnavailable\": \"queue\"");
    let cpp = json!({"language": "cpp", "source": ""});
    assert_eq!(service.post("/api/v1/submissions", &cpp).await.status, StatusCode::ACCEPTED);
    let with = |mut body: Value, field: &str, value: &str| {
        body[field] = json!(value);
        body
    };
    let queued = service.post("/api/v1/submissions", &with(go.clone(), "if_unavailable", "queue")).await;
    assert_eq!(queued.status, StatusCode::ACCEPTED);
    let wrong = service.post("/api/v1/submissions", &with(go, "if_unavailable", "wait")).await;
    assert_eq!((wrong.status, &wrong.error()["field"]), (StatusCode::BAD_REQUEST, &json!("if_unavailable")));
    let shown = service.get("/metrics").await.text;
    assert!(shown.contains("gavel_refused_total{reason=\"no_worker\"} 2\n"), "{shown}");
    // One that takes it has come.
    service.worker(echo);
    service.broker.send_heartbeat(&heartbeat("w2", false)).await.unwrap();
    until("it is known", async || service.get("/api/v1/workers").await.text.contains("w2")).await;
    let path = queued.header("location");
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "AC");
    let run = with(run, "ifUnavailable", "queue");
    assert_eq!(service.post("/run", &run).await.json()["verdict"], "AC");
}

#[tokio::test]
async fn an_entry_of_a_batch_is_refused_in_its_place_unless_the_batch_says_queue() {
    let service = with_one_language("refuse").await;
    let entries = json!([{"source": "", "language": "go"}, {"source": "", "language": "cpp"}]);
    let receipt = service.post("/api/v1/batches", &json!({"submissions": entries})).await;
    assert_eq!(receipt.status, StatusCode::ACCEPTED);
    let receipt = receipt.json();
    assert_eq!((&receipt["accepted"], &receipt["refused"]), (&json!(1), &json!(1)), "{receipt}");
    assert_eq!(receipt["submissions"][0]["error"]["code"], "no_worker");
    let body = json!({"common": {"if_unavailable": "queue"}, "submissions": entries});
    assert_eq!(service.post("/api/v1/batches", &body).await.json()["accepted"], 2);
}

#[tokio::test]
async fn the_setting_decides_where_the_request_does_not() {
    let service = with_one_language("queue").await;
    let go = json!({"language": "go", "source": ""});
    assert_eq!(service.post("/api/v1/submissions", &go).await.status, StatusCode::ACCEPTED);
    let mut refuse = go;
    refuse["if_unavailable"] = json!("refuse");
    assert_eq!(service.post("/api/v1/submissions", &refuse).await.code(), "no_worker");
}

/// Nobody may be there yet, or a fleet may start from nothing once something waits.
#[tokio::test]
async fn while_no_worker_takes_anything_everything_is_queued() {
    let service = Service::start().await;
    service.broker.send_heartbeat(&heartbeat("w1", true)).await.unwrap();
    until("it is known", async || service.get("/api/v1/workers").await.text.contains("w1")).await;
    let go = json!({"language": "go", "source": ""});
    assert_eq!(service.post("/api/v1/submissions", &go).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn what_is_too_much_in_flight_is_told_to_come_later_also_to_administrators_and_not_kept() {
    let service = Service::with(|config| config.api.max_pending = 3).await;
    let go = json!({"language": "go", "source": ""});
    let batch = |count: usize| json!({"submissions": vec![&go; count]});
    assert_eq!(service.post("/api/v1/submissions", &go).await.status, StatusCode::ACCEPTED);
    let full = service.post("/api/v1/batches", &batch(3)).await;
    assert_eq!((full.status, full.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert!(full.text.contains("api.max_pending"), "{}", full.text);
    assert_eq!(full.header("retry-after"), "10");
    until("nothing of it is kept", async || service.store.count_unfinished().await.unwrap() == 1).await;
    assert_eq!(service.post("/api/v1/batches", &batch(2)).await.status, StatusCode::ACCEPTED);
    for (path, body) in [
        ("/api/v1/submissions", go.clone()),
        ("/api/v1/batches", batch(1)),
        ("/run", json!({"selectedLanguage": "go", "userCode": ""})),
    ] {
        let refused = service.post(path, &body).await;
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    }
    let shown = service.get("/metrics").await.text;
    assert!(shown.contains("gavel_refused_total{reason=\"pending\"} 4\n"), "{shown}");
    let judge0 = service.post("/judge0/submissions", &json!({"language_id": 60, "source_code": "x"})).await;
    assert_eq!(
        (judge0.status, judge0.json()),
        (StatusCode::SERVICE_UNAVAILABLE, json!({"error": "queue is full"}))
    );
    service.worker(echo);
    until("there is room again", async || {
        service.post("/api/v1/submissions", &go).await.status == StatusCode::ACCEPTED
    })
    .await;
}
