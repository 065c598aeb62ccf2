//! Problem packages as contests exchange them: read ([`Package`]), compared ([`checker`]) and graded ([`grade`]).
//!
//! Pure: no clock, no network, no process is started. Nothing here knows Gavel.

pub mod checker;
pub mod grade;
mod package;
mod verdict;

pub use package::*;
pub use verdict::{UnknownVerdict, Verdict};
