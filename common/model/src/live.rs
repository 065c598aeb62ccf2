//! Live runs: a program whose input comes while it runs, and whose output is told as it is written.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::result::{CompileReport, JudgeResult};
use crate::submission::{Submission, SubmissionId};

/// The most bytes of input or output in one frame.
pub const LIVE_CHUNK: usize = 64 * 1024;

/// The longest that a live run may be allowed to take: RabbitMQ takes a message back that is not acknowledged for half an hour
/// (`consumer_timeout`), and everything else that its consumer has with it.
pub const LIVE_LONGEST: Duration = Duration::from_secs(25 * 60);

/// What a frame of data costs beside its bytes, so that many small ones are bounded as well.
const FRAME_COST: u64 = 256;

/// A program that somebody waits for with questions and answers. It is begun once, or never.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveRun {
    /// The program; its work is one run, and standard input comes later.
    pub submission: Submission,
    /// How long the program may run, whatever it waits for, in milliseconds.
    pub session_ms: u64,
    /// How long nothing may be read and nothing be written, in milliseconds.
    pub idle_ms: u64,
    /// Where the frames of its session go, in the broker's own words.
    pub reply_to: String,
}

impl LiveRun {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> SubmissionId {
        self.submission.id
    }
}

/// Bytes of a stream, as base64 in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveBytes(pub Vec<u8>);

impl LiveBytes {
    /// What a frame with them costs of the window of its direction.
    #[must_use]
    pub const fn cost(&self) -> u64 {
        self.0.len() as u64 + FRAME_COST
    }
}

impl Serialize for LiveBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for LiveBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A part of a live run, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveStage {
    /// It is compiled, or checked as its language has it.
    Compile,
    /// It runs.
    Run,
}

impl LiveStage {
    /// The word that travels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Run => "run",
        }
    }
}

/// What a program writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl LiveStream {
    /// The word that travels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// Why a live run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveEnd {
    /// The program came to its own end, to a limit of its own, or does not compile: the result tells.
    Done,
    /// Nothing was read and nothing written for too long.
    Idle,
    /// It ran as long as a session may.
    Session,
    /// The client went away.
    Left,
    /// The client said something that it may not say.
    Refused,
    /// No worker began it in time.
    NoWorker,
    /// Its worker is gone, or cannot be reached.
    Lost,
    /// Something of the service's own failed.
    Failed,
    /// The service is about to end.
    Shutdown,
    /// A reason of a later version.
    #[serde(other)]
    Unknown,
}

impl LiveEnd {
    /// Every reason that this version knows.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Idle,
        Self::Session,
        Self::Left,
        Self::Refused,
        Self::NoWorker,
        Self::Lost,
        Self::Failed,
        Self::Shutdown,
    ];

    /// The word that travels, and the label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Idle => "idle",
            Self::Session => "session",
            Self::Left => "left",
            Self::Refused => "refused",
            Self::NoWorker => "no_worker",
            Self::Lost => "lost",
            Self::Failed => "failed",
            Self::Shutdown => "shutdown",
            Self::Unknown => "unknown",
        }
    }
}

/// What the API tells the worker of a live run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveInput {
    /// The client is still there, and no other worker began it: go on.
    Go,
    /// A piece of standard input, at most [`LIVE_CHUNK`] bytes.
    Data {
        /// The bytes.
        data: LiveBytes,
    },
    /// There is no more standard input.
    End,
    /// A signal for the program.
    Signal {
        /// Its number.
        signal: u8,
    },
    /// Output was handed on: the window is open again by so much.
    Taken {
        /// The cost of the frames that were.
        cost: u64,
    },
    /// The client has gone.
    Leave,
    /// Something of a later version, which is passed over.
    #[serde(other)]
    Unknown,
}

/// What the worker of a live run tells the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveOutput {
    /// A worker has it, and waits for [`LiveInput::Go`].
    Begun {
        /// The worker.
        worker: String,
        /// Where the frames for it go, in the broker's own words.
        reply_to: String,
    },
    /// A stage begins.
    Stage {
        /// Which.
        stage: LiveStage,
    },
    /// The compile step is over.
    Compiled {
        /// What the compiler said, and how it ended.
        report: CompileReport,
    },
    /// A piece of what the program writes, at most [`LIVE_CHUNK`] bytes.
    Data {
        /// Where it was written to.
        stream: LiveStream,
        /// The bytes.
        data: LiveBytes,
    },
    /// Input was taken by the program: the window is open again by so much.
    Taken {
        /// The cost of the frames that were.
        cost: u64,
    },
    /// The worker is still there.
    Alive,
    /// The run is over; nothing more comes.
    Ended {
        /// Why.
        reason: LiveEnd,
        /// What became of the program, where it came to run or to be compiled.
        result: Option<Box<JudgeResult>>,
        /// What failed.
        error: Option<String>,
    },
    /// Something of a later version, which is passed over.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_kind_travel_and_later_words_are_passed_over() {
        let said = LiveOutput::Data { stream: LiveStream::Stderr, data: LiveBytes(vec![0, 255, b'a']) };
        let json = serde_json::to_string(&said).unwrap();
        assert_eq!(json, r#"{"kind":"data","stream":"stderr","data":"AP9h"}"#);
        assert_eq!(serde_json::from_str::<LiveOutput>(&json).unwrap(), said);
        assert_eq!(serde_json::from_str::<LiveInput>(r#"{"kind":"resize"}"#).unwrap(), LiveInput::Unknown);
        assert_eq!(serde_json::from_str::<LiveEnd>(r#""bored""#).unwrap(), LiveEnd::Unknown);
        assert!(serde_json::from_str::<LiveInput>(r#"{"kind":"data","data":"%"}"#).is_err());
    }

    #[test]
    fn many_small_frames_fill_a_window_too() {
        assert_eq!((LiveBytes::default().cost(), LiveBytes(vec![0; 100]).cost()), (256, 356));
    }

    #[test]
    fn every_reason_is_called_the_same_everywhere() {
        for reason in LiveEnd::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
