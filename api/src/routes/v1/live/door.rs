//! Our own words for a talk.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use gavel_model::{Encoding, LiveBytes, LiveEnd, LiveInput, LiveOutput, LiveStream, SubmissionId};
use serde::de::DeserializeOwned;

use super::words::{Input, InputEnd, Kind, Signal, Start, Told};
use crate::error::{ApiError, ErrorCode};
use crate::http::body::{describe, parse};
use crate::http::bytes::decode;
use crate::intake::IntakeError;
use crate::routes::refusal;
use crate::routes::talk::{Door, Opening, Parting, Streams, Why, Words, number_of};
use crate::routes::v1::names::name;
use crate::routes::v1::submissions::request::SubmissionRequest;
use crate::state::AppState;

/// Close frame: all is told (RFC 6455).
const NORMAL: u16 = 1000;
/// Close frames of errors: this, and the HTTP status that the error would have.
const ERRORS: u16 = 4000;
/// The most bytes of a close frame's text (RFC 6455).
const MOST_REASON: usize = 123;

/// The door of `GET /api/v1/run/live`.
#[derive(Default)]
pub struct OwnDoor {
    streams: Streams,
    /// Whether the end of standard input was said.
    ended: bool,
}

impl Door for OwnDoor {
    fn opening(&mut self, words: Words<'_>, _: &AppState) -> Result<Option<Opening>, Parting> {
        let Words::Text(text) = words else {
            return Err(refused(ApiError::new(
                ErrorCode::InvalidField,
                "the first message must be the text of a `start`",
            )));
        };
        match kind(text)?.as_str() {
            "start" => {}
            other => {
                return Err(refused(ApiError::invalid(
                    "type",
                    format!("`start` must come before `{other}`"),
                )));
            }
        }
        let Start { language, source, files, args, compiler_options, limits, idle_ms, .. } = read(text)?;
        let request = SubmissionRequest::program(language, source, files, args, compiler_options, limits);
        let request = request.read().map_err(|error| refused(refusal::told(&error, name)))?;
        Ok(Some(Opening { request, idle_ms }))
    }

    fn said(&mut self, words: Words<'_>) -> Result<Option<LiveInput>, Parting> {
        let text = match words {
            Words::Binary(bytes) => return self.input(bytes.to_vec()),
            Words::Text(text) => text,
        };
        match kind(text)?.as_str() {
            "stdin" => {
                let Input { data, encoding, .. } = read(text)?;
                let data = data.ok_or_else(|| refused(ApiError::invalid("data", "data is missing")))?;
                let data = decode(data, encoding.unwrap_or_default()).map_err(|error| {
                    refused(ApiError::invalid("data", format!("data is not base64: {error}")))
                })?;
                self.input(data.to_vec())
            }
            "end" => {
                let InputEnd { .. } = read(text)?;
                self.ended = true;
                Ok(Some(LiveInput::End))
            }
            "signal" => {
                let Signal { signal, .. } = read(text)?;
                let signal = signal.as_deref().and_then(number_of).ok_or_else(|| {
                    refused(ApiError::invalid(
                        "signal",
                        "signal must be the name of one of Linux, such as SIGTERM",
                    ))
                })?;
                Ok(Some(LiveInput::Signal { signal }))
            }
            "start" => Err(refused(ApiError::invalid("type", "the run has begun; `start` comes once"))),
            other => {
                let other: String = other.chars().take(50).collect();
                let message = format!("there is no message `{other}`; there is: stdin, end, signal");
                Err(refused(ApiError::invalid("type", message)))
            }
        }
    }

    fn told(&mut self, id: SubmissionId, output: LiveOutput) -> Vec<String> {
        match output {
            LiveOutput::Begun { worker, .. } => {
                vec![json(&Told::Started { id: id.to_string(), worker: &worker })]
            }
            LiveOutput::Stage { stage } => vec![json(&Told::Stage { stage })],
            LiveOutput::Compiled { report } => vec![json(&Told::Compiled { compile: &report })],
            LiveOutput::Data { stream, data } => {
                let whole = self.streams.push(stream, &data.0);
                data_of(stream, whole).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn part(&mut self, why: Why) -> Parting {
        match why {
            Why::SilentAtFirst => {
                refused(ApiError::new(ErrorCode::RequestTimeout, "no `start` came in time"))
            }
            Why::TooLong(most) => refused(ApiError::new(
                ErrorCode::TooLarge,
                format!("the message has more than {most} bytes, which is the maximum"),
            )),
            Why::Refused(error) => {
                let reason = match error {
                    IntakeError::NoWorker { .. } => LiveEnd::NoWorker,
                    _ => LiveEnd::Refused,
                };
                failed(reason, refusal::answer(error, name))
            }
            Why::Over { reason, result: Some(result), .. } => {
                let mut messages = self.rest();
                messages.push(json(&Told::Result { reason, result: &result }));
                Parting { messages, code: NORMAL, reason: Cow::Borrowed(reason.as_str()) }
            }
            Why::Over { reason, result: None, error } => {
                let code = match reason {
                    LiveEnd::NoWorker | LiveEnd::Lost | LiveEnd::Shutdown => ErrorCode::Unavailable,
                    _ => ErrorCode::Internal,
                };
                let error = ApiError::new(code, error.unwrap_or_else(|| "the run failed".to_owned()));
                let Parting { messages, code, reason } = failed(reason, error);
                Parting { messages: [self.rest(), messages].concat(), code, reason }
            }
        }
    }
}

impl OwnDoor {
    fn input(&self, data: Vec<u8>) -> Result<Option<LiveInput>, Parting> {
        if self.ended {
            return Err(refused(ApiError::invalid("type", "there is no more standard input after `end`")));
        }
        Ok(Some(LiveInput::Data { data: LiveBytes(data) }))
    }

    /// What was held back of characters that never came to their end.
    fn rest(&mut self) -> Vec<String> {
        self.streams.rest().into_iter().filter_map(|(stream, bytes)| data_of(stream, bytes)).collect()
    }
}

fn data_of(stream: LiveStream, bytes: Vec<u8>) -> Option<String> {
    if bytes.is_empty() {
        return None;
    }
    let (data, encoding) = match String::from_utf8(bytes) {
        Ok(text) => (text, Encoding::Utf8),
        Err(error) => (BASE64.encode(error.as_bytes()), Encoding::Base64),
    };
    Some(json(&Told::Data { stream, data, encoding }))
}

fn kind(text: &[u8]) -> Result<String, Parting> {
    let Kind { kind } = serde_json::from_slice(text).map_err(|error| refused(describe(None, &error)))?;
    kind.ok_or_else(|| refused(ApiError::invalid("type", "type is missing")))
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Parting> {
    parse(text).map_err(refused)
}

fn refused(error: ApiError) -> Parting {
    failed(LiveEnd::Refused, error)
}

fn failed(reason: LiveEnd, error: ApiError) -> Parting {
    let code = ERRORS + error.code.status().as_u16();
    let mut text = error.message.clone();
    text.truncate(text.floor_char_boundary(MOST_REASON));
    Parting { messages: vec![json(&Told::Error { reason, error })], code, reason: Cow::Owned(text) }
}

fn json(told: &Told<'_>) -> String {
    // Cannot fail: every key is a text.
    serde_json::to_string(told).unwrap_or_default()
}
