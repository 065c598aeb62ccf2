//! From a package's manifest to programs and tests.

mod package;
mod submitted;

pub use package::{entry_first, prepare_tests, program_of};
pub(crate) use submitted::at_package;
