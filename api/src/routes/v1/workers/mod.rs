//! `/api/v1/workers`: who judges.

pub mod drain;
pub mod list;
