//! What was accepted, and what must have become of it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use gavel_testkit::{Does, Receiver};
use serde_json::Value;

use super::client::{Call, Client};

/// How often a submission is begun before it is given up.
const MAX_ATTEMPTS: u64 = 3;

/// How those end whose workers were killed each time.
pub const GIVEN_UP: &str = "given up";

/// How long the last batch may go untold: longer than the wait before the fifth try.
const TOLD_WITHIN: Duration = Duration::from_secs(180);

/// A submission that was accepted.
#[derive(Clone)]
pub struct Entry {
    pub id: String,
    pub verdict: &'static str,
    /// Whether it was canceled, perhaps too late.
    pub cancel: bool,
}

#[derive(Default)]
pub struct Books {
    entries: Mutex<Vec<Entry>>,
    batches: Mutex<Vec<String>>,
    /// Submissions whose workers were killed each time: what the broker gave up has no result that was published.
    given_up: Mutex<HashSet<String>>,
}

impl Books {
    pub fn add(&self, entry: Entry) {
        self.entries.lock().unwrap().push(entry);
    }

    pub fn add_batch(&self, id: String, entries: Vec<Entry>) {
        self.entries.lock().unwrap().extend(entries);
        self.batches.lock().unwrap().push(id);
    }

    pub fn batches(&self) -> Vec<String> {
        self.batches.lock().unwrap().clone()
    }

    /// Fails unless every submission is final, with the verdict that its program deserves. In what ways they ended how often.
    pub async fn compare(&self, client: &Client) -> BTreeMap<String, usize> {
        let entries = self.entries.lock().unwrap().clone();
        let ids: HashSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids.len(), entries.len(), "every submission has an id of its own");
        let look = async |entry: Entry| {
            let (_, view) = client.ask(&Call::get(format!("/api/v1/submissions/{}", entry.id))).await;
            let became = became(&entry, &view);
            if became == GIVEN_UP {
                println!("given up: {} {}, {}", entry.id, view["created_at"], view["error"]);
                self.given_up.lock().unwrap().insert(entry.id);
            }
            became
        };
        let became: Vec<_> = stream::iter(entries.clone()).map(look).buffer_unordered(8).collect().await;
        let mut counts = BTreeMap::<String, usize>::new();
        for what in &became {
            *counts.entry(what.clone()).or_default() += 1;
        }
        println!(
            "{} submissions, and {} batches of some of them: {counts:?}",
            entries.len(),
            self.batches().len()
        );
        counts
    }

    /// Waits until a receiver has taken the call about every batch.
    pub async fn compare_told(&self, mut receiver: Receiver, client: &Client) {
        let batches = self.batches();
        let mut missing: HashSet<&str> = batches.iter().map(String::as_str).collect();
        let begin = Instant::now();
        while let Some(one) = missing.iter().next() {
            let left = TOLD_WITHIN.saturating_sub(begin.elapsed());
            let Ok(call) = tokio::time::timeout(left, receiver.calls.recv()).await else {
                let (_, tries) = client.ask(&Call::get(format!("/api/v1/webhooks?batch={one}"))).await;
                panic!("not within {TOLD_WITHIN:?}: the receiver is told of {one}: {tries:#}");
            };
            let call = call.unwrap();
            if call.does == Does::Answer(204) {
                missing.remove(call.json()["batch"]["id"].as_str().unwrap());
            }
        }
        println!("batches told to the receiver: {}", batches.len());
    }

    /// Fails unless what went through the results exchange is what the verdicts were taken from.
    pub fn compare_published(&self, published: &[Value]) -> usize {
        let entries = self.entries.lock().unwrap();
        let mut first = BTreeMap::<&str, Vec<&str>>::new();
        for result in published {
            let verdict = result["verdict"].as_str().unwrap();
            first.entry(result["id"].as_str().unwrap()).or_default().push(verdict);
        }
        let given_up = self.given_up.lock().unwrap();
        for entry in entries.iter().filter(|entry| !entry.cancel && !given_up.contains(&entry.id)) {
            assert!(first.contains_key(entry.id.as_str()), "{} was never published", entry.id);
        }
        published.len() - first.len()
    }
}

/// In what way a submission ended.
fn became(entry: &Entry, view: &Value) -> String {
    let (state, verdict) = (view["state"].as_str().unwrap_or("?"), view["verdict"].as_str().unwrap_or("?"));
    match state {
        "canceled" if entry.cancel => "canceled".to_owned(),
        "done" if verdict == entry.verdict => match view["attempt"].as_u64() {
            Some(1) => "done at the first attempt".to_owned(),
            attempt => format!("done at attempt {}", attempt.unwrap_or_default()),
        },
        // Its workers were killed three times in a row.
        "done" if verdict == "JE" && view["attempt"].as_u64() >= Some(MAX_ATTEMPTS) => GIVEN_UP.to_owned(),
        _ => panic!("wanted {}: {view:#}", entry.verdict),
    }
}
