//! The pages say what the code does.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod operations;
mod pages;
