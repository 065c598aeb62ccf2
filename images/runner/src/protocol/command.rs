//! Commands: what a worker asks of a runner.

use serde::{Deserialize, Serialize};

use super::frame::{
    Message, ProtocolError, decode_bytes, decode_empty, decode_value, encode_bytes, encode_raw, encode_value,
};
use super::path::check_path;

const PUT: u8 = 0x01;
const DATA: u8 = 0x02;
const EXEC: u8 = 0x03;
const STDIN: u8 = 0x04;
const STDIN_EOF: u8 = 0x05;
const KILL: u8 = 0x06;
const FETCH: u8 = 0x07;
const RESET: u8 = 0x08;
const PIPES_OPEN: u8 = 0x09;
const PIPES_SEAL: u8 = 0x0a;
const PEER_ENDED: u8 = 0x0b;
const FETCH_FILE: u8 = 0x0c;
const PEER_WAITED: u8 = 0x0d;
const BLANK: u8 = 0x0e;
const SIGNAL: u8 = 0x0f;
/// A frame of its own, so that runners of before serve everybody else.
const EXEC_WITHIN: u8 = 0x10;

/// The largest number of a signal of Linux.
const MOST_SIGNAL: u8 = 64;

/// The longest standard input that is held in memory as a file, in bytes.
pub const STDIN_FILE_MAX: u64 = 64 * 1024 * 1024;

/// A place of the sandbox that files are put into and fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Root {
    /// `/app/work`: source and input; nothing can be executed from it.
    Work,
    /// `/tmp`: what is executed.
    Tmp,
}

/// Where a program's standard input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stdin {
    /// `/dev/null`.
    Empty,
    /// [`Command::Stdin`] frames until [`Command::StdinEof`], through a pipe.
    Stream,
    /// The same frames, `size` bytes in all, collected before the program starts: it gets a file that it can seek
    /// and map. Through a pipe, as [`Stdin::Stream`], when there are more than [`STDIN_FILE_MAX`] bytes or the
    /// container has no room for them beside the job's memory limit.
    File {
        /// Length in bytes; another number of them is a failure of the worker's.
        size: u64,
    },
    /// The reading FIFO of [`Command::PipesOpen`].
    Pipe,
    /// As [`Stdin::Stream`], from somebody who waits for the program's answers: `Event::Taken` tells what it took. Who
    /// keeps less than a chunk of it under way is sure that every other command is carried out at once.
    Live,
}

/// Where a program's standard output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stdout {
    /// `Event::Stdout` frames.
    Stream,
    /// The writing FIFO of [`Command::PipesOpen`].
    Pipe,
    /// `/dev/null`, uncounted.
    Discard,
}

/// One program to run, and when to stop it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecSpec {
    /// Program and arguments. A program without a slash is looked for in the `PATH` of `env`.
    pub argv: Vec<String>,
    /// The whole environment; nothing is added.
    pub env: Vec<(String, String)>,
    /// Working directory, absolute.
    pub cwd: String,
    /// Standard input.
    pub stdin: Stdin,
    /// Standard output.
    pub stdout: Stdout,
    /// User + system CPU time of all its processes, microseconds; `u64::MAX` for none.
    pub cpu_limit_us: u64,
    /// Monotonic time from exec to the end of the main process, microseconds; `u64::MAX` for none. Time in which
    /// the program, or its peer of an interactive pair, waited for a core is not counted, up to `wall_spare_us`.
    pub wall_limit_us: u64,
    /// The most time of waiting for a core that is not counted, microseconds.
    pub wall_spare_us: u64,
    /// What all its processes and files may hold at a time, bytes; `u64::MAX` for as much as the container has.
    pub memory_limit: u64,
    /// Bytes of standard output forwarded; one more ends the job.
    pub stdout_limit: u64,
    /// Bytes of standard error accepted; one more ends the job.
    pub stderr_limit: u64,
    /// Bytes of standard error forwarded; the rest is counted and dropped.
    pub stderr_forward: u64,
    /// Soft `RLIMIT_STACK`, bytes; lowered to the hard limit, `u64::MAX` for as much as that allows.
    pub stack_bytes: u64,
    /// The longest file it may write, bytes (`RLIMIT_FSIZE`); `u64::MAX` for what the container allows.
    pub file_bytes: u64,
    /// Cores the program may use (`sched_setaffinity`); empty leaves what the container has.
    pub cores: Vec<u32>,
    /// The address space of each of its processes, bytes (`RLIMIT_AS`); `None` leaves what the container allows.
    #[serde(skip)]
    pub address_space_bytes: Option<u64>,
}

/// Worker to runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A file follows in [`Command::Data`] frames of the same nonce, `size` bytes in all. Parent directories are
    /// made. Not answered, unless it fails: `Event::Failed`, once, and the rest of its data is ignored.
    Put {
        /// Where `path` begins.
        root: Root,
        /// Relative; see [`check_path`].
        path: String,
        /// Permission bits; only `0o777` of them count.
        mode: u32,
        /// Length in bytes.
        size: u64,
        /// Written again at each [`Command::Reset`], from a copy that programs cannot reach.
        keep: bool,
    },
    /// A piece of the file being put.
    Data(Vec<u8>),
    /// Runs a program; the nonce names the job. Answered by output events and at last `Event::Exited`.
    Exec(ExecSpec),
    /// A piece of the running job's standard input. Ignored when that job has ended.
    Stdin(Vec<u8>),
    /// No more standard input.
    StdinEof,
    /// Ends the job of this nonce now; its outcome says `Limit::Killed`. Ignored when it has ended.
    Kill,
    /// Sends a signal to the process group of the job's program, as a terminal does. Ignored when that has ended.
    Signal {
        /// Its number, from 1 to 64.
        number: u8,
    },
    /// Asks for every regular file under a directory (or for one file), answered by `Event::File` and
    /// `Event::Data`, then `Event::Fetched`. Anything but files and directories fails it.
    Fetch {
        /// Where `path` begins.
        root: Root,
        /// Relative; empty for the root itself.
        path: String,
        /// Most bytes in all.
        max_bytes: u64,
        /// Most files.
        max_files: u32,
    },
    /// Asks for one regular file, answered as [`Command::Fetch`] is. Anything else of that name fails it.
    FetchFile {
        /// Where `path` begins.
        root: Root,
        /// Relative; see [`check_path`].
        path: String,
        /// Its most bytes.
        max_bytes: u64,
    },
    /// Between two tests of one submission: kills everything, wipes all that is writable, proves that nothing is left,
    /// restores what is kept, makes `/tmp/out`; answered by `Event::ResetDone`. After `Event::Failed`, which names what
    /// is left, the sandbox must not be used again.
    Reset,
    /// Between two submissions: the same, but what was kept is forgotten, and the proof also looks at the memory that the
    /// sandbox holds; answered by `Event::BlankDone`, or `Event::Failed` as before.
    Blank,
    /// Opens the two FIFOs that join an interactive pair; answered by `Event::PipesReady`. The interactor's side makes
    /// them, empties the directory before, and keeps ends of both, so that neither program can make a read or a write
    /// of the other fail.
    PipesOpen {
        /// Absolute path of the directory that both sandboxes mount.
        dir: String,
        /// Whether this side makes the FIFOs: first the interactor's with `true`, then the program's with `false`.
        create: bool,
        /// Name of the FIFO that this side's program reads.
        read: String,
        /// Name of the FIFO that this side's program writes.
        write: String,
    },
    /// Sent to the side that made the FIFOs when the other has opened them: removes the names; answered by
    /// `Event::PipesReady`.
    PipesSeal,
    /// Sent to a running interactor when its peer has ended: shows it the end of its input, and drops what it
    /// still writes. Answered by `Event::PeerEndShown`, unless the interactor ends before. Ignored when it has ended.
    PeerEnded {
        /// How long the interactor may compute at most until it sleeps, microseconds: it has then dealt with all that
        /// the peer wrote, and a word of its own comes before it knows of the end. 0 to show it at once.
        settle_us: u64,
        /// How long it may sleep or compute after that, microseconds, before its outcome says `Limit::Killed`.
        last_words_us: u64,
    },
    /// Sent to a running program of an interactive pair: how long its interactor has waited for a core so far
    /// (`Event::Waited`), which is not the program's time. Ignored when it has ended.
    PeerWaited {
        /// In all, microseconds.
        total_us: u64,
    },
}

/// Appends a command as one frame.
///
/// # Errors
/// When it does not fit in a frame or names a refused path; nothing is appended then.
pub fn encode_command(nonce: u64, command: &Command, out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    match command {
        Command::Put { root, path, mode, size, keep } => {
            check_path(path)?;
            encode_value(PUT, nonce, &(root, path, mode, size, keep), out)
        }
        Command::Data(bytes) => encode_data(nonce, bytes, out),
        Command::Exec(spec) => match spec.address_space_bytes {
            None => encode_value(EXEC, nonce, spec, out),
            Some(bytes) => encode_value(EXEC_WITHIN, nonce, &(bytes, spec), out),
        },
        Command::Stdin(bytes) => encode_stdin(nonce, bytes, out),
        Command::StdinEof => encode_raw(STDIN_EOF, nonce, &[], out),
        Command::Kill => encode_raw(KILL, nonce, &[], out),
        Command::Signal { number } => {
            check_signal(*number)?;
            encode_value(SIGNAL, nonce, number, out)
        }
        Command::Fetch { root, path, max_bytes, max_files } => {
            check_fetch(path)?;
            encode_value(FETCH, nonce, &(root, path, max_bytes, max_files), out)
        }
        Command::FetchFile { root, path, max_bytes } => {
            check_path(path)?;
            encode_value(FETCH_FILE, nonce, &(root, path, max_bytes), out)
        }
        Command::Reset => encode_raw(RESET, nonce, &[], out),
        Command::PipesOpen { dir, create, read, write } => {
            check_pipes(dir, read, write)?;
            encode_value(PIPES_OPEN, nonce, &(dir, create, read, write), out)
        }
        Command::PipesSeal => encode_raw(PIPES_SEAL, nonce, &[], out),
        Command::Blank => encode_raw(BLANK, nonce, &[], out),
        Command::PeerEnded { settle_us, last_words_us } => {
            encode_value(PEER_ENDED, nonce, &(settle_us, last_words_us), out)
        }
        Command::PeerWaited { total_us } => encode_value(PEER_WAITED, nonce, total_us, out),
    }
}

/// Appends a [`Command::Data`] frame from borrowed bytes.
///
/// # Errors
/// When there are more than [`crate::CHUNK`] of them.
pub fn encode_data(nonce: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    encode_bytes(DATA, nonce, bytes, out)
}

/// Appends a [`Command::Stdin`] frame from borrowed bytes.
///
/// # Errors
/// When there are more than [`crate::CHUNK`] of them.
pub fn encode_stdin(nonce: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
    encode_bytes(STDIN, nonce, bytes, out)
}

impl Message for Command {
    fn decode(kind: u8, payload: &[u8]) -> Result<Self, ProtocolError> {
        match kind {
            PUT => {
                let (root, path, mode, size, keep) = decode_value::<(_, String, _, _, _)>(kind, payload)?;
                check_path(&path)?;
                Ok(Self::Put { root, path, mode, size, keep })
            }
            DATA => decode_bytes(payload).map(Self::Data),
            EXEC => decode_value(kind, payload).map(Self::Exec),
            EXEC_WITHIN => {
                let (bytes, spec) = decode_value(kind, payload)?;
                Ok(Self::Exec(ExecSpec { address_space_bytes: Some(bytes), ..spec }))
            }
            STDIN => decode_bytes(payload).map(Self::Stdin),
            STDIN_EOF => decode_empty(kind, payload, Self::StdinEof),
            KILL => decode_empty(kind, payload, Self::Kill),
            SIGNAL => {
                let number = decode_value(kind, payload)?;
                check_signal(number)?;
                Ok(Self::Signal { number })
            }
            FETCH => {
                let (root, path, max_bytes, max_files) = decode_value::<(_, String, _, _)>(kind, payload)?;
                check_fetch(&path)?;
                Ok(Self::Fetch { root, path, max_bytes, max_files })
            }
            FETCH_FILE => {
                let (root, path, max_bytes) = decode_value::<(_, String, _)>(kind, payload)?;
                check_path(&path)?;
                Ok(Self::FetchFile { root, path, max_bytes })
            }
            RESET => decode_empty(kind, payload, Self::Reset),
            PIPES_OPEN => {
                let (dir, create, read, write) =
                    decode_value::<(String, bool, String, String)>(kind, payload)?;
                check_pipes(&dir, &read, &write)?;
                Ok(Self::PipesOpen { dir, create, read, write })
            }
            PIPES_SEAL => decode_empty(kind, payload, Self::PipesSeal),
            BLANK => decode_empty(kind, payload, Self::Blank),
            PEER_ENDED => decode_value(kind, payload)
                .map(|(settle_us, last_words_us)| Self::PeerEnded { settle_us, last_words_us }),
            PEER_WAITED => decode_value(kind, payload).map(|total_us| Self::PeerWaited { total_us }),
            _ => Err(ProtocolError::Kind(kind)),
        }
    }
}

fn check_signal(number: u8) -> Result<(), ProtocolError> {
    if (1..=MOST_SIGNAL).contains(&number) { Ok(()) } else { Err(ProtocolError::Payload(SIGNAL)) }
}

fn check_fetch(path: &str) -> Result<(), ProtocolError> {
    if path.is_empty() { Ok(()) } else { Ok(check_path(path)?) }
}

fn check_pipes(dir: &str, read: &str, write: &str) -> Result<(), ProtocolError> {
    check_path(dir.strip_prefix('/').unwrap_or_default())?;
    for name in [read, write] {
        check_path(name)?;
        if name.contains('/') {
            return Err(ProtocolError::Path(super::path::PathError::Deep));
        }
    }
    Ok(())
}
