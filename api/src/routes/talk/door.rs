//! What a door adds to a talk: its words.

use std::borrow::Cow;

use gavel_model::{JudgeResult, LiveEnd, LiveInput, LiveOutput, SubmissionId};

use crate::intake::{IntakeError, Request};
use crate::state::AppState;

/// A message of a client.
#[derive(Clone, Copy, Debug)]
pub enum Words<'a> {
    /// Text.
    Text(&'a [u8]),
    /// Bytes.
    Binary(&'a [u8]),
}

/// What is to be run.
#[derive(Debug)]
pub struct Opening {
    /// The program and its limits.
    pub request: Request,
    /// How long it may be idle, in milliseconds.
    pub idle_ms: Option<u64>,
}

/// The last that a client is told.
#[derive(Debug)]
pub struct Parting {
    /// Messages before the end.
    pub messages: Vec<String>,
    /// The code of the WebSocket's close frame.
    pub code: u16,
    /// Its text.
    pub reason: Cow<'static, str>,
}

/// Why a talk is over, as far as the door does not know.
pub enum Why {
    /// The client has not said in time what is to be run.
    SilentAtFirst,
    /// A message is longer than this many bytes.
    TooLong(usize),
    /// The run was not accepted.
    Refused(IntakeError),
    /// It ended; `error` tells what failed.
    Over {
        /// Why.
        reason: LiveEnd,
        /// What became of the program.
        result: Option<Box<JudgeResult>>,
        /// What failed.
        error: Option<String>,
    },
}

/// Translates between a client and a worker.
pub trait Door: Send + 'static {
    /// Reads what the client says before anything was begun; nothing where that was nothing.
    ///
    /// # Errors
    /// What the client is told where it must not say that.
    fn opening(&mut self, words: Words<'_>, state: &AppState) -> Result<Option<Opening>, Parting>;

    /// Reads what it says later; nothing where that was nothing.
    ///
    /// # Errors
    /// What the client is told where it must not say that.
    fn said(&mut self, words: Words<'_>) -> Result<Option<LiveInput>, Parting>;

    /// The messages that tell what a worker told of the run `id`.
    fn told(&mut self, id: SubmissionId, output: LiveOutput) -> Vec<String>;

    /// The last words.
    fn part(&mut self, why: Why) -> Parting;
}
