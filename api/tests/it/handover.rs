//! How submissions get from the store to the queues: few at a time, in turns among their owners.

use std::sync::atomic::Ordering;

use gavel_api::auth::{Owner, Scopes, issue};
use gavel_api::store::Store as _;
use gavel_broker::{Settlement, WorkSource as _};
use gavel_model::{Lane, Verdict};
use jiff::Timestamp;
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::kit::worker::{heartbeat, verdict};
use crate::kit::{Answer, Service, until, within};

/// What a lane's queue holds at most while no worker is known.
const LEAST: usize = 64;

async fn key(service: &Service, owner: &str) -> String {
    let (owner, scopes): (Owner, Scopes) = (owner.parse().unwrap(), "read,submit".parse().unwrap());
    let issued = issue(owner, scopes, Timestamp::now());
    service.store.insert_key(&issued.stored).await.unwrap();
    issued.secret.expose_secret().to_owned()
}

async fn post(service: &Service, key: &str, path: &str, body: &Value) -> Answer {
    let request = service.client.post(service.url(path)).bearer_auth(key).json(body);
    Answer::read(request.send().await.unwrap()).await
}

fn batch(count: usize) -> Value {
    let entries: Vec<_> = (0..count).map(|k| json!({"source": k.to_string()})).collect();
    json!({"common": {"language": "go"}, "submissions": entries})
}

/// One at a time, as a worker with one slot: what each was, by its lane's queue.
#[tokio::test]
async fn a_flood_of_one_owner_is_not_in_front_of_anothers_submission() {
    let service = Service::start().await;
    let (flood, other) = (key(&service, "flood").await, key(&service, "other").await);
    let flooded = post(&service, &flood, "/api/v1/batches", &batch(1_000)).await;
    assert_eq!(flooded.status, StatusCode::ACCEPTED);
    let published = || service.dispatcher.published.load(Ordering::SeqCst);
    until("the queue has its fill", async || published() == LEAST).await;
    let single =
        post(&service, &other, "/api/v1/submissions", &json!({"language": "go", "source": ""})).await;
    assert_eq!(single.status, StatusCode::ACCEPTED);
    let id = single.json()["id"].clone();
    let mut work = service.broker.submissions(Lane::Practice, 1);
    let mut before = 0;
    loop {
        let delivery = within("a submission", work.recv()).await.unwrap();
        service.broker.publish_result(&verdict(&delivery.body, Verdict::Ac)).await.unwrap();
        let found = json!(delivery.body.id) == id;
        delivery.settle(Settlement::Done).await;
        if found {
            break;
        }
        before += 1;
    }
    // Behind what was with the broker, and what took its place before the pump looked.
    assert!((LEAST..3 * LEAST).contains(&before), "{before} of a thousand came first");
}

#[tokio::test]
async fn a_batch_is_handed_over_as_far_as_the_fleet_can_take_it() {
    let service = Service::start().await;
    service.broker.send_heartbeat(&heartbeat("w", false)).await.unwrap();
    let mut large = heartbeat("large", false);
    large.slots = 20;
    service.broker.send_heartbeat(&large).await.unwrap();
    until("they are known", async || service.get("/api/v1/workers").await.text.contains("large")).await;
    let path = service.post("/api/v1/batches", &batch(500)).await.header("location").to_owned();
    let slots: u64 = service.get("/api/v1/workers").await.json()["workers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|worker| worker["slots"].as_u64().unwrap())
        .sum();
    let published = || service.dispatcher.published.load(Ordering::SeqCst) as u64;
    until("the queue has its fill", async || published() == 8 * slots).await;
    let gauge = service.metrics.handed_over_unfinished(Lane::Practice);
    until("it is measured", async || gauge.get() as u64 == 8 * slots).await;
    service.worker(|submission| verdict(submission, Verdict::Ac));
    until("all are judged", async || service.get(&path).await.json()["state"] == "done").await;
    assert_eq!(published(), 500, "each was published once");
    assert_eq!(service.metrics.results_duplicate().get(), 0);
}

#[tokio::test]
async fn an_owner_with_too_much_in_batches_is_told_to_wait() {
    let service = Service::with(|config| {
        config.api.max_batched = 5;
        config.api.max_unfinished = 1;
    })
    .await;
    let key = key(&service, "a").await;
    let refused = post(&service, &key, "/api/v1/batches", &batch(6)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
    );
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(post(&service, &key, "/api/v1/batches", &batch(5)).await.status, StatusCode::ACCEPTED);
    assert_eq!(
        post(&service, &key, "/api/v1/batches", &batch(1)).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let single = json!({"language": "go", "source": ""});
    assert_eq!(post(&service, &key, "/api/v1/submissions", &single).await.status, StatusCode::ACCEPTED);
    assert_eq!(
        post(&service, &key, "/api/v1/submissions", &single).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}
