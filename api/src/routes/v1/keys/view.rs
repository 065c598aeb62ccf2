//! What is told of a key.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::principal::Scope;
use crate::store::ApiKey;

/// A key, without the key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// What it is called by.
    #[schema(example = "1f0c52e0a9b3")]
    pub id: String,
    /// Whose requests come with it.
    #[schema(example = "contest-2026")]
    pub owner: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last used, to a minute; null where it never was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
    /// Since when it is good for nothing; null while it is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            owner: key.owner.to_string(),
            scopes: key.scopes.iter().collect(),
            created_at: key.created_at,
            used_at: key.used_at,
            revoked_at: key.revoked_at,
        }
    }
}
