//! `/api/v1/webhooks`: which calls clients are owed, and how they know them.

pub mod list;
pub mod secret;
