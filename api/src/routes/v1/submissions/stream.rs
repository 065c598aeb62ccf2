//! The events of one submission, as they are sent.

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use gavel_model::{JudgingEvent, JudgingStep};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::view::{Queued, SubmissionView};
use crate::http::resume::{LAST, Resume, described};
use crate::store::Stored;
use crate::updates::{Follow, News, Position};

/// How far a submission is that is not final.
#[derive(Debug, Serialize)]
struct StateView<'a> {
    #[serde(flatten)]
    submission: &'a Queued,
    /// The newest step that is known; null when none is.
    progress: Option<StepView<'a>>,
}

/// One step.
#[derive(Debug, Serialize)]
struct StepView<'a> {
    attempt: u32,
    worker: &'a str,
    #[serde(flatten)]
    step: &'a JudgingStep,
}

/// What is sent to one client.
pub struct EventStream {
    follow: Follow,
    submission: Queued,
    /// Everything up to here was sent, or need not be.
    seen: Position,
    /// What is to be sent next.
    ready: VecDeque<Event>,
    ended: bool,
}

impl EventStream {
    /// Begins with the state, or, for a client that has seen some of it, where that was.
    pub fn begin(follow: Follow, stored: Stored, resume: Resume) -> Self {
        let result = stored.result.clone();
        let submission = Queued::from(stored);
        let mut stream =
            Self { follow, submission, seen: Position::BEGIN, ready: VecDeque::new(), ended: false };
        match (result, resume) {
            (Some(result), _) => stream.end(&result.into()),
            (None, Resume::After(seen)) if stream.follow.continues(seen) => stream.seen = seen,
            (None, resume) => {
                // Places only grow, also for a client that comes back to a process that knows of no step.
                if let Resume::After(seen) = resume {
                    stream.seen = seen;
                }
                let newest = stream.follow.newest();
                stream.tell_state(newest.as_deref());
            }
        }
        stream
    }

    /// The events, until the last one or `shutdown`.
    pub fn until(self, shutdown: CancellationToken) -> impl Stream<Item = Result<Event, Infallible>> {
        unfold((self, shutdown), |(mut stream, shutdown)| async move {
            let event = shutdown.run_until_cancelled(stream.next()).await??;
            Some((Ok(event), (stream, shutdown)))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.ended {
                return None;
            }
            match self.follow.after(self.seen).await {
                News::Steps(steps) => steps.iter().for_each(|step| self.tell_step(step)),
                News::Missed(newest) => self.tell_state(Some(&newest)),
                News::Done(result) => self.end(&SubmissionView::from((*result).clone())),
            }
        }
    }

    fn tell_state(&mut self, newest: Option<&JudgingEvent>) {
        self.seen = newest.map_or(self.seen, Position::of);
        let view = StateView { submission: &self.submission, progress: newest.map(StepView::from) };
        let event = described("state", &view).map(|event| event.id(self.seen.to_string()));
        self.ready.extend(event);
    }

    fn tell_step(&mut self, step: &JudgingEvent) {
        self.seen = Position::of(step);
        let event = described(step.step.kind(), &StepView::from(step));
        self.ready.extend(event.map(|event| event.id(self.seen.to_string())));
    }

    fn end(&mut self, view: &SubmissionView) {
        self.ready.extend(described("result", view).map(|event| event.id(LAST)));
        self.ended = true;
    }
}

impl<'a> From<&'a JudgingEvent> for StepView<'a> {
    fn from(event: &'a JudgingEvent) -> Self {
        Self { attempt: event.attempt, worker: &event.worker, step: &event.step }
    }
}
