//! Problem packages as contests exchange them: read ([`Package`]), compared ([`checker`]) and graded ([`grade`]).
//!
//! Pure: no clock, no network, no process is started. Nothing here knows Gavel.

pub mod checker;
mod file_io;
pub mod grade;
mod package;
mod verdict;

pub use file_io::{FileIo, IoFile, IoFileError};
pub use package::*;
pub use verdict::{UnknownVerdict, Verdict};
