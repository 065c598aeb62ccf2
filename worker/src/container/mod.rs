//! Everything that knows Docker: starting containers that hold programs in, and making sure that none stays behind.

mod attach;
mod connect;
mod create;
mod engine;
mod error;
mod living;
mod oom;
mod reaper;
mod seccomp;
mod survey;
mod sweep;

pub use create::{
    FIRST_UID, Identity, LABEL_BOOT, LABEL_PURPOSE, LABEL_WORKER, PipesMount, Purpose, SandboxSpec, UIDS,
    create_body,
};
pub use engine::{Engine, EngineParts};
pub use error::ContainerError;
pub use reaper::PipesVolume;
pub use survey::EngineSurvey;
