//! The Docker Engine: starting containers that hold programs in, and making sure that none stays behind.

mod connect;
mod create;
mod engine;
mod oom;
mod reaper;
mod sweep;

pub use create::{
    Identity, LABEL_BOOT, LABEL_PURPOSE, LABEL_WORKER, PIPES, PipesMount, Purpose, SandboxSpec, create_body,
};
pub use engine::{Engine, EngineParts};
pub use oom::OomWatch;
pub use reaper::{Guard, PipesVolume};
