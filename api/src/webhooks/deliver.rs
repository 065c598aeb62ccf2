//! Sends what is owed, many at a time, few for each owner.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{HeaderName, HeaderValue, Method};
use bytes::Bytes;
use gavel_model::SubmissionId;
use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Connector;
use super::call::CallError;
use super::schedule;
use crate::callback::Secret;
use crate::metrics::{ApiMetrics, WebhookOutcome};
use crate::principal::Owner;
use crate::routes::judge0::Judge0;
use crate::routes::v1::batches::view::BatchView;
use crate::routes::v1::submissions::view::SubmissionView;
use crate::settings::WebhooksConfig;
use crate::store::{BatchId, Store, StoreError, Subject, Try, TryOutcome, Webhook};

/// How often it looks for what is due.
const PERIOD: Duration = Duration::from_millis(250);

/// How many calls are under way at a time.
const MOST: usize = 32;

/// How many of them for one owner: whoever does not answer keeps nobody else waiting.
const MOST_OF_OWNER: usize = 4;

const TIMESTAMP: HeaderName = HeaderName::from_static("gavel-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("gavel-signature");
const DELIVERY: HeaderName = HeaderName::from_static("gavel-delivery");

/// Sends webhooks.
#[derive(Clone)]
pub struct Deliverer {
    /// Where they are owed, and what they tell.
    pub store: Arc<dyn Store>,
    /// How they are sent.
    pub connector: Connector,
    /// The settings.
    pub config: WebhooksConfig,
    /// What every owner's secret follows from.
    pub master: [u8; 32],
    /// What is measured.
    pub metrics: ApiMetrics,
    /// Tells those that came as if to Judge0.
    pub judge0: Judge0,
}

/// What is sent.
#[derive(Serialize)]
#[serde(tag = "event")]
enum Told {
    #[serde(rename = "submission")]
    Submission { submission: Box<SubmissionView> },
    #[serde(rename = "batch")]
    Batch { batch: Box<BatchView> },
}

impl Deliverer {
    /// Sends until `shutdown`. What is under way then is sent again by whoever comes next.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(PERIOD);
        let mut calls: JoinSet<Option<Owner>> = JoinSet::new();
        let mut busy: HashMap<Option<Owner>, usize> = HashMap::new();
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                Some(ended) = calls.join_next() => match ended {
                    Ok(owner) => free(&mut busy, &owner),
                    // Whose it was is not known any more: once all have ended nobody is busy.
                    Err(error) => tracing::error!(%error, "a webhook ended without an outcome"),
                },
                () = shutdown.cancelled() => return,
            }
            if calls.is_empty() {
                busy.clear();
            }
            let due = match self.due(MOST - calls.len(), &busy).await {
                Ok(due) => due,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::debug!(error, "webhooks wait for the store");
                    continue;
                }
            };
            for webhook in due {
                *busy.entry(webhook.owner.clone()).or_default() += 1;
                let this = self.clone();
                calls.spawn(async move {
                    this.send(&webhook).await;
                    webhook.owner
                });
            }
        }
    }

    async fn due(
        &self,
        room: usize,
        busy: &HashMap<Option<Owner>, usize>,
    ) -> Result<Vec<Webhook>, StoreError> {
        let full = busy.iter().filter(|(_, count)| **count >= MOST_OF_OWNER);
        let full: Vec<_> = full.map(|(owner, _)| owner.as_ref().map_or("", Owner::as_str)).collect();
        if room == 0 {
            return Ok(Vec::new());
        }
        self.store.claim_webhooks(room.min(MOST_OF_OWNER) as u32, &full, self.claimed_for()).await
    }

    /// For how long a call is claimed: longer than it can take.
    fn claimed_for(&self) -> Duration {
        self.config.timeout * 2
    }

    async fn send(&self, webhook: &Webhook) {
        let (at, begun) = (Timestamp::now(), Instant::now());
        let answer = tokio::time::timeout(self.config.timeout, self.call(webhook, at)).await;
        let answer = answer.unwrap_or(Err(CallError::Timeout));
        let took_ms = begun.elapsed().as_millis() as u64;
        let attempts = webhook.attempts + 1;
        let (status, error) = match &answer {
            Ok(status) => (Some(status.as_u16()), None),
            Err(error) => (None, Some(described(error))),
        };
        let taken = answer.is_ok_and(|status| status.is_success());
        let (first, end) = (self.config.retry_after, self.config.give_up_after);
        let outcome = if taken {
            TryOutcome::Delivered
        } else {
            // Until then it is claimed by the clock of the store, as it was made by it.
            let age = Duration::try_from(webhook.next_at.duration_since(webhook.created_at));
            let age = age.unwrap_or_default().saturating_sub(self.claimed_for());
            let next = schedule::wait(attempts, age, first, end);
            next.map_or(TryOutcome::Failed, TryOutcome::Again)
        };
        self.metrics.webhooks(WebhookOutcome::from(&outcome)).inc();
        let tried = Try { number: attempts, at, took_ms, status, error };
        if let Err(error) = self.store.note_try(webhook.id, &tried, &outcome).await {
            // It is sent once more when its time is over: at least once, as promised.
            let error = &error as &dyn std::error::Error;
            tracing::warn!(webhook.id = %webhook.id, error, "what came of a webhook could not be stored");
        }
    }

    async fn call(&self, webhook: &Webhook, at: Timestamp) -> Result<axum::http::StatusCode, CallError> {
        let url: Url = webhook.url.parse().map_err(|_| CallError::Url)?;
        let (method, body) = self.told(webhook).await?;
        let body = Bytes::from(body);
        let owner = webhook.owner.clone().unwrap_or_else(Owner::anonymous);
        let time = at.as_second();
        let signature = format!("v1={}", Secret::of(&self.master, &owner).sign(time, &body));
        let texts =
            [(TIMESTAMP, time.to_string()), (SIGNATURE, signature), (DELIVERY, webhook.id.to_string())];
        let mut headers = Vec::with_capacity(texts.len());
        for (name, text) in texts {
            headers
                .push((name, HeaderValue::try_from(text).map_err(|error| CallError::Write(error.into()))?));
        }
        self.connector.send(method, &url, headers, body).await
    }

    /// What it tells, as it is now, and how: what is final stays as it is.
    async fn told(&self, webhook: &Webhook) -> Result<(Method, Vec<u8>), CallError> {
        let told = match webhook.subject {
            Subject::Submission(id) => {
                if let Some(body) = self.judge0.called(id).await.map_err(CallError::Store)? {
                    return Ok((Method::PUT, body));
                }
                self.submission(id).await.map_err(CallError::Store)?
            }
            Subject::Batch(id) => self.batch(id).await.map_err(CallError::Store)?,
        };
        let told = told.ok_or(CallError::Gone)?;
        Ok((Method::POST, serde_json::to_vec(&told).map_err(CallError::Encode)?))
    }

    async fn submission(&self, id: SubmissionId) -> Result<Option<Told>, StoreError> {
        let stored = self.store.get(id).await?;
        Ok(stored.map(|stored| Told::Submission { submission: Box::new(stored.into()) }))
    }

    async fn batch(&self, id: BatchId) -> Result<Option<Told>, StoreError> {
        let batch = self.store.batch(id).await?;
        Ok(batch.map(|batch| Told::Batch { batch: Box::new(batch.into()) }))
    }
}

fn free(busy: &mut HashMap<Option<Owner>, usize>, owner: &Option<Owner>) {
    if let Some(count) = busy.get_mut(owner) {
        *count -= 1;
        if *count == 0 {
            busy.remove(owner);
        }
    }
}

/// An error with what caused it, as its owner reads it in the log.
fn described(error: &CallError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!(": {next}"));
        cause = next.source();
    }
    text
}
