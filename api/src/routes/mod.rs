//! The doors. Each reads its own form into what `crate::intake` and `crate::problems` take, and tells what came of it in
//! its own words.

mod refusal;
pub mod run;
pub mod v1;
