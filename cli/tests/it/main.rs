//! The real program at real packages: every test here needs Docker and the images of `images/build.sh`.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod judge;
mod rig;
mod verify;
