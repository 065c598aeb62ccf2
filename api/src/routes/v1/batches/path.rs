//! The batch that a path names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::{ApiError, ErrorCode};
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::{Batch, BatchId};

/// `{id}` of a batch.
pub struct BatchPath(pub BatchId);

impl<S: Send + Sync> FromRequestParts<S> for BatchPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        id.and_then(|Path(text)| text.parse().ok())
            .map(Self)
            .ok_or_else(|| ApiError::invalid("id", "the id of a batch is a UUID"))
    }
}

impl AppState {
    /// A batch that somebody may see.
    ///
    /// # Errors
    /// When there is none, also for whoever may not see it, or the store does not answer.
    pub async fn visible_batch(&self, id: BatchId, principal: &Principal) -> Result<Batch, ApiError> {
        let found = self.store.batch(id).await?;
        let visible = |batch: &Batch| batch.rejudge.is_none() && principal.may_see(batch.owner.as_ref());
        found
            .filter(visible)
            .ok_or_else(|| ApiError::new(ErrorCode::UnknownBatch, format!("there is no batch {id}")))
    }
}
