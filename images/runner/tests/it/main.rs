//! The runner as it is used: PID 1 of a container with every flag of docs/SECURITY.md, spoken to over its attached
//! streams. The programs that are run are shell and perl, which every Debian image has.
//!
//! Docker Engine must run and `debian:trixie-slim` must be there; without them these tests fail and say so.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it missed by panicking")]

mod blank;
mod ending;
mod escape;
mod files;
mod input;
mod intruder;
mod limits;
mod live;
mod memory;
mod output;
mod pipes;
mod resources;
mod sandbox;
mod secrecy;
mod waiting;
