//! gavel-common.

pub mod checker;
pub mod grade;
pub mod verdict;
