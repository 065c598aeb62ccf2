//! The calls.

use std::collections::BTreeSet;
use std::time::Duration;

use gavel_model::SubmissionId;
use reqwest::{Method, RequestBuilder, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::error::ClientError;
use crate::views::{DeadLetters, Purged, Queues, Replayed, Submitted, Worker};

/// How long a call may take that does not wait for a result.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A service at an address. Cloning shares its connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    key: Option<SecretString>,
}

#[derive(Deserialize)]
struct Accepted {
    id: SubmissionId,
}

#[derive(Deserialize)]
struct Languages {
    languages: Vec<Language>,
}

#[derive(Deserialize)]
struct Language {
    id: String,
    #[serde(default)]
    extensions: Vec<String>,
}

#[derive(Deserialize)]
struct Workers {
    workers: Vec<Worker>,
}

impl Client {
    /// The service at an address such as `http://127.0.0.1:3000`, with the key to send, if one is asked for.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(address: &str, key: Option<SecretString>) -> Result<Self, ClientError> {
        let url = Url::parse(address)
            .map_err(|source| ClientError::Address { address: address.to_owned(), source })?;
        Ok(Self { http: reqwest::Client::new(), url, key })
    }

    /// Where the service is.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// `POST /api/v1/submissions`: submits, and waits so long for the result (in whole seconds, the service's `api.max_wait` at
    /// most).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn submit(&self, submission: &Value, wait: Duration) -> Result<Submitted, ClientError> {
        let request = self.request(Method::POST, "api/v1/submissions")?.json(submission);
        Self::submitted(&self.text(waiting(request, wait)).await?, &self.url)
    }

    /// `GET /api/v1/submissions/{id}`: what became of it, waiting so long for the result.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn submission(&self, id: SubmissionId, wait: Duration) -> Result<Submitted, ClientError> {
        let request = self.request(Method::GET, &format!("api/v1/submissions/{id}"))?;
        Self::submitted(&self.text(waiting(request, wait)).await?, &self.url)
    }

    /// `DELETE /api/v1/submissions/{id}`: nobody wants its result any more.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` when it is done already.
    pub async fn cancel(&self, id: SubmissionId) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &format!("api/v1/submissions/{id}"))?;
        self.text(request.timeout(PATIENCE)).await.map(drop)
    }

    /// `POST /api/v1/batches`: submits lines of JSON, and tells what was accepted. Under its key the call counts once,
    /// however often it is made.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn submit_batch(&self, lines: Vec<u8>, key: &str) -> Result<Value, ClientError> {
        let request = self.request(Method::POST, "api/v1/batches")?;
        let request = request.header("content-type", "application/x-ndjson").header("idempotency-key", key);
        parse(&self.text(request.body(lines)).await?, &self.url)
    }

    /// `GET /api/v1/batches/{id}/results`: a line of JSON for each entry, to be read as it comes.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn batch_results(&self, id: &str) -> Result<Response, ClientError> {
        self.answer(self.request(Method::GET, &format!("api/v1/batches/{id}/results"))?).await
    }

    /// `GET /api/v1/languages`: the ids of what can be run.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn languages(&self) -> Result<Vec<String>, ClientError> {
        let listed: Languages = self.get("api/v1/languages").await?;
        Ok(listed.languages.into_iter().map(|language| language.id).collect())
    }

    /// `GET /api/v1/languages`: the extensions of source files, without their dots.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn extensions(&self) -> Result<BTreeSet<String>, ClientError> {
        let listed: Languages = self.get("api/v1/languages").await?;
        Ok(listed.languages.into_iter().flat_map(|language| language.extensions).collect())
    }

    /// `GET /api/v1/workers`: who judges.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn workers(&self) -> Result<Vec<Worker>, ClientError> {
        Ok(self.get::<Workers>("api/v1/workers").await?.workers)
    }

    /// `POST /api/v1/workers/{id}/drain`, or `DELETE`: tells a worker to drain, or to take submissions again.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` where no such worker spoke lately.
    pub async fn drain(&self, worker: &str, draining: bool) -> Result<(), ClientError> {
        let method = if draining { Method::POST } else { Method::DELETE };
        let request = self.request(method, &format!("api/v1/workers/{}/drain", segment(worker)))?;
        self.text(request.timeout(PATIENCE)).await.map(drop)
    }

    /// `GET /api/v1/queues`: what waits.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn queues(&self) -> Result<Queues, ClientError> {
        self.get("api/v1/queues").await
    }

    /// `GET /api/v1/dead`: the oldest letters, as the service tells them.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn dead_letters(&self, limit: u32) -> Result<DeadLetters, ClientError> {
        self.get(&format!("api/v1/dead?limit={limit}")).await
    }

    /// `GET /api/v1/dead/{id}`: one letter with what it says.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` where there is none.
    pub async fn dead_letter(&self, id: &str) -> Result<Value, ClientError> {
        self.get(&format!("api/v1/dead/{}", segment(id))).await
    }

    /// `POST /api/v1/dead/replay`: sends letters again, those of these ids, or every one where there are no ids.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn replay_dead(&self, ids: Option<&[String]>) -> Result<Replayed, ClientError> {
        self.dead_call("api/v1/dead/replay", ids).await
    }

    /// `POST /api/v1/dead/purge`: throws letters away, those of these ids, or every one where there are no ids.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn purge_dead(&self, ids: Option<&[String]>) -> Result<Purged, ClientError> {
        self.dead_call("api/v1/dead/purge", ids).await
    }

    async fn dead_call<T: DeserializeOwned>(
        &self,
        path: &str,
        ids: Option<&[String]>,
    ) -> Result<T, ClientError> {
        let which = ids.map_or_else(|| json!({"all": true}), |ids| json!({"ids": ids}));
        // Of many letters, each is a message to the broker.
        let request = self.request(Method::POST, path)?.json(&which).timeout(PATIENCE * 4);
        parse(&self.text(request).await?, &self.url)
    }

    /// `GET /metrics`: what is measured, in the text format of Prometheus.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn metrics(&self) -> Result<String, ClientError> {
        self.text(self.request(Method::GET, "metrics")?.timeout(PATIENCE)).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let text = self.text(self.request(Method::GET, path)?.timeout(PATIENCE)).await?;
        parse(&text, &self.url)
    }

    /// A request with the key.
    pub(crate) fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, ClientError> {
        let url = self
            .url
            .join(path)
            .map_err(|source| ClientError::Address { address: format!("{}{path}", self.url), source })?;
        let request = self.http.request(method, url);
        Ok(match &self.key {
            Some(key) => request.bearer_auth(key.expose_secret()),
            None => request,
        })
    }

    /// An answer that is a success; its body is still to be read.
    pub(crate) async fn answer(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let answer = request.send().await.map_err(|source| self.unreachable(source))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let text = answer.text().await.map_err(|source| self.unreachable(source))?;
        Err(ClientError::refused(status.as_u16(), &text))
    }

    /// The text of an answer that is a success.
    pub(crate) async fn text(&self, request: RequestBuilder) -> Result<String, ClientError> {
        self.answer(request).await?.text().await.map_err(|source| self.unreachable(source))
    }

    pub(crate) fn unreachable(&self, source: reqwest::Error) -> ClientError {
        ClientError::Unreachable { url: self.url.clone(), source: source.without_url() }
    }

    pub(crate) fn submitted(text: &str, url: &Url) -> Result<Submitted, ClientError> {
        // What is not final has no verdict.
        let value: Value = parse(text, url)?;
        if value.get("verdict").is_some() {
            Ok(Submitted::Final(Box::new(parse(text, url)?)))
        } else {
            Ok(Submitted::Waiting(parse::<Accepted>(text, url)?.id))
        }
    }
}

pub fn parse<T: DeserializeOwned>(text: &str, url: &Url) -> Result<T, ClientError> {
    serde_json::from_str(text).map_err(|source| ClientError::Unexpected { url: url.clone(), source })
}

/// A name as one part of a path.
pub(crate) fn segment(name: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    name.bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

pub(crate) fn waiting(request: RequestBuilder, wait: Duration) -> RequestBuilder {
    let request = request.timeout(wait + PATIENCE);
    if wait.is_zero() { request } else { request.query(&[("wait", wait.as_secs())]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_part_of_a_path() {
        assert_eq!(segment("worker-1.a_b~c"), "worker-1.a_b~c");
        assert_eq!(segment("a/../b?c"), "a%2F..%2Fb%3Fc");
    }
}
