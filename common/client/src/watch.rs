//! Following a submission or a batch to its end.

use std::pin::pin;
use std::time::Duration;

use eventsource_stream::{Event, Eventsource as _};
use futures_util::StreamExt as _;
use gavel_model::{JudgeResult, JudgingStep, SubmissionId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::client::{Client, parse};
use crate::error::ClientError;
use crate::views::Submitted;

/// How long it waits before it asks again where the stream was cut.
const PAUSE: Duration = Duration::from_secs(1);

/// How often in a row it asks in vain for a submission before it gives up.
const TRIES: u32 = 30;
/// And for a batch.
const BATCH_TRIES: u32 = 5;

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
        let take = |event: &Event| match event.event.as_str() {
            "result" => match Self::submitted(&event.data, self.url())? {
                Submitted::Final(result) => Ok(Some(*result)),
                Submitted::Waiting(_) => Ok(None),
            },
            "state" => {
                parse::<State>(&event.data, self.url())?.progress.iter().for_each(&mut tell);
                Ok(None)
            }
            _ => {
                tell(&parse(&event.data, self.url())?);
                Ok(None)
            }
        };
        self.follow(&format!("api/v1/submissions/{id}/events"), TRIES, take).await
    }

    /// `GET /api/v1/batches/{id}/events`: tells the counts while they change, and gives the last ones. A stream that is
    /// cut is taken up where it was.
    ///
    /// # Errors
    /// [`ClientError`]: what is temporary only after some seconds.
    pub async fn watch_batch(&self, id: &str, mut tell: impl FnMut(&Value)) -> Result<Value, ClientError> {
        let take = |event: &Event| match event.event.as_str() {
            "done" => parse(&event.data, self.url()).map(Some),
            "batch" => {
                tell(&parse(&event.data, self.url())?);
                Ok(None)
            }
            _ => Ok(None),
        };
        self.follow(&format!("api/v1/batches/{id}/events"), BATCH_TRIES, take).await
    }

    /// Gives events to `take` until it has what it wants; asks again, behind the last event, where the stream was cut.
    async fn follow<T>(
        &self,
        path: &str,
        tries: u32,
        mut take: impl FnMut(&Event) -> Result<Option<T>, ClientError>,
    ) -> Result<T, ClientError> {
        let (mut last, mut failures) = (String::new(), 0);
        loop {
            let before = last.clone();
            match self.read(path, &mut last, &mut take).await {
                Ok(Some(end)) => return Ok(end),
                Ok(None) => {}
                Err(error) if !error.is_temporary() => return Err(error),
                Err(error) if last == before && failures >= tries => return Err(error),
                Err(_) => {}
            }
            failures = if last == before { failures + 1 } else { 0 };
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// One stream, until its end; nothing when it was cut.
    async fn read<T>(
        &self,
        path: &str,
        last: &mut String,
        take: &mut impl FnMut(&Event) -> Result<Option<T>, ClientError>,
    ) -> Result<Option<T>, ClientError> {
        let mut request = self.request(Method::GET, path)?.header("accept", "text/event-stream");
        if !last.is_empty() {
            request = request.header("last-event-id", last.as_str());
        }
        let mut events = pin!(self.answer(request).await?.bytes_stream().eventsource());
        while let Some(Ok(event)) = events.next().await {
            if let Some(end) = take(&event)? {
                return Ok(Some(end));
            }
            // Not every event has a place of its own.
            if !event.id.is_empty() {
                *last = event.id;
            }
        }
        Ok(None)
    }
}
