//! A talk between a client and the program that it runs, from the upgrade to the last word.

use std::ops::ControlFlow;
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use gavel_broker::{LiveLink, LiveReceiver};
use gavel_model::{LiveEnd, LiveInput, LiveOutput, LiveRun, SubmissionId};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tracing::Instrument as _;

use super::door::{Door, Opening, Parting, Why, Words};
use super::line::Line;
use crate::error::{ApiError, ErrorCode};
use crate::live::Seat;
use crate::principal::Principal;
use crate::state::AppState;

/// Input of a client that waits to be sent. With more no message is read, so the client waits as well.
const HELD: u64 = 256 * 1024;
/// How often clocks are looked at.
const TICK: Duration = Duration::from_millis(500);
/// How often a client that says nothing is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(15);
/// A worker tells that it is there twice a second.
const SILENT_WORKER: Duration = Duration::from_secs(10);
/// How long the last words of a worker are waited for that cannot be reached any more.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long a client may take to answer the end, so that it reads all that came before.
const GOODBYE: Duration = Duration::from_secs(1);
/// What a message may have beside a program's sources.
const BESIDE_SOURCES: usize = 64 * 1024;

/// What an upgrade needs, or why there is none.
pub type Upgraded = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

/// Takes a request for a talk, for whoever has a seat.
///
/// # Errors
/// When it is no request for a WebSocket.
pub fn upgrade(
    upgraded: Upgraded,
    state: AppState,
    principal: Principal,
    seat: Seat,
    door: impl Door,
) -> Result<Response, ApiError> {
    let upgraded = upgraded.map_err(|error| {
        let message = format!("this call is a WebSocket: {}", error.body_text());
        ApiError::new(ErrorCode::UpgradeRequired, message)
    })?;
    let longest = longest_message(&state);
    // What is longer still is not even read.
    let upgraded = upgraded.max_message_size(2 * longest).max_frame_size(2 * longest);
    let tasks = state.intake.tasks.clone();
    let span = tracing::info_span!("talk", owner = principal.owner.as_str());
    Ok(upgraded.on_upgrade(move |socket| {
        let session = async move {
            // What is written to a client that reads is written while the run goes on, or not much later.
            let patience = state.config.live.longest.saturating_add(state.config.idle_timeout);
            let session = Session { socket, state: state.clone(), door, longest, patience };
            let reason = session.run(&principal).await;
            state.metrics.live_ended(reason).inc();
            tracing::info!(reason = reason.as_str(), "a live run is over");
            drop(seat);
        };
        tasks.track_future(session.instrument(span))
    }))
}

/// How long a message may be, in bytes.
fn longest_message(state: &AppState) -> usize {
    // Quotes and line ends of a source are two characters each in JSON.
    usize::try_from(state.config.max_source_kb.saturating_mul(2 * 1024)).unwrap_or(usize::MAX / 4)
        + BESIDE_SOURCES
}

/// How a talk ended.
struct End {
    reason: LiveEnd,
    /// Nothing for a client that is gone.
    parting: Option<Parting>,
}

impl End {
    const LEFT: Self = Self { reason: LiveEnd::Left, parting: None };
}

struct Session<D> {
    socket: WebSocket,
    state: AppState,
    door: D,
    longest: usize,
    /// How long the client may yet be waited for while it is written to.
    patience: Duration,
}

impl<D: Door> Session<D> {
    async fn run(mut self, principal: &Principal) -> LiveEnd {
        let ControlFlow::Break(End { reason, parting }) = self.talk(principal).await;
        if let Some(parting) = parting {
            self.part(parting).await;
        }
        reason
    }

    /// The whole talk; it has no other end than an [`End`].
    async fn talk(&mut self, principal: &Principal) -> ControlFlow<End, std::convert::Infallible> {
        let Opening { request, idle_ms } = self.opening().await?;
        let run = match self.state.intake.accept_live(request, idle_ms, principal).await {
            Ok(run) => run,
            Err(error) => return self.over(LiveEnd::Refused, Why::Refused(error)),
        };
        let id = run.id();
        tracing::info!(submission.id = %id, language = run.submission.language, "a live run");
        let LiveLink { sender, receiver } = self.open(run).await?;
        let mut line = Line::new(sender);
        let ControlFlow::Break(end) = self.between(id, &mut line, receiver).await;
        if line.begun && !matches!(end.reason, LiveEnd::Done | LiveEnd::Lost) {
            // Whoever has ended it is gone already.
            line.send(&LiveInput::Leave).await;
        }
        ControlFlow::Break(end)
    }

    /// What the client wants to be run.
    async fn opening(&mut self) -> ControlFlow<End, Opening> {
        let deadline = Instant::now() + self.state.config.live.init_within;
        loop {
            let message = tokio::select! {
                message = self.socket.recv() => message,
                () = tokio::time::sleep_until(deadline) => return self.over(LiveEnd::Refused, Why::SilentAtFirst),
            };
            let message = self.message(message)?;
            if let Some(words) = words(&message) {
                match self.door.opening(words, &self.state) {
                    Ok(Some(opening)) => return ControlFlow::Continue(opening),
                    Ok(None) => {}
                    Err(parting) => return refused(parting),
                }
            }
        }
    }

    async fn open(&mut self, run: LiveRun) -> ControlFlow<End, LiveLink<LiveInput, LiveOutput>> {
        match self.state.dispatcher.open_live(run, self.state.config.live.start_within).await {
            Ok(link) => ControlFlow::Continue(link),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a live run could not be handed over"
                );
                self.ended(LiveEnd::Failed, "the queue takes nothing now, try again")
            }
        }
    }

    /// Everything between a run that waits for its worker and its end.
    async fn between(
        &mut self,
        id: SubmissionId,
        line: &mut Line,
        mut receiver: LiveReceiver<LiveOutput>,
    ) -> ControlFlow<End, std::convert::Infallible> {
        enum Event {
            Client(Option<Result<Message, axum::Error>>),
            Worker(Option<LiveOutput>),
            Tick,
            Ping,
            Shutdown,
        }
        let (mut tick, mut ping) = (every(TICK), every(PING_EVERY));
        loop {
            let reads = line.held_cost < HELD;
            let event = tokio::select! {
                message = self.socket.recv(), if reads => Event::Client(message),
                output = receiver.receive() => Event::Worker(output),
                _ = tick.tick() => Event::Tick,
                _ = ping.tick() => Event::Ping,
                () = self.state.shutdown.cancelled() => Event::Shutdown,
            };
            match event {
                Event::Client(message) => {
                    let message = self.message(message)?;
                    let said = words(&message).map_or(Ok(None), |words| self.door.said(words));
                    match said {
                        Ok(Some(input)) => line.take(input).await,
                        Ok(None) => {}
                        Err(parting) => return refused(parting),
                    }
                }
                Event::Worker(None) => {
                    return self.ended(LiveEnd::Lost, "the worker of this run is gone");
                }
                Event::Worker(Some(output)) => {
                    let begun = Instant::now();
                    self.heard(id, line, output).await?;
                    // While the client was waited for nobody listened.
                    line.heard = Instant::now();
                    line.unreachable = line.unreachable.map(|since| since + begun.elapsed());
                }
                Event::Tick => {
                    self.clocks(line)?;
                    // One that is not read from is seen to be gone when it is written to.
                    if !reads {
                        self.ping(line).await?;
                    }
                }
                Event::Ping => self.ping(line).await?,
                Event::Shutdown => return self.ended(LiveEnd::Shutdown, "the service ends now"),
            }
        }
    }

    async fn heard(&mut self, id: SubmissionId, line: &mut Line, output: LiveOutput) -> ControlFlow<End> {
        match output {
            LiveOutput::Begun { .. } if line.begun => {
                return self.ended(LiveEnd::Lost, "the worker of this run is gone");
            }
            LiveOutput::Begun { .. } => {
                line.begun = true;
                self.tell(id, output).await?;
                line.send(&LiveInput::Go).await;
                line.flush().await;
            }
            LiveOutput::Data { ref data, .. } => {
                let cost = data.cost();
                self.tell(id, output).await?;
                line.send(&LiveInput::Taken { cost }).await;
            }
            LiveOutput::Taken { cost } => {
                line.under_way = line.under_way.saturating_sub(cost);
                line.flush().await;
            }
            LiveOutput::Stage { .. } | LiveOutput::Compiled { .. } => self.tell(id, output).await?,
            LiveOutput::Alive | LiveOutput::Unknown => {}
            LiveOutput::Ended { reason, result, error } => {
                return self.over(reason, Why::Over { reason, result, error });
            }
        }
        ControlFlow::Continue(())
    }

    fn clocks(&mut self, line: &Line) -> ControlFlow<End> {
        let now = Instant::now();
        let start_within = self.state.config.live.start_within;
        if !line.begun && now > line.opened + start_within {
            let message = format!("no worker began it within {} s", start_within.as_secs());
            return self.ended(LiveEnd::NoWorker, &message);
        }
        let silent = line.begun && now > line.heard + SILENT_WORKER;
        if silent || line.unreachable.is_some_and(|since| now > since + LAST_WORDS) {
            return self.ended(LiveEnd::Lost, "the worker of this run is gone");
        }
        ControlFlow::Continue(())
    }

    async fn tell(&mut self, id: SubmissionId, output: LiveOutput) -> ControlFlow<End> {
        for message in self.door.told(id, output) {
            self.send(Message::Text(message.into())).await?;
        }
        ControlFlow::Continue(())
    }

    async fn ping(&mut self, line: &mut Line) -> ControlFlow<End> {
        let begun = Instant::now();
        self.send(Message::Ping(Default::default())).await?;
        line.heard += begun.elapsed();
        ControlFlow::Continue(())
    }

    /// Writes a message to the client. One that takes nothing, or a little at a time for ever, is as good as gone.
    async fn send(&mut self, message: Message) -> ControlFlow<End> {
        let begun = Instant::now();
        let within = self.patience.min(self.state.config.idle_timeout);
        let sent = tokio::select! {
            sent = tokio::time::timeout(within, self.socket.send(message)) => sent,
            // It could not be told.
            () = self.state.shutdown.cancelled() => {
                return ControlFlow::Break(End { reason: LiveEnd::Shutdown, parting: None });
            }
        };
        self.patience = self.patience.saturating_sub(begun.elapsed());
        match sent {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(_)) | Err(_) => ControlFlow::Break(End::LEFT),
        }
    }

    /// A message of the client, unless that is gone or says too much.
    fn message(&mut self, message: Option<Result<Message, axum::Error>>) -> ControlFlow<End, Message> {
        match message {
            None | Some(Err(_) | Ok(Message::Close(_))) => ControlFlow::Break(End::LEFT),
            Some(Ok(Message::Text(text))) if text.len() > self.longest => self.too_long(),
            Some(Ok(Message::Binary(bytes))) if bytes.len() > self.longest => self.too_long(),
            Some(Ok(message)) => ControlFlow::Continue(message),
        }
    }

    fn too_long<T>(&mut self) -> ControlFlow<End, T> {
        self.over(LiveEnd::Refused, Why::TooLong(self.longest))
    }

    fn ended<T>(&mut self, reason: LiveEnd, error: &str) -> ControlFlow<End, T> {
        self.over(reason, Why::Over { reason, result: None, error: Some(error.to_owned()) })
    }

    fn over<T>(&mut self, reason: LiveEnd, why: Why) -> ControlFlow<End, T> {
        ControlFlow::Break(End { reason, parting: Some(self.door.part(why)) })
    }

    /// Says the last words, for as long as a client may take to read any, and reads on until it has them. A client that has gone
    /// meanwhile need not be told.
    async fn part(&mut self, parting: Parting) {
        let Parting { messages, code, reason } = parting;
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into_owned().into() }));
        let patience = self.state.config.idle_timeout;
        let last = async {
            for message in messages.into_iter().map(|text| Message::Text(text.into())).chain([close]) {
                self.socket.send(message).await?;
            }
            Ok::<_, axum::Error>(())
        };
        if let Ok(Ok(())) = tokio::time::timeout(patience, last).await {
            let answered = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            tokio::time::timeout(GOODBYE, answered).await.ok();
        }
    }
}

fn refused<T>(parting: Parting) -> ControlFlow<End, T> {
    ControlFlow::Break(End { reason: LiveEnd::Refused, parting: Some(parting) })
}

/// What a client said; nothing where it only answered a ping.
fn words(message: &Message) -> Option<Words<'_>> {
    match message {
        Message::Text(text) => Some(Words::Text(text.as_bytes())),
        Message::Binary(bytes) => Some(Words::Binary(bytes)),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => None,
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
