//! What can go wrong with a sandbox that is not the program's doing.

use std::time::Duration;

use gavel_runner::ProtocolError;

/// A sandbox that cannot be used any more, or never could.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Something did not happen in time.
    #[error("{what} took longer than {within:?}")]
    Deadline {
        /// What was waited for.
        what: &'static str,
        /// How long.
        within: Duration,
    },
    /// The runner sent something that the protocol has no place for.
    #[error("the runner broke the protocol: {0}")]
    Protocol(ProtocolError),
    /// A well-formed event at the wrong time.
    #[error("the runner answered {event} while {during}")]
    Unexpected {
        /// What came.
        event: &'static str,
        /// What was going on.
        during: &'static str,
    },
    /// Bytes that did not come from the runner's standard output.
    #[error("the engine delivered bytes that are not standard output")]
    ForeignStream,
    /// The runner speaks another protocol: image and worker are of different builds.
    #[error(
        "the image's runner speaks protocol {found}, this worker {}: build the images again",
        gavel_runner::PROTOCOL
    )]
    Version {
        /// The runner's.
        found: u16,
    },
    /// A file could not be written: it does not fit, or another one is in its way.
    #[error("the file {path:?} could not be written: {what}")]
    FileRefused {
        /// Its path in the sandbox.
        path: String,
        /// The runner's words.
        what: String,
    },
    /// What was to be fetched is not plain files and folders, or too many or too much of them.
    #[error("the files could not be fetched: {what}")]
    FetchRefused {
        /// The runner's words.
        what: String,
    },
    /// What a program left could not be removed; the sandbox is of no further use.
    #[error("the sandbox could not be reset: {what}")]
    NotReset {
        /// The runner's words.
        what: String,
    },
    /// The pipes of an interactive pair could not be opened.
    #[error("the sandboxes could not be joined: {what}")]
    NotJoined {
        /// The runner's words.
        what: String,
    },
    /// The runner refused something that was not its turn: a mistake of this worker.
    #[error("the runner refused a command: {what}")]
    OutOfOrder {
        /// The runner's words.
        what: String,
    },
    /// The sandbox ended by itself.
    #[error("the sandbox ended unexpectedly")]
    Closed,
    /// The sandbox ended since the kernel killed its runner for memory.
    #[error("the sandbox ran out of memory")]
    OutOfMemory,
    /// Something to be sent does not fit the protocol.
    #[error("cannot be sent to the runner: {0}")]
    Encode(ProtocolError),
    /// An input could not be read here, on the worker's side.
    #[error("an input could not be read")]
    Input(#[source] std::io::Error),
}

impl SandboxError {
    /// A fixed word for labels.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Deadline { .. } => "deadline",
            Self::Protocol(_)
            | Self::Unexpected { .. }
            | Self::ForeignStream
            | Self::Version { .. }
            | Self::OutOfOrder { .. } => "protocol",
            Self::FileRefused { .. } => "file_refused",
            Self::FetchRefused { .. } => "fetch_refused",
            Self::NotReset { .. } => "not_reset",
            Self::NotJoined { .. } => "not_joined",
            Self::Closed => "closed",
            Self::OutOfMemory => "out_of_memory",
            Self::Encode(_) => "encode",
            Self::Input(_) => "input",
        }
    }
}
