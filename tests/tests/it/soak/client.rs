//! An HTTP client as it should be: what was not answered is asked again, elsewhere, under the same key.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

/// How long a call may go unanswered, all its tries together. An outage lasts seconds.
const ANSWERED_WITHIN: Duration = Duration::from_secs(180);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// A client of every API process.
pub struct Client {
    http: reqwest::Client,
    urls: Vec<String>,
    turn: AtomicUsize,
    repeated: AtomicUsize,
}

/// A call that may be made again and again.
pub struct Call<'a> {
    pub method: Method,
    pub path: String,
    pub body: Option<&'a Value>,
    /// `Idempotency-Key`, without which nothing may be created.
    pub key: Option<String>,
    /// `Last-Event-ID`
    pub after: Option<String>,
}

impl Call<'_> {
    pub fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None, key: None, after: None }
    }

    pub fn delete(path: String) -> Self {
        Self { method: Method::DELETE, ..Self::get(path) }
    }
}

impl Client {
    pub fn of(urls: Vec<String>) -> Self {
        // A process that hangs must be found out, and `?wait=` is at most 10 s here.
        let http = reqwest::Client::builder().read_timeout(Duration::from_secs(40)).build().unwrap();
        Self { http, urls, turn: AtomicUsize::new(0), repeated: AtomicUsize::new(0) }
    }

    /// How many tries got no answer.
    pub fn repeated(&self) -> usize {
        self.repeated.load(Ordering::Relaxed)
    }

    /// The first answer that does not say to try again.
    pub async fn answer(&self, call: &Call<'_>) -> Response {
        let begin = Instant::now();
        loop {
            let tried = self.attempt(call).await;
            match tried {
                Ok(answer) if !later(&answer) => return answer,
                tried => {
                    self.repeated.fetch_add(1, Ordering::Relaxed);
                    let path = &call.path;
                    assert!(
                        begin.elapsed() < ANSWERED_WITHIN,
                        "{} {path} is not answered: {tried:?}",
                        call.method
                    );
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The answer's status and JSON.
    pub async fn ask(&self, call: &Call<'_>) -> (StatusCode, Value) {
        loop {
            let answer = self.answer(call).await;
            let status = answer.status();
            // A process may be killed while it answers.
            let Ok(text) = answer.text().await else { continue };
            let body =
                serde_json::from_str(&text).unwrap_or_else(|_| panic!("{} {}: {text}", status, call.path));
            return (status, body);
        }
    }

    async fn attempt(&self, call: &Call<'_>) -> reqwest::Result<Response> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let url = format!("{}{}", self.urls[turn % self.urls.len()], call.path);
        let mut request = self.http.request(call.method.clone(), url);
        if let Some(body) = call.body {
            request = request.json(body);
        }
        if let Some(key) = &call.key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(after) = &call.after {
            request = request.header("Last-Event-ID", after);
        }
        request.send().await
    }
}

/// Whether it says to try again: also where a killed process has received a part of the same call.
fn later(answer: &Response) -> bool {
    answer.status().is_server_error() || answer.headers().contains_key(reqwest::header::RETRY_AFTER)
}
