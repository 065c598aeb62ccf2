//! Which languages can be judged here, with which images and compilers, and whether those can be started.

mod find;
mod starts;

pub use find::{Toolchain, Toolchains, compile_needs, run_needs};
pub use starts::Starts;
