//! Which languages can be judged here, with which images and compilers.

#[expect(clippy::module_inception, reason = "split in the next step")]
mod toolchain;

pub use toolchain::{Toolchain, Toolchains, compile_needs, run_needs};
