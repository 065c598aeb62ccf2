//! One constrained container, from the worker's side: used for one submission and thrown away.

mod artifact;
mod connection;
mod error;
mod exec;
mod files;
mod head;
mod input;
mod pipes;

pub use artifact::{Artifact, ArtifactFile, Place};
pub use connection::{Sandbox, Stream};
pub use error::SandboxError;
pub use exec::{Job, Order, Ran, Sink, limit_hit};
pub use files::SourceBytes;
pub use head::Head;
pub use input::Input;
pub use pipes::PipeNames;
