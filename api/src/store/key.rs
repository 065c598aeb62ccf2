//! A key as the store knows it: never the key itself.

use jiff::Timestamp;

use crate::principal::{Owner, Scopes};

/// A key of the API. The key itself is nowhere but with its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// What it is called by: the first digits of its hash.
    pub id: String,
    /// The SHA-256 of the key. It is 256 random bits, so that no dictionary holds it and a slow hash would only cost time
    /// at every request.
    pub sha256: [u8; 32],
    /// Whose requests come with it.
    pub owner: Owner,
    /// What it is good for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to a minute.
    pub used_at: Option<Timestamp>,
    /// Since when it is good for nothing.
    pub revoked_at: Option<Timestamp>,
}
