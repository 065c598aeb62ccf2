//! gavel-common.

pub mod checker;
pub mod grade;
pub mod problem;
pub mod verdict;
