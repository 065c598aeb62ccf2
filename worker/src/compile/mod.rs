//! From source to artifact, at most once for the same source.

mod compiler;
mod program;
mod report;
mod workplace;

pub use compiler::{Compiled, Compiler};
pub use program::Program;
pub use workplace::Workplace;
