//! Following a submission to its end.

use std::pin::pin;
use std::time::Duration;

use eventsource_stream::{Event, Eventsource as _};
use futures_util::StreamExt as _;
use gavel_model::{JudgeResult, JudgingStep, SubmissionId};
use reqwest::Method;
use serde::Deserialize;

use crate::client::{Client, parse};
use crate::error::ClientError;
use crate::views::Submitted;

/// How long it waits before it asks again where the stream was cut.
const PAUSE: Duration = Duration::from_secs(1);

/// How often in a row it asks in vain before it gives up.
const PATIENCE: u32 = 30;

#[derive(Deserialize)]
struct State {
    progress: Option<JudgingStep>,
}

impl Client {
    /// `GET /api/v1/submissions/{id}/events`: tells each step, and gives the result. A stream that is cut is taken up where
    /// it was.
    ///
    /// # Errors
    /// [`ClientError`]: what is temporary only after half a minute.
    pub async fn watch(
        &self,
        id: SubmissionId,
        mut tell: impl FnMut(&JudgingStep),
    ) -> Result<JudgeResult, ClientError> {
        let (mut last, mut failures) = (String::new(), 0);
        loop {
            let before = last.clone();
            match self.follow(id, &mut last, &mut tell).await {
                Ok(Some(result)) => return Ok(result),
                Ok(None) => {}
                Err(error) if !error.is_temporary() => return Err(error),
                Err(error) if last == before && failures >= PATIENCE => return Err(error),
                Err(_) => {}
            }
            failures = if last == before { failures + 1 } else { 0 };
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// One stream, until its end; no result when it was cut.
    async fn follow(
        &self,
        id: SubmissionId,
        last: &mut String,
        tell: &mut impl FnMut(&JudgingStep),
    ) -> Result<Option<JudgeResult>, ClientError> {
        let mut request = self.request(Method::GET, &format!("api/v1/submissions/{id}/events"))?;
        request = request.header("accept", "text/event-stream");
        if !last.is_empty() {
            request = request.header("last-event-id", last.as_str());
        }
        let answer = request.send().await.map_err(|source| self.unreachable(source))?;
        let status = answer.status();
        if !status.is_success() {
            let text = answer.text().await.map_err(|source| self.unreachable(source))?;
            return Err(ClientError::refused(status.as_u16(), &text));
        }
        let mut events = pin!(answer.bytes_stream().eventsource());
        while let Some(Ok(Event { event, data, id, .. })) = events.next().await {
            match event.as_str() {
                "result" => {
                    return match Self::submitted(&data, self.url())? {
                        Submitted::Final(result) => Ok(Some(*result)),
                        Submitted::Waiting(_) => Ok(None),
                    };
                }
                "state" => parse::<State>(&data, self.url())?.progress.iter().for_each(&mut *tell),
                _ => tell(&parse(&data, self.url())?),
            }
            *last = id;
        }
        Ok(None)
    }
}
