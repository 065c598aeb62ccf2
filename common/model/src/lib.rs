//! What Gavel speaks of: a submission, the work asked for, its limits, what became of it, and the languages there are.
//!
//! Every type that travels is lenient in what it reads: fields it does not know are ignored at every depth, so that a
//! fleet can be upgraded part by part. What clients send is read by strict types of the API.

mod bounded;
mod bounds;
mod captured;
mod checker;
mod control;
mod digest;
mod event;
mod heartbeat;
mod lane;
pub mod language;
mod limits;
mod limits_policy;
mod live;
mod payload;
mod result;
mod source;
mod submission;
mod work;

pub use bounded::{LEAST_RESULT, texts_length, trim_texts};
pub use bounds::{Bounds, Clash, MAX_ARGS, MAX_ARGS_BYTES, MAX_TEST_NAME, OutOfBounds, clash};
pub use captured::{Captured, Encoding};
pub use checker::{Checker, is_tolerance};
pub use control::Control;
pub use digest::{Digest, DigestError};
pub use event::{JudgingEvent, JudgingStep};
pub use gavel_problem::checker::CheckerOptions;
pub use gavel_problem::{FileIo, IoFile, IoFileError, UnknownVerdict, Verdict};
pub use heartbeat::{Canary, Heartbeat};
pub use lane::Lane;
pub use limits::{
    LimitError, Limits, LimitsRequest, MIN_ADDRESS_SPACE_MB, MIN_MEMORY_MB, STDERR_FLOOD_KB, default_wall_ms,
    milliseconds,
};
pub use limits_policy::{LimitsPolicy, PackageExcess};
pub use live::{
    LIVE_CHUNK, LIVE_LONGEST, LiveBytes, LiveEnd, LiveInput, LiveOutput, LiveRun, LiveStage, LiveStream,
};
pub use payload::Payload;
pub use result::{
    CompileReport, GroupReport, JudgeResult, LeftOut, LimitHit, SubmissionRef, TestReport, Timings,
};
pub use source::{FileName, FileNameError, MAX_FILE_NAME, MAX_PARTS, SourceFile};
pub use submission::{DoorNote, Submission, SubmissionId};
pub use work::{TestCase, Work};
