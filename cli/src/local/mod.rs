//! Judging at problem packages on this machine, without a broker or a server.

mod bar;
mod figures;
mod judge;
mod package;
mod session;
mod submission;
mod verify;
mod verify_table;

pub use judge::judge;
pub use verify::verify;
