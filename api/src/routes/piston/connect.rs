//! `connect`: a WebSocket with streaming input and output, in Piston's words.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gavel_model::{
    JudgeResult, LiveBytes, LiveEnd, LiveInput, LiveOutput, LiveStage, LiveStream, SubmissionId, TestReport,
    Verdict,
};
use serde_json::{Value, json};

use super::answer::Ended;
use super::error::PistonError;
use super::execute::name;
use super::request::{Wanted, read_live};
use super::runtimes::Runtime;
use crate::principal::{Principal, Scope};
use crate::routes::refusal;
use crate::routes::talk::{
    Door, Opening, Parting, Streams, Upgraded, Why, Words, is_named, number_of, refuse_foreign_page, upgrade,
};
use crate::state::AppState;

/// Why a talk is over, as close frames say it.
mod close {
    pub(super) const ALREADY_INITIALIZED: (u16, &str) = (4000, "Already Initialized");
    pub(super) const INITIALIZATION_TIMEOUT: (u16, &str) = (4001, "Initialization Timeout");
    pub(super) const NOTIFIED_ERROR: (u16, &str) = (4002, "Notified Error");
    pub(super) const NOT_YET_INITIALIZED: (u16, &str) = (4003, "Not yet initialized");
    pub(super) const ONLY_STDIN: (u16, &str) = (4004, "Can only write to stdin");
    pub(super) const INVALID_SIGNAL: (u16, &str) = (4005, "Invalid signal");
    pub(super) const JOB_COMPLETED: (u16, &str) = (4999, "Job Completed");
}

/// Begins a talk. Whoever runs programs needs the scope for it, though the method is one for reading.
pub async fn connect(
    State(state): State<AppState>,
    principal: Principal,
    headers: HeaderMap,
    upgraded: Upgraded,
) -> Result<Response, PistonError> {
    refuse_foreign_page(&headers, &state.config)?;
    principal.must_have(Scope::Submit)?;
    let seat = state.live.take(&principal)?;
    Ok(upgrade(upgraded, state, principal, seat, PistonDoor::default())?)
}

/// Piston's words.
#[derive(Default)]
struct PistonDoor {
    runtime: Option<Runtime>,
    /// Whether the run stage was told.
    runs: bool,
    streams: Streams,
}

impl Door for PistonDoor {
    fn opening(&mut self, words: Words<'_>, state: &AppState) -> Result<Option<Opening>, Parting> {
        let said = value(words)?;
        match said["type"].as_str() {
            Some("init") => {
                let Wanted { runtime, request } =
                    read_live(&said, state).map_err(|error| error_of(&error.text()))?;
                self.runtime = Some(runtime);
                Ok(Some(Opening { request, idle_ms: None }))
            }
            Some("data" | "signal") => Err(closed(close::NOT_YET_INITIALIZED)),
            _ => Ok(None),
        }
    }

    fn said(&mut self, words: Words<'_>) -> Result<Option<LiveInput>, Parting> {
        let said = value(words)?;
        match said["type"].as_str() {
            Some("init") => Err(closed(close::ALREADY_INITIALIZED)),
            Some("data") if said["stream"].as_str() == Some("stdin") => {
                let data = LiveBytes(said["data"].as_str().unwrap_or_default().as_bytes().to_vec());
                Ok(Some(LiveInput::Data { data }))
            }
            Some("data") => Err(closed(close::ONLY_STDIN)),
            Some("signal") => match said["signal"].as_str() {
                Some(name) if is_named(name) => {
                    Ok(number_of(name).map(|signal| LiveInput::Signal { signal }))
                }
                _ => Err(closed(close::INVALID_SIGNAL)),
            },
            _ => Ok(None),
        }
    }

    fn told(&mut self, _: SubmissionId, output: LiveOutput) -> Vec<String> {
        let Some(runtime) = &self.runtime else { return Vec::new() };
        let compiled = runtime.spec.artifact().is_some();
        match output {
            LiveOutput::Begun { .. } => {
                let version = runtime.version.to_string();
                vec![json!({"type": "runtime", "language": runtime.name, "version": version}).to_string()]
            }
            LiveOutput::Stage { stage: LiveStage::Compile } if compiled => vec![stage(LiveStage::Compile)],
            LiveOutput::Stage { stage: LiveStage::Run } => {
                self.runs = true;
                vec![stage(LiveStage::Run)]
            }
            LiveOutput::Compiled { report } if compiled => {
                let ended = Ended::of(report.limit, None, report.exit_code);
                let said = data(LiveStream::Stderr, report.output.as_bytes());
                said.into_iter().chain([exit(LiveStage::Compile, &ended)]).collect()
            }
            LiveOutput::Data { stream, data: bytes } => {
                let whole = self.streams.push(stream, &bytes.0);
                data(stream, &whole).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn part(&mut self, why: Why) -> Parting {
        match why {
            Why::SilentAtFirst => closed(close::INITIALIZATION_TIMEOUT),
            Why::TooLong(most) => error_of(&format!("a message has more than {most} bytes")),
            Why::Refused(error) => error_of(&refusal::answer(error, name).message),
            Why::Over { result: Some(result), .. } => {
                let messages = self.last_of(&result);
                Parting { messages, ..closed(close::JOB_COMPLETED) }
            }
            Why::Over { error, .. } => {
                let why = error.unwrap_or_else(|| LiveEnd::Failed.as_str().to_owned());
                let mut parting = error_of(&format!("Execution problem: {why}"));
                parting.messages = [self.rest(), parting.messages].concat();
                parting
            }
        }
    }
}

impl PistonDoor {
    /// The end of the last stage.
    fn last_of(&mut self, result: &JudgeResult) -> Vec<String> {
        let mut messages = self.rest();
        let compiled = self.runtime.as_ref().is_some_and(|runtime| runtime.spec.artifact().is_some());
        match (result.tests.first(), &result.compile) {
            (Some(TestReport { limit, signal, exit_code, .. }), _) => {
                messages.push(exit(LiveStage::Run, &Ended::of(*limit, *signal, *exit_code)));
            }
            // Of a language that is only checked before it runs, what the check said is what the program would have said.
            (None, Some(compile)) if result.verdict == Verdict::Ce && !compiled => {
                if !self.runs {
                    messages.push(stage(LiveStage::Run));
                    messages.extend(data(LiveStream::Stderr, compile.output.as_bytes()));
                }
                messages.push(exit(LiveStage::Run, &Ended::of(compile.limit, None, compile.exit_code)));
            }
            _ => {}
        }
        messages
    }

    fn rest(&mut self) -> Vec<String> {
        self.streams.rest().iter().filter_map(|(stream, bytes)| data(*stream, bytes)).collect()
    }
}

/// Piston reads a message as JSON, whatever kind of message it is.
fn value(words: Words<'_>) -> Result<Value, Parting> {
    let (Words::Text(bytes) | Words::Binary(bytes)) = words;
    serde_json::from_slice(bytes).map_err(|error| error_of(&error.to_string()))
}

fn stage(stage: LiveStage) -> String {
    json!({"type": "stage", "stage": stage.as_str()}).to_string()
}

fn data(stream: LiveStream, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    (!bytes.is_empty()).then(|| json!({"type": "data", "stream": stream.as_str(), "data": text}).to_string())
}

fn exit(stage: LiveStage, ended: &Ended) -> String {
    json!({"type": "exit", "stage": stage.as_str(), "code": ended.code, "signal": ended.signal}).to_string()
}

fn error_of(message: &str) -> Parting {
    let messages = vec![json!({"type": "error", "message": message}).to_string()];
    Parting { messages, ..closed(close::NOTIFIED_ERROR) }
}

const fn closed((code, reason): (u16, &'static str)) -> Parting {
    Parting { messages: Vec::new(), code, reason: Cow::Borrowed(reason) }
}
