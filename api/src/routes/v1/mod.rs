//! `/api/v1`

pub mod languages;
mod names;
pub mod problems;
pub mod submissions;
pub mod workers;
