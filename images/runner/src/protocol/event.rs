//! Events: what a runner answers.

use serde::{Deserialize, Serialize};

use super::frame::{
    Message, ProtocolError, decode_bytes, decode_empty, decode_value, encode_bytes, encode_raw, encode_value,
};
use super::path::check_path;

const READY: u8 = 0x81;
const STDOUT: u8 = 0x82;
const STDERR: u8 = 0x83;
const EXITED: u8 = 0x84;
const FILE: u8 = 0x85;
const DATA: u8 = 0x86;
const FETCHED: u8 = 0x87;
const RESET_DONE: u8 = 0x88;
const PIPES_READY: u8 = 0x89;
const FAILED: u8 = 0x8a;
const PEER_END_SHOWN: u8 = 0x8b;
const WAITED: u8 = 0x8c;
const BLANK_DONE: u8 = 0x8d;
const TAKEN: u8 = 0x8e;

/// Which control group hierarchy the runner reads its counters from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cgroup {
    /// One hierarchy per controller.
    V1,
    /// The unified hierarchy.
    V2,
    /// No readable counters.
    Unknown,
}

/// How a job's main process ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It exited with this code.
    Code(i32),
    /// This signal killed it.
    Signal(i32),
    /// It never began.
    NotStarted {
        /// The system's error number.
        errno: i32,
        /// The step that failed, such as `execve`.
        what: String,
    },
}

/// What the runner stopped a job for. The first one that was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Limit {
    /// `cpu_limit_us`.
    Cpu,
    /// `wall_limit_us`.
    Wall,
    /// `stdout_limit`.
    Stdout,
    /// `stderr_limit`.
    Stderr,
    /// `memory_limit`.
    Memory,
    /// [`crate::Command::Kill`], or a reset in the middle of the job.
    Killed,
}

/// A job's end and its measurements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How the main process ended.
    pub ending: Ending,
    /// Which limit was exceeded, also when the program ended by itself just after.
    pub limit: Option<Limit>,
    /// User CPU time of every process that was waited for, microseconds.
    pub user_us: u64,
    /// System CPU time of every process that was waited for, microseconds.
    pub system_us: u64,
    /// CPU time of the whole control group during the job without the runner's own, microseconds; also counts
    /// processes that nobody waited for. `None` when the counter cannot be read.
    pub cgroup_cpu_us: Option<u64>,
    /// From just before exec to the end of the main process, microseconds, without the time in which the worker
    /// took no output and without `waited_us`.
    pub wall_us: u64,
    /// Time in which it, or its interactor, could have run and had no core, microseconds, at most `wall_spare_us`;
    /// looked for now and then, so 0 for a short run. `None` when the scheduler's figures cannot be read.
    pub waited_us: Option<u64>,
    /// Largest maximum resident set of one process, bytes; what it mapped of files is in it.
    pub max_rss_bytes: u64,
    /// The most that the control group was seen to hold above what it held before the program began, bytes, without
    /// cached files of the image: all processes, memory files and `/tmp`. `None` when it was never looked at,
    /// since the run was short, or cannot be read.
    pub held_bytes: Option<u64>,
    /// Length of standard input if it was a file in memory, else 0: a program that maps it has it in its resident
    /// set.
    pub stdin_file_bytes: u64,
    /// Processes the kernel killed for memory during the job; `None` when the counter cannot be read.
    pub oom_kills: Option<u64>,
    /// Bytes the program wrote to standard output that the runner read (0 unless streamed).
    pub stdout_bytes: u64,
    /// Bytes the program wrote to standard error that the runner read.
    pub stderr_bytes: u64,
    /// Bytes that its processes read from anything, as the kernel counts them for each (`rchar` of `proc_pid_io(5)`),
    /// without those that nobody waited for. `None` when that cannot be read.
    pub read_bytes: Option<u64>,
    /// Processes the runner waited for.
    pub processes: u32,
    /// Just before exec, `CLOCK_MONOTONIC` nanoseconds.
    pub started_ns: u64,
    /// End of the main process, `CLOCK_MONOTONIC` nanoseconds.
    pub ended_ns: u64,
}

impl Outcome {
    /// Whether the kernel is known to have killed one of its processes for memory.
    #[must_use]
    pub fn was_oom_killed(&self) -> bool {
        self.oom_kills.is_some_and(|kills| kills > 0)
    }

    /// Of a program that never began, with nothing measured.
    #[must_use]
    pub const fn not_started(errno: i32, what: String) -> Self {
        Self {
            ending: Ending::NotStarted { errno, what },
            limit: None,
            user_us: 0,
            system_us: 0,
            cgroup_cpu_us: None,
            wall_us: 0,
            waited_us: None,
            max_rss_bytes: 0,
            held_bytes: None,
            stdin_file_bytes: 0,
            oom_kills: None,
            stdout_bytes: 0,
            stderr_bytes: 0,
            read_bytes: None,
            processes: 0,
            started_ns: 0,
            ended_ns: 0,
        }
    }
}

/// Runner to worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The first frame, nonce 0.
    Ready {
        /// [`crate::PROTOCOL`] of the runner.
        protocol: u16,
        /// Where its counters come from.
        cgroup: Cgroup,
    },
    /// A piece of the job's standard output.
    Stdout(Vec<u8>),
    /// A piece of the job's standard error.
    Stderr(Vec<u8>),
    /// The job has ended, nothing of it is alive, and all its output was sent.
    Exited(Outcome),
    /// A fetched file follows in [`Event::Data`] frames, `size` bytes in all.
    File {
        /// Relative to the fetched directory; see [`check_path`].
        path: String,
        /// Permission bits.
        mode: u32,
        /// Length in bytes.
        size: u64,
    },
    /// A piece of the file being fetched.
    Data(Vec<u8>),
    /// All files were sent.
    Fetched {
        /// How many files.
        files: u32,
        /// Their bytes in all.
        bytes: u64,
    },
    /// The sandbox is as before the first job.
    ResetDone,
    /// The sandbox is as before the first file.
    BlankDone,
    /// The step of the pipes is done.
    PipesReady,
    /// The job's program, an interactor, is from now on shown that its peer has ended. Comes before `Exited`.
    PeerEndShown,
    /// The job's program, an interactor, has waited for a core for some more time. Comes before `Exited`.
    Waited {
        /// In all so far, microseconds.
        total_us: u64,
    },
    /// Of a job with [`crate::Stdin::Live`]: how much of its standard input is no longer under way, since its pipe took it or
    /// it will never read any. Comes before `Exited`.
    Taken {
        /// In all so far, bytes.
        total: u64,
    },
    /// The command of this nonce could not be carried out.
    Failed {
        /// What went wrong, for an operator.
        what: String,
    },
}

/// Appends an event as one frame.
///
/// # Errors
/// When it does not fit in a frame or names a refused path; nothing is appended then.
pub fn encode_event(nonce: u64, event: &Event, out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    match event {
        Event::Ready { protocol, cgroup } => encode_value(READY, nonce, &(protocol, cgroup), out),
        Event::Stdout(bytes) => encode_stdout(nonce, bytes, out),
        Event::Stderr(bytes) => encode_stderr(nonce, bytes, out),
        Event::Exited(outcome) => encode_value(EXITED, nonce, outcome, out),
        Event::File { path, mode, size } => {
            check_path(path)?;
            encode_value(FILE, nonce, &(path, mode, size), out)
        }
        Event::Data(bytes) => encode_chunk(nonce, bytes, out),
        Event::Fetched { files, bytes } => encode_value(FETCHED, nonce, &(files, bytes), out),
        Event::ResetDone => encode_raw(RESET_DONE, nonce, &[], out),
        Event::BlankDone => encode_raw(BLANK_DONE, nonce, &[], out),
        Event::PipesReady => encode_raw(PIPES_READY, nonce, &[], out),
        Event::PeerEndShown => encode_raw(PEER_END_SHOWN, nonce, &[], out),
        Event::Waited { total_us } => encode_value(WAITED, nonce, total_us, out),
        Event::Taken { total } => encode_value(TAKEN, nonce, total, out),
        Event::Failed { what } => encode_value(FAILED, nonce, what, out),
    }
}

/// Appends an [`Event::Stdout`] frame from borrowed bytes.
///
/// # Errors
/// When there are more than [`crate::CHUNK`] of them.
pub fn encode_stdout(nonce: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    encode_bytes(STDOUT, nonce, bytes, out)
}

/// Appends an [`Event::Stderr`] frame from borrowed bytes.
///
/// # Errors
/// When there are more than [`crate::CHUNK`] of them.
pub fn encode_stderr(nonce: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    encode_bytes(STDERR, nonce, bytes, out)
}

/// Appends an [`Event::Data`] frame from borrowed bytes.
///
/// # Errors
/// When there are more than [`crate::CHUNK`] of them.
pub fn encode_chunk(nonce: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    encode_bytes(DATA, nonce, bytes, out)
}

impl Message for Event {
    fn decode(kind: u8, payload: &[u8]) -> Result<Self, ProtocolError> {
        match kind {
            READY => {
                let (protocol, cgroup) = decode_value(kind, payload)?;
                Ok(Self::Ready { protocol, cgroup })
            }
            STDOUT => decode_bytes(payload).map(Self::Stdout),
            STDERR => decode_bytes(payload).map(Self::Stderr),
            EXITED => decode_value(kind, payload).map(Self::Exited),
            FILE => {
                let (path, mode, size) = decode_value::<(String, _, _)>(kind, payload)?;
                check_path(&path)?;
                Ok(Self::File { path, mode, size })
            }
            DATA => decode_bytes(payload).map(Self::Data),
            FETCHED => {
                let (files, bytes) = decode_value(kind, payload)?;
                Ok(Self::Fetched { files, bytes })
            }
            RESET_DONE => decode_empty(kind, payload, Self::ResetDone),
            BLANK_DONE => decode_empty(kind, payload, Self::BlankDone),
            PIPES_READY => decode_empty(kind, payload, Self::PipesReady),
            PEER_END_SHOWN => decode_empty(kind, payload, Self::PeerEndShown),
            WAITED => decode_value(kind, payload).map(|total_us| Self::Waited { total_us }),
            TAKEN => decode_value(kind, payload).map(|total| Self::Taken { total }),
            FAILED => decode_value(kind, payload).map(|what| Self::Failed { what }),
            _ => Err(ProtocolError::Kind(kind)),
        }
    }
}
