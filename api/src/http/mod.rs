//! What every request goes through, and how its parts are read.

pub mod body;
pub mod bytes;
pub mod cors;
pub mod host;
pub mod lines;
pub mod ndjson;
pub mod object;
pub mod observe;
pub mod once;
pub mod page;
pub mod protect;
pub mod query;
pub mod refused;
pub mod resume;
mod unknown;
pub mod upload;
