//! The default output validator of the Kattis problem package format, streaming, and beside it the comparisons that DMOJ's
//! packages name ([`Comparison`]).
//!
//! Semantics of the default: spec `2025-09`, "Default output validator specification", and, where that text leaves room,
//! `support/default_validator/default_validator.cc` of Kattis/problemtools. The program's output is pushed
//! in chunks of any size, the answer is read as it is needed; neither is ever held as a whole.

mod answer;
mod comparison;
mod exact;
mod flags;
mod float;
mod lines;
mod number;
mod options;
mod rejection;
mod squeeze;
mod token;
mod unordered;

#[cfg(test)]
mod tests;

pub use comparison::{Comparer, Comparison};
pub use exact::{Difference, ExactChecker};
pub use flags::{FlagDialect, FlagError};
pub use float::{FloatGrammar, MAX_FLOAT_TOKEN};
pub use lines::LinesChecker;
pub use options::{CheckerOptions, OptionError};
pub use rejection::{Excerpt, MAX_EXCERPT, Rejection, RejectionReason};
pub use token::{CheckError, CheckOutcome, TokenChecker, check};
pub use unordered::{Things, UnorderedChecker};
