//! `/api/v1`

pub mod keys;
pub mod languages;
mod names;
pub mod problems;
pub mod submissions;
pub mod workers;
