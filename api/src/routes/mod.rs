//! The doors. Each reads its own form into what `crate::intake` and `crate::problems` take, and tells what came of it in
//! its own words.

mod door;
pub mod jobe;
pub mod judge0;
pub mod piston;
mod refusal;
pub mod run;
mod talk;
pub mod v1;
