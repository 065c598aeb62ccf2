//! From a package's manifest to programs and tests.

mod package;

pub use package::{entry_first, prepare_tests, program_of, with_included};
