//! The real program at real packages, which needs Docker and the images of `images/build.sh`; and pages that say what
//! the code does.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod config;
mod deployed;
mod doctor;
mod inventory;
mod judge;
mod keys;
mod modules;
mod observe;
mod operations;
mod pages;
mod rig;
mod shell;
mod simulate;
mod verify;
