//! What is read from outside, as functions that panic where reading breaks a rule.
#![expect(clippy::unwrap_used, reason = "a fuzzer is told by a panic")]

pub mod archive;
pub mod checker;
pub mod frames;
pub mod http;
pub mod messages;
pub mod mutate;
pub mod package;
