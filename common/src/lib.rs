//! gavel-common.

pub mod checker;
pub mod verdict;
