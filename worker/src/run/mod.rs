//! A program at its tests: from an artifact to what was measured.

mod bench;
mod observer;
mod output_file;
mod plan;
mod room;

pub use bench::{Bench, RunLimits};
pub(crate) use bench::{CLOSE, Reached, TestRun};
pub(crate) use observer::Observer;
pub(crate) use output_file::Left;
pub use plan::{Answer, CheckBy, TestSpec};
pub use room::{Room, lease};
