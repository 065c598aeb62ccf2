//! What can go wrong with a sandbox that is not the program's doing.

use std::time::Duration;

use gavel_runner::ProtocolError;

/// A sandbox that cannot be used any more, or never could.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The Docker Engine refused, or is out of reach.
    #[error("the Docker Engine failed to {what}")]
    Engine {
        /// The call.
        what: &'static str,
        /// Its answer.
        source: bollard::errors::Error,
    },
    /// Connecting to the engine failed.
    #[error("no connection to the Docker Engine")]
    Connect(#[from] bollard::errors::Error),
    /// The engine is older than 20.10.
    #[error("the Docker Engine speaks API {api}, at least 1.41 (Docker 20.10) is needed")]
    OldEngine {
        /// Its newest version.
        api: String,
    },
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
    /// The runner could not do what it was asked.
    #[error("the runner failed: {what}")]
    Failed {
        /// Its words.
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
    /// Whether the engine answered with this HTTP status.
    #[must_use]
    pub fn is_status(&self, status: u16) -> bool {
        matches!(
            self,
            Self::Engine { source: bollard::errors::Error::DockerResponseServerError { status_code, .. }, .. }
                if *status_code == status
        )
    }

    /// A fixed word for labels.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Engine { .. } | Self::Connect(_) | Self::OldEngine { .. } => "engine",
            Self::Deadline { .. } => "deadline",
            Self::Protocol(_) | Self::Unexpected { .. } | Self::ForeignStream | Self::Version { .. } => {
                "protocol"
            }
            Self::Failed { .. } => "failed",
            Self::Closed => "closed",
            Self::OutOfMemory => "out_of_memory",
            Self::Encode(_) => "encode",
            Self::Input(_) => "input",
        }
    }
}
