//! Several API processes over one Postgres. Each has a broker of its own here, so that a test says which of them a result
//! comes to.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use gavel_api::StoreConfig;
use gavel_api::store::{NewSubmission, SqlStore, Store as _, greet};
use gavel_broker::WorkSource as _;
use gavel_model::{Lane, Verdict};
use gavel_testkit::{Does, Papers, PostgresDatabase, PostgresServer, Receiver};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::postgres::PgListener;
use url::Url;

use crate::kit::sse::Events;
use crate::kit::worker::{echo, verdict};
use crate::kit::{Service, until, within};
use crate::store::{postgres_settings, submission};

/// Two processes over a database.
async fn two(store: &StoreConfig) -> (Service, Service) {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let start = || {
        Service::sharing(Arc::clone(&folder), store, |config| {
            config.webhooks.allow_private = true;
            config.api.republish_after = Duration::from_secs(1);
        })
    };
    tokio::join!(start(), start())
}

async fn two_over(database: &PostgresDatabase) -> (Service, Service) {
    two(&postgres_settings(database)).await
}

fn hello() -> Value {
    json!({"language": "python", "source": "print('Hello')"})
}

fn batch(count: usize) -> Value {
    let entries: Vec<_> = (0..count).map(|k| json!({"source": k.to_string()})).collect();
    json!({"common": {"language": "go"}, "submissions": entries})
}

/// Longer than a test waits for anything: who is answered in time was told, and did not wait it out.
const WAITING: &str = "/api/v1/submissions?wait=60";

#[tokio::test]
async fn whoever_waits_at_one_process_is_told_what_another_has_stored() {
    let database = PostgresDatabase::new().await;
    let (a, b) = two_over(&database).await;
    let judged_by_b = async {
        let taken = a.take(Lane::Practice).await;
        b.broker.publish_result(&echo(&taken)).await.unwrap();
    };
    let body = hello();
    let (answer, ()) =
        within("the result", async { tokio::join!(a.post(WAITING, &body), judged_by_b) }).await;
    assert_eq!(
        (answer.status, answer.json()["verdict"].as_str()),
        (StatusCode::OK, Some("AC")),
        "{}",
        answer.text
    );

    // A stream of one, and of a batch.
    let path = a.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let mut events = Events::of(&a, &path, None).await;
    events.expect("state").await;
    let taken = a.take(Lane::Practice).await;
    b.broker.publish_result(&echo(&taken)).await.unwrap();
    assert_eq!(events.expect("result").await.1["verdict"], "AC");
    let path = a.post("/api/v1/batches", &batch(2)).await.header("location").to_owned();
    let mut events = Events::of(&a, &path, None).await;
    events.expect("batch").await;
    let published = async || (a.published() > 2) || (b.published() > 0);
    until("it is handed over", published).await;
    let from = if b.published() > 0 { &b } else { &a };
    let taken = from.take(Lane::Practice).await;
    b.broker.publish_result(&echo(&taken)).await.unwrap();
    assert_eq!(events.expect("result").await.1["id"], json!(taken.id));

    // What another process cancels.
    let path = b.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let waits = format!("{path}?wait=60");
    let canceled = async {
        until("it waits", async || a.metrics.waiters().get() > 0.5).await;
        b.delete(&path).await
    };
    let (answer, _) = within("the answer", async { tokio::join!(a.get(&waits), canceled) }).await;
    assert_eq!(answer.json()["verdict"], "CANCELED");
}

/// From the moment at which anybody may hear that a result is stored to the answer of a client that waits for it.
#[tokio::test]
#[ignore = "prints how long: cargo nextest run --workspace --run-ignored only --no-capture -E 'test(a_wait_ends_soon)'"]
async fn a_wait_ends_soon_at_either_process() {
    const ROUNDS: usize = 200;
    let database = PostgresDatabase::new().await;
    let (a, b) = two_over(&database).await;
    let mut stored = PgListener::connect(database.url().as_str()).await.unwrap();
    stored.listen("gavel_final").await.unwrap();
    for (asked, name) in [(&a, "the process that took the result"), (&b, "another one")] {
        let mut delays = Vec::new();
        for _ in 0..ROUNDS {
            let path = a.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
            let published = async || (a.published() > 0) || (b.published() > 0);
            until("it is handed over", published).await;
            let taken = tokio::select! {
                taken = a.take(Lane::Practice) => taken,
                taken = b.take(Lane::Practice) => taken,
            };
            let waits = format!("{path}?wait=30");
            let heard = async {
                until("it waits", async || asked.metrics.waiters().get() > 0.5).await;
                a.broker.publish_result(&echo(&taken)).await.unwrap();
                stored.recv().await.unwrap();
                Instant::now()
            };
            let answered = async {
                let answer = asked.get(&waits).await;
                assert_eq!(answer.json()["verdict"], "AC");
                Instant::now()
            };
            let (heard, answered) = tokio::join!(heard, answered);
            delays.push(answered.saturating_duration_since(heard));
        }
        delays.sort_unstable();
        let (median, p99) = (delays[ROUNDS / 2], delays[ROUNDS * 99 / 100]);
        println!("asked at {name}: median {median:.1?}, p99 {p99:.1?}");
        assert!(median < Duration::from_millis(20), "{median:?}");
    }
}

#[tokio::test]
async fn what_was_stored_while_nobody_heard_is_looked_up() {
    let database = PostgresDatabase::new().await;
    let (a, b) = two_over(&database).await;
    let missed = a.metrics.store_news_missed().get();
    let judged_by_b = async {
        let taken = a.take(Lane::Practice).await;
        until("it waits", async || a.metrics.waiters().get() > 0.5).await;
        database.cut().await;
        b.broker.publish_result(&echo(&taken)).await.unwrap();
    };
    let body = hello();
    let (answer, ()) =
        within("the result", async { tokio::join!(a.post(WAITING, &body), judged_by_b) }).await;
    assert_eq!(
        (answer.status, answer.json()["verdict"].as_str()),
        (StatusCode::OK, Some("AC")),
        "{}",
        answer.text
    );
    assert!(a.metrics.store_news_missed().get() > missed, "it listens anew");
}

#[tokio::test]
async fn each_submission_is_handed_over_by_one_process_and_each_call_made_by_one() {
    let database = PostgresDatabase::new().await;
    let (a, b) = two_over(&database).await;
    for service in [&a, &b] {
        service.worker(|submission| verdict(submission, Verdict::Ac));
    }
    let mut receiver = Receiver::that(&[Does::Answer(200)]).await;
    let mut bodies = batch(150);
    for entry in bodies["submissions"].as_array_mut().unwrap().iter_mut().take(20) {
        entry["callback_url"] = json!(receiver.url);
    }
    let path = a.post("/api/v1/batches", &bodies).await.header("location").to_owned();
    assert_eq!(b.post("/api/v1/batches", &batch(150)).await.status, StatusCode::ACCEPTED);
    until("all are judged", async || {
        a.get(&path).await.json()["state"] == "done" && a.store.count_unfinished().await.unwrap() == 0
    })
    .await;
    assert_eq!(a.published() + b.published(), 300, "each once");
    let duplicates = |service: &Service| service.metrics.results_duplicate().get();
    assert_eq!((duplicates(&a), duplicates(&b)), (0, 0));
    let mut called = HashSet::new();
    for _ in 0..20 {
        assert!(called.insert(receiver.call().await.header("gavel-delivery").to_owned()), "called twice");
    }
    until("all are noted", async || {
        let waiting = b.get("/api/v1/webhooks?state=waiting").await.json();
        waiting["webhooks"].as_array().unwrap().is_empty()
    })
    .await;
    assert!(receiver.calls.try_recv().is_err(), "no other call was made");
}

/// A process that died between its store and its broker: what it had taken is published by another one, once its time is
/// over.
#[tokio::test]
async fn what_a_dead_process_had_taken_another_one_hands_over() {
    let database = PostgresDatabase::new().await;
    let dead = SqlStore::open(&postgres_settings(&database)).await.unwrap();
    let (accepted, claimed) =
        (submission(Lane::Practice, Duration::ZERO), submission(Lane::Practice, Duration::ZERO));
    let soon = Duration::from_secs(1);
    dead.insert_new(NewSubmission { ready_after: soon, ..NewSubmission::new(&accepted) }).await.unwrap();
    dead.insert(&claimed).await.unwrap();
    assert_eq!(dead.claim(Lane::Practice, "", 9, soon).await.unwrap(), std::slice::from_ref(&claimed));
    dead.close().await;
    let (a, b) = two_over(&database).await;
    until("they are handed over", async || a.published() + b.published() == 2).await;
    for service in [&a, &b] {
        service.worker(|submission| verdict(submission, Verdict::Ac));
    }
    until("they are judged", async || a.store.count_unfinished().await.unwrap() == 0).await;
    assert_eq!(a.published() + b.published(), 2);
}

/// The ways to a server by TLS: the right one, and those that must be refused.
async fn by_tls(server: &PostgresServer, papers: &Papers) -> Url {
    server.offer_tls(papers);
    let way = |host: &str, options: &str| {
        let mut url = server.url();
        url.set_host(Some(host)).unwrap();
        url.set_query(Some(&format!("sslmode=verify-full{options}")));
        url
    };
    let trusting = |file: &str| format!("&sslrootcert={}", papers.path(file));
    let right = way("localhost", &trusting("ca.pem"));
    let ask =
        async |url: &Url| greet(&StoreConfig { url: url.to_string().into(), ..StoreConfig::default() }).await;
    until("it speaks TLS", async || ask(&right).await.is_ok()).await;
    for (wrong, why) in [
        (way("localhost", &trusting("other.pem")), "another authority"),
        (way("localhost", ""), "the public authorities"),
        (way("127.0.0.1", &trusting("ca.pem")), "another name"),
    ] {
        let answer = ask(&wrong).await.map_err(|error| format!("{error:?}"));
        assert!(answer.as_ref().is_err_and(|chain| chain.contains("Certificate")), "{why}: {answer:?}");
    }
    right
}

/// A real server, by TLS, that really stops: what is asked meanwhile is refused for now, what was accepted is judged, and what was
/// judged meanwhile is stored.
#[tokio::test]
async fn a_postgres_that_restarts_loses_nothing() {
    let (server, papers) = (PostgresServer::start().await, Papers::issue());
    let url = by_tls(&server, &papers).await;
    let patience = Duration::from_secs(3);
    let (a, b) = two(&StoreConfig { url: url.to_string().into(), patience, ..StoreConfig::default() }).await;
    let path = a.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let taken = a.take(Lane::Practice).await;
    let waits = format!("{path}?wait=60");
    let over_the_outage = async {
        until("it waits", async || a.metrics.waiters().get() > 0.5).await;
        server.server.kill();
        b.broker.publish_result(&echo(&taken)).await.unwrap();
        let body = hello();
        let (refused, ready) = tokio::join!(a.post("/api/v1/submissions", &body), b.get("/readyz"));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        );
        assert!(!refused.header("retry-after").is_empty());
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        server.server.resume();
    };
    let waiting = async {
        // Whose first look at the store meets the outage is told so, and asks again.
        loop {
            let answer = a.get(&waits).await;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                return answer;
            }
        }
    };
    let (answer, ()) = within("the result", async { tokio::join!(waiting, over_the_outage) }).await;
    assert_eq!(
        (answer.status, answer.json()["verdict"].as_str()),
        (StatusCode::OK, Some("AC")),
        "{}",
        answer.text
    );
    until("it takes submissions again", async || {
        b.post("/api/v1/submissions", &hello()).await.status == StatusCode::ACCEPTED
    })
    .await;
    until("they are handed over", async || b.published() > 0).await;
    assert_eq!(b.get("/readyz").await.status, StatusCode::OK);
}

impl Service {
    fn published(&self) -> usize {
        self.dispatcher.published.load(Ordering::SeqCst)
    }
}
