//! One sandbox, from the worker's side: commands and bytes in, events out. Knows the runner's protocol, not Docker.

mod artifact;
mod attached;
mod connection;
mod error;
mod exec;
mod files;
mod head;
mod input;
mod one_file;
mod pending;
mod pipes;
mod reset;
mod spoilt;
mod talk;
#[cfg(test)]
mod tests;
mod usage;

pub use artifact::{Artifact, ArtifactFile, Place};
pub use attached::{Attached, Container, ForeignBytes};
pub use connection::Sandbox;
pub use error::SandboxError;
pub use exec::{Job, Order, Orders, Ran, Sink, limit_hit};
pub use files::SourceBytes;
pub use head::{Head, Tail};
pub use input::Input;
pub use pipes::{PIPES, PipeNames};
pub use spoilt::Spoilt;
pub use talk::{Partner, Told};
pub use usage::cpu_time;
