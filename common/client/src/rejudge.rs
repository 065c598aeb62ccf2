//! Judging again.

use std::collections::BTreeMap;
use std::time::Duration;

use gavel_model::{SubmissionId, Verdict};
use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::client::{Client, PATIENCE, parse, segment, waiting};
use crate::error::ClientError;

/// A rejudge, as far as a client reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rejudge {
    /// Its id.
    pub id: String,
    /// `judging`, `ready`, `applied` or `canceled`.
    pub state: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Which submissions were meant.
    pub selection: Value,
    /// How many there were.
    pub entries: u64,
    /// How many of them are judged again.
    pub accepted: u64,
    /// How many of them cannot be.
    pub refused: u64,
    /// How many are judged, or canceled.
    pub finished: u64,
    /// What these came to, by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Of how many verdict or score changes, or changed.
    pub changed: u64,
    /// How many went from one verdict to another, or kept theirs.
    pub changes: Vec<Change>,
    /// When its results became those of the submissions.
    pub applied_at: Option<Timestamp>,
    /// How many results were replaced.
    pub applied: Option<u64>,
}

/// How many submissions went from one verdict to another, or kept theirs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The verdict before.
    pub old: Verdict,
    /// The verdict of the rejudge.
    pub new: Verdict,
    /// How many.
    pub count: u64,
}

/// A submission of which verdict or score changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangedSubmission {
    /// The submission.
    pub submission: SubmissionId,
    /// The copy of it that was judged.
    pub copy: SubmissionId,
    /// The result before; none where the submission is forgotten.
    pub old: Option<Outcome>,
    /// The result of the rejudge.
    pub new: Option<Outcome>,
}

/// A verdict with its points.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The points, where there are any.
    pub score: Option<f64>,
}

impl Rejudge {
    /// How many have no verdict of a rejudge: they are `JE` or canceled.
    #[must_use]
    pub fn without_verdict(&self) -> u64 {
        [Verdict::Je, Verdict::Canceled].iter().filter_map(|verdict| self.verdicts.get(verdict)).sum()
    }
}

impl Client {
    /// `POST /api/v1/rejudges`: has submissions judged again, those of a selection. Under its key the call counts once, however
    /// often it is made.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn rejudge(&self, selection: &Value, key: &str) -> Result<Rejudge, ClientError> {
        let request = self.request(Method::POST, "api/v1/rejudges")?.header("idempotency-key", key);
        parse(&self.text(request.json(selection)).await?, self.url())
    }

    /// `GET /api/v1/rejudges/{id}`: how far it is and what it changes, waiting so long until all of it is judged (in whole
    /// seconds, the service's `api.max_wait` at most).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn rejudge_state(&self, id: &str, wait: Duration) -> Result<Rejudge, ClientError> {
        let request = self.request(Method::GET, &format!("api/v1/rejudges/{}", segment(id)))?;
        parse(&self.text(waiting(request, wait)).await?, self.url())
    }

    /// `GET /api/v1/rejudges/{id}/results`: the first submissions of which something changes; no more is read.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn rejudge_changes(
        &self,
        id: &str,
        most: usize,
    ) -> Result<Vec<ChangedSubmission>, ClientError> {
        let path = format!("api/v1/rejudges/{}/results?changed=true", segment(id));
        let mut answer = self.answer(self.request(Method::GET, &path)?).await?;
        let (mut found, mut text) = (Vec::new(), Vec::new());
        while found.len() < most
            && let Some(chunk) = answer.chunk().await.map_err(|source| self.unreachable(source))?
        {
            text.extend_from_slice(&chunk);
            let Some(end) = text.iter().rposition(|byte| *byte == b'\n') else { continue };
            let rest = text.split_off(end + 1);
            for line in String::from_utf8_lossy(&text).lines() {
                found.push(parse(line, self.url())?);
            }
            text = rest;
        }
        found.truncate(most);
        Ok(found)
    }

    /// `POST /api/v1/rejudges/{id}/apply`: makes its results those of the submissions.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` where not all of it has a verdict and a part will not do, or it is canceled.
    pub async fn apply_rejudge(&self, id: &str, partial: bool) -> Result<Rejudge, ClientError> {
        let request = self.request(Method::POST, &format!("api/v1/rejudges/{}/apply", segment(id)))?;
        // Of many results, each is written.
        let request = request.json(&json!({ "partial": partial })).timeout(PATIENCE * 4);
        parse(&self.text(request).await?, self.url())
    }

    /// `DELETE /api/v1/rejudges/{id}`: gives it up.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` where it is applied.
    pub async fn cancel_rejudge(&self, id: &str) -> Result<Rejudge, ClientError> {
        let request = self.request(Method::DELETE, &format!("api/v1/rejudges/{}", segment(id)))?;
        parse(&self.text(request.timeout(PATIENCE * 4)).await?, self.url())
    }
}
