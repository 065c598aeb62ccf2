//! What every request goes through.

pub mod auth;
pub mod body;
pub mod observe;
pub mod query;
pub mod upload;
