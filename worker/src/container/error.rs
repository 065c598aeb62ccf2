//! What can go wrong with the Docker Engine.

use std::time::Duration;

use bollard::errors::Error;

use crate::sandbox::SandboxError;

/// A sandbox that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// The Docker Engine refused, or is out of reach.
    #[error("the Docker Engine failed to {what}")]
    Engine {
        /// The call.
        what: &'static str,
        /// Its answer.
        source: Error,
    },
    /// Connecting to the engine failed.
    #[error("no connection to the Docker Engine")]
    Connect(#[from] Error),
    /// The engine is older than 20.10.
    #[error("the Docker Engine speaks API {api}, at least 1.41 (Docker 20.10) is needed")]
    OldEngine {
        /// Its newest version.
        api: String,
    },
    /// The engine did not answer in time.
    #[error("{what} took longer than {within:?}")]
    Deadline {
        /// The call.
        what: &'static str,
        /// How long was waited.
        within: Duration,
    },
    /// There is no image of this kind on this machine.
    #[error("there is no image gavel/{image}")]
    NoImage {
        /// Folder and purpose, such as `cpp-run`.
        image: String,
    },
    /// The container was started, and its runner did not greet as it must.
    #[error("a new sandbox")]
    Sandbox(#[from] SandboxError),
}

impl ContainerError {
    /// Whether the engine answered with this HTTP status.
    #[must_use]
    pub fn is_status(&self, status: u16) -> bool {
        matches!(
            self,
            Self::Engine { source: Error::DockerResponseServerError { status_code, .. }, .. }
                if *status_code == status
        )
    }

    /// A fixed word for labels.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Engine { .. } | Self::Connect(_) | Self::OldEngine { .. } => "engine",
            Self::Deadline { .. } => "deadline",
            Self::NoImage { .. } => "no_image",
            Self::Sandbox(error) => error.kind(),
        }
    }
}
