//! What clients say, and what they are told.

use gavel_model::{CompileReport, Encoding, JudgeResult, LiveEnd, LiveStage, LiveStream};
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::http::bytes::BytesBody;
use crate::http::object::Object;
use crate::routes::v1::submissions::request::{FileRequest, LimitsBody};

/// Which message it is.
#[derive(Debug, Deserialize)]
pub struct Kind {
    /// The word that tells.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// `start`: the program.
#[derive(Debug, Deserialize)]
pub struct Start {
    /// Told already.
    #[serde(rename = "type")]
    pub _kind: Option<String>,
    pub language: Option<String>,
    pub source: Option<BytesBody>,
    pub files: Option<Vec<Object<FileRequest>>>,
    pub args: Option<Vec<String>>,
    pub compiler_options: Option<Vec<String>>,
    pub limits: Option<Object<LimitsBody>>,
    pub idle_ms: Option<u64>,
}

/// `stdin`: a piece of standard input.
#[derive(Debug, Deserialize)]
pub struct Input {
    /// Told already.
    #[serde(rename = "type")]
    pub _kind: Option<String>,
    pub data: Option<String>,
    pub encoding: Option<Encoding>,
}

/// `end`: there is no more of it.
#[derive(Debug, Deserialize)]
pub struct InputEnd {
    /// Told already.
    #[serde(rename = "type")]
    pub _kind: Option<String>,
}

/// `signal`: for the program.
#[derive(Debug, Deserialize)]
pub struct Signal {
    /// Told already.
    #[serde(rename = "type")]
    pub _kind: Option<String>,
    pub signal: Option<String>,
}

/// What a client is told.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Told<'a> {
    /// A worker has it.
    Started {
        /// The run's id, as in logs.
        id: String,
        /// The worker.
        worker: &'a str,
    },
    /// A stage begins.
    Stage {
        /// Which.
        stage: LiveStage,
    },
    /// The compile step is over.
    Compiled {
        /// What came of it.
        compile: &'a CompileReport,
    },
    /// What the program writes.
    Data {
        /// Where to.
        stream: LiveStream,
        /// The bytes, as `encoding` says.
        data: String,
        /// How they are written.
        encoding: Encoding,
    },
    /// What became of the program; nothing comes after it.
    Result {
        /// Why it is over.
        reason: LiveEnd,
        /// As of a submission.
        result: &'a JudgeResult,
    },
    /// The run is over without a result; nothing comes after it.
    Error {
        /// Why it is over.
        reason: LiveEnd,
        /// As everywhere.
        error: ApiError,
    },
}
