//! What a client does: one thing after the other, of all kinds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gavel_testkit::sse;
use rand::RngExt as _;
use rand::rngs::StdRng;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::books::{Books, Entry};
use super::client::{Call, Client};
use crate::fleet::mixed;

/// How long what was accepted may take. All wait for few slots, and an outage lasts seconds.
const FINAL_WITHIN: Duration = Duration::from_secs(240);

pub struct Load {
    pub number: u64,
    pub random: StdRng,
    pub client: Arc<Client>,
    pub books: Arc<Books>,
    /// Where webhooks are taken.
    pub receiver: String,
}

impl Load {
    /// Goes on until it is stopped, and finishes what it has begun.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut round = 0;
        while !stop.is_cancelled() {
            let key = format!("client-{}-{round}", self.number);
            match self.random.random_range(0..100) {
                0..35 => self.waits(key).await,
                35..60 => self.follows(key).await,
                60..75 => self.cancels(key).await,
                75..85 => drop(self.batch(key).await),
                85..92 => self.rejudged_batch(key).await,
                _ => self.canceled_batch(key).await,
            }
            round += 1;
        }
    }

    /// A submission, accepted: its id and the verdict it must get.
    async fn submit(&mut self, key: String) -> (String, &'static str) {
        let (body, verdict) = mixed(self.random.random_range(0..1_000_000));
        let id = self.create("/api/v1/submissions", &body, key).await;
        (id["id"].as_str().unwrap().to_owned(), verdict)
    }

    async fn create(&self, path: &str, body: &Value, key: String) -> Value {
        let call = Call {
            method: Method::POST,
            path: path.to_owned(),
            body: Some(body),
            key: Some(key),
            after: None,
        };
        let (status, view) = self.client.ask(&call).await;
        assert!(status.is_success(), "{status}: {view:#}");
        view
    }

    /// Asks with `?wait=` until there is a result.
    async fn waits(&mut self, key: String) {
        let (id, verdict) = self.submit(key).await;
        self.until_final(&format!("/api/v1/submissions/{id}?wait=10")).await;
        self.books.add(Entry { id, verdict, cancel: false });
    }

    /// Until a submission or a batch says that it is done or canceled.
    async fn until_final(&self, path: &str) -> Value {
        self.until(path, &["done", "canceled"]).await
    }

    /// Until it is in one of these states.
    async fn until(&self, path: &str, states: &[&str]) -> Value {
        let begin = Instant::now();
        loop {
            let (status, view) = self.client.ask(&Call::get(path.to_owned())).await;
            assert_eq!(status, StatusCode::OK, "{view:#}");
            if states.contains(&view["state"].as_str().unwrap()) {
                return view;
            }
            assert!(begin.elapsed() < FINAL_WITHIN, "not within {FINAL_WITHIN:?}: {path}: {view:#}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Follows its events to the last one, over lost connections.
    async fn follows(&mut self, key: String) {
        let (id, verdict) = self.submit(key).await;
        let mut after = None;
        let begin = Instant::now();
        while !self.events(&id, &mut after).await {
            assert!(begin.elapsed() < FINAL_WITHIN, "not within {FINAL_WITHIN:?}: the events of {id}");
        }
        self.books.add(Entry { id, verdict, cancel: false });
    }

    /// One connection's events; whether the last one has come.
    async fn events(&self, id: &str, after: &mut Option<String>) -> bool {
        let path = format!("/api/v1/submissions/{id}/events");
        let mut answer = self.client.answer(&Call { after: after.clone(), ..Call::get(path) }).await;
        if answer.status() == StatusCode::NO_CONTENT {
            return true;
        }
        assert_eq!(answer.status(), StatusCode::OK);
        let mut text = String::new();
        // It may be cut at any place.
        while let Ok(Some(piece)) = answer.chunk().await {
            text.push_str(std::str::from_utf8(&piece).unwrap());
            while let Some((block, rest)) = text.split_once("\n\n") {
                if let sse::Sent::Event { name, id, .. } = sse::parse(block) {
                    *after = Some(id).filter(|id| !id.is_empty()).or(after.take());
                    if name == "result" {
                        return true;
                    }
                }
                text = rest.to_owned();
            }
        }
        false
    }

    async fn cancels(&mut self, key: String) {
        let (id, verdict) = self.submit(key).await;
        tokio::time::sleep(Duration::from_millis(self.random.random_range(0..1_500))).await;
        let (status, view) = self.client.ask(&Call::delete(format!("/api/v1/submissions/{id}"))).await;
        assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&status), "{status}: {view:#}");
        self.books.add(Entry { id, verdict, cancel: true });
    }

    /// Some submissions at once, and their entries for the books.
    async fn submit_batch(&mut self, key: String, cancel: bool) -> (String, Vec<Entry>) {
        let count = self.random.random_range(2..20);
        let (bodies, verdicts): (Vec<_>, Vec<_>) =
            (0..count).map(|_| mixed(self.random.random_range(0..1_000_000))).unzip();
        let body = json!({"submissions": bodies, "callback_url": self.receiver});
        let view = self.create("/api/v1/batches", &body, key).await;
        let id = |entry: &Value| entry["id"].as_str().unwrap_or_else(|| panic!("{entry:#}")).to_owned();
        let ids = view["submissions"].as_array().unwrap().iter().map(id);
        let entries = ids.zip(verdicts).map(|(id, verdict)| Entry { id, verdict, cancel }).collect();
        (id(&view), entries)
    }

    /// The id of a batch of which all is judged, and how much of it was given up.
    async fn batch(&mut self, key: String) -> (String, u64) {
        let (id, entries) = self.submit_batch(key, false).await;
        let view = self.until_final(&format!("/api/v1/batches/{id}")).await;
        assert_eq!((&view["finished"], &view["state"]), (&json!(entries.len()), &json!("done")), "{view:#}");
        self.books.add_batch(id.clone(), entries);
        (id, view["verdicts"]["JE"].as_u64().unwrap_or_default())
    }

    /// Judged again and applied, which changes nothing but what was given up: each program has the verdict that it deserves.
    async fn rejudged_batch(&mut self, key: String) {
        let (id, given_up) = self.batch(format!("{key}-first")).await;
        let asked = self.create(&format!("/api/v1/batches/{id}/rejudge"), &json!({}), key).await;
        let path = format!("/api/v1/rejudges/{}", asked["id"].as_str().unwrap());
        let view = self.until(&format!("{path}?wait=10"), &["ready"]).await;
        assert!(view["changed"].as_u64().unwrap() <= given_up, "{view:#}");
        // Those that were given up twice over have no verdict to apply.
        let partial = json!({"partial": true});
        let call = Call { method: Method::POST, body: Some(&partial), ..Call::get(format!("{path}/apply")) };
        let (status, view) = self.client.ask(&call).await;
        assert_eq!((status, &view["state"]), (StatusCode::OK, &json!("applied")), "{view:#}");
    }

    async fn canceled_batch(&mut self, key: String) {
        let (id, entries) = self.submit_batch(key, true).await;
        tokio::time::sleep(Duration::from_millis(self.random.random_range(0..3_000))).await;
        let (status, view) = self.client.ask(&Call::delete(format!("/api/v1/batches/{id}"))).await;
        assert_eq!(status, StatusCode::OK, "{view:#}");
        self.until_final(&format!("/api/v1/batches/{id}")).await;
        self.books.add_batch(id, entries);
    }
}
