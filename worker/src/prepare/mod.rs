//! From a package's manifest to programs and tests.

mod packaged;
mod submitted;

pub use packaged::{entry_first, prepare_tests, program_of};
pub(crate) use submitted::at_package;
