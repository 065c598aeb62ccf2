//! Problems of DMOJ: `init.yml` and what it names (docs.dmoj.ca, "Problem format"; DMOJ/judge-server, `dmoj/problem.py`).
//!
//! Time and memory are settings of DMOJ's site, not of the file: here they are two keys of Gavel's own.

mod bridged;
mod cases;
mod checkers;
mod compared;
mod inner;
mod listed;
mod patterns;
mod python;
mod read;
mod refused;

pub(super) use inner::{FOLDER as UNPACKED, archive_of};
pub(super) use read::read;

/// The file that describes the problem.
pub(super) const FILE: &str = "init.yml";
