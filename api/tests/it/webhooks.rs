//! Calls to clients when something of theirs is final, with a real receiver.

use std::time::Duration;

use gavel_api::WebhookOutcome;
use gavel_model::Verdict;
use gavel_testkit::{Does, Receiver};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::worker::verdict;
use crate::kit::{Service, until};

async fn service() -> Service {
    let service = Service::with(|config| {
        config.webhooks.allow_private = true;
        config.webhooks.retry_after = Duration::from_millis(10);
        config.webhooks.timeout = Duration::from_millis(400);
    })
    .await;
    service.worker(|submission| verdict(submission, Verdict::Ac));
    service
}

fn body(url: &str) -> Value {
    json!({"language": "go", "source": "", "callback_url": url})
}

/// The only call there is; null before it is owed.
async fn listed(service: &Service) -> Value {
    let mut list = service.get("/api/v1/webhooks").await.json();
    let webhooks = list["webhooks"].as_array_mut().unwrap();
    assert!(webhooks.len() <= 1, "{webhooks:?}");
    webhooks.pop().unwrap_or_default()
}

async fn settled(service: &Service, state: &str) -> Value {
    until("it is settled", async || listed(service).await["state"] == state).await;
    listed(service).await
}

#[tokio::test]
async fn a_call_is_made_until_it_is_taken_and_each_try_is_told() {
    let service = service().await;
    let mut receiver =
        Receiver::that(&[Does::Answer(500), Does::Answer(500), Does::Hang, Does::HangUp, Does::Answer(200)])
            .await;
    let path = service.post("/api/v1/submissions", &body(&receiver.url)).await.header("location").to_owned();
    let secret = service.get("/api/v1/webhooks/secret").await.json()["secret"].as_str().unwrap().to_owned();
    let mut deliveries = Vec::new();
    for _ in 0..5 {
        let call = receiver.call().await;
        assert_eq!(call.head[0], "POST /done?x=1 HTTP/1.1");
        assert_eq!(format!("http://{}/done?x=1", call.header("host")), receiver.url);
        // As a client checks it: over what was sent, not over what that means.
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let signed = format!("{}.{}", call.header("gavel-timestamp"), call.body);
        let signature = hex::encode(ring::hmac::sign(&key, signed.as_bytes()));
        assert_eq!(call.header("gavel-signature"), format!("v1={signature}"));
        let told = call.json();
        assert_eq!(told, json!({"event": "submission", "submission": service.get(&path).await.json()}));
        deliveries.push(call.header("gavel-delivery").to_owned());
    }
    deliveries.dedup();
    assert_eq!(deliveries.len(), 1, "by this a receiver knows a call that it has had");
    let told = settled(&service, "delivered").await;
    assert_eq!(
        (&told["id"], &told["url"], &told["next_at"]),
        (&json!(deliveries[0]), &json!(receiver.url), &json!(null))
    );
    let tries: Vec<_> = told["tries"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(json!(tries), json!([500, 500, null, null, 200]));
    assert_eq!(told["tries"][2]["error"], "no answer in time");
    assert!(told["tries"][3]["error"].as_str().unwrap().starts_with("no answer: "), "{told}");
    assert_eq!(service.metrics.webhooks(WebhookOutcome::Delivered).get(), 1);
    assert_eq!(service.metrics.webhooks(WebhookOutcome::Retried).get(), 4);
}

#[tokio::test]
async fn a_client_of_judge0_is_called_as_judge0_calls() {
    let service = service().await;
    let mut receiver = Receiver::that(&[Does::HangUp, Does::Answer(200)]).await;
    // Go, by the number that Judge0 has for it.
    let body = json!({"source_code": "x", "language_id": 60, "callback_url": receiver.url});
    let created = service.post("/judge0/submissions", &body).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let token = created.json()["token"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        let call = receiver.call().await;
        assert_eq!(call.head[0], "PUT /done?x=1 HTTP/1.1");
        assert_eq!(call.header("content-type"), "application/json");
        let usual = service.get(&format!("/judge0/submissions/{token}?base64_encoded=true")).await.json();
        assert_eq!(call.json(), usual, "the usual attributes, in base64");
        assert_eq!((&usual["status"]["id"], usual.as_object().unwrap().len()), (&json!(3), 8));
    }
    assert_eq!(settled(&service, "delivered").await["submission"], token.as_str());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_what_is_never_taken_is_given_up() {
    let service = Service::with(|config| {
        config.webhooks.allow_private = true;
        config.webhooks.retry_after = Duration::from_millis(10);
        config.webhooks.give_up_after = Duration::from_millis(200);
    })
    .await;
    service.worker(|submission| verdict(submission, Verdict::Ac));
    let mut receiver = Receiver::that(&[Does::Redirect]).await;
    service.post("/api/v1/submissions", &body(&receiver.url)).await;
    let told = settled(&service, "failed").await;
    let tries = told["tries"].as_array().unwrap();
    assert!(tries.iter().all(|one| one["status"] == 302), "{told}");
    for _ in tries {
        assert_eq!(receiver.call().await.head[0], "POST /done?x=1 HTTP/1.1");
    }
    assert!(receiver.calls.try_recv().is_err());
    assert_eq!(service.metrics.webhooks(WebhookOutcome::Failed).get(), 1);
}

#[tokio::test]
async fn private_places_are_not_called() {
    let service = Service::start().await;
    let mut receiver = Receiver::that(&[Does::Answer(200)]).await;
    for url in
        [receiver.url.as_str(), "http://localhost/", "ftp://judge.example/", "x", "http://a:b@judge.example"]
    {
        let answer = service.post("/api/v1/submissions", &body(url)).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "invalid_field"),
            "{url}"
        );
        assert_eq!(answer.error()["field"], "callback_url");
        let batch = json!({"callback_url": url, "submissions": [{"language": "go", "source": ""}]});
        assert_eq!(service.post("/api/v1/batches", &batch).await.error()["field"], "callback_url");
        let entry = service.post("/api/v1/batches", &json!([body(url)])).await.json();
        assert_eq!(entry["submissions"][0]["error"]["field"], "callback_url");
    }
    assert!(receiver.calls.try_recv().is_err());
}

#[tokio::test]
async fn a_batch_calls_once_when_all_of_it_is_final() {
    let service = service().await;
    let mut receiver = Receiver::that(&[Does::Answer(204)]).await;
    let entries = json!([{"source": "1"}, {"source": "2"}, {"source": "3", "language": "none"}]);
    let batch = json!({"common": {"language": "go"}, "callback_url": receiver.url, "submissions": entries});
    let path = service.post("/api/v1/batches", &batch).await.header("location").to_owned();
    let told = receiver.call().await.json();
    assert_eq!(told, json!({"event": "batch", "batch": service.get(&path).await.json()}));
    assert_eq!(told["batch"]["verdicts"], json!({"AC": 2}));
    settled(&service, "delivered").await;
    let id = told["batch"]["id"].as_str().unwrap();
    let found = service.get(&format!("/api/v1/webhooks?batch={id}&state=delivered")).await.json();
    assert_eq!(found["webhooks"][0]["batch"], id);
    let none = service.get(&format!("/api/v1/webhooks?submission={id}")).await.json();
    assert_eq!((&none["webhooks"], &none["next"]), (&json!([]), &json!(null)));

    // Nothing of it can be judged, and it is final all the same; so is one that is canceled.
    let refused = json!({"callback_url": receiver.url, "submissions": [{"language": "none", "source": ""}]});
    service.post("/api/v1/batches", &refused).await;
    assert_eq!(receiver.call().await.json()["batch"]["accepted"], 0);
    for wrong in ["state=x", "submission=1", "limit=0", "after=1"] {
        let answer = service.get(&format!("/api/v1/webhooks?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_canceled_calls_too() {
    let service = Service::with(|config| config.webhooks.allow_private = true).await;
    let mut receiver = Receiver::that(&[Does::Answer(200)]).await;
    let path = service.post("/api/v1/submissions", &body(&receiver.url)).await.header("location").to_owned();
    service.delete(&path).await;
    assert_eq!(receiver.call().await.json()["submission"]["verdict"], "CANCELED");
}
