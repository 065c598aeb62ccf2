//! From source to artifact, at most once for the same source.

mod cache;
mod compiler;
mod program;
mod toolchain;

pub use cache::{ArtifactCache, Cached};
pub use compiler::{Compiled, Compiler};
pub use program::Program;
pub use toolchain::{Toolchain, Toolchains, compile_needs, run_needs};
