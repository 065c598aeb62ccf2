//! Messages of other versions.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod recorded;
mod unknown_fields;
