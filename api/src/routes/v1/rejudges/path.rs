//! The rejudge that a path names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::view::RejudgeView;
use crate::error::{ApiError, ErrorCode};
use crate::principal::Principal;
use crate::state::AppState;
use crate::store::{Batch, BatchId};

/// `{id}` of a rejudge.
pub struct RejudgePath(pub BatchId);

impl<S: Send + Sync> FromRequestParts<S> for RejudgePath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = Path::<String>::from_request_parts(parts, state).await.ok();
        id.and_then(|Path(text)| text.parse().ok())
            .map(Self)
            .ok_or_else(|| ApiError::invalid("id", "the id of a rejudge is a UUID"))
    }
}

/// There is no rejudge of that id.
pub fn unknown(id: BatchId) -> ApiError {
    ApiError::new(ErrorCode::UnknownRejudge, format!("there is no rejudge {id}"))
}

impl AppState {
    /// A rejudge that somebody may see.
    ///
    /// # Errors
    /// When there is none, also for whoever may not see it, or the store does not answer.
    pub(super) async fn visible_rejudge(
        &self,
        id: BatchId,
        principal: &Principal,
    ) -> Result<Batch, ApiError> {
        let found = self.store.batch(id).await?;
        let visible = |batch: &Batch| batch.rejudge.is_some() && principal.may_see(batch.owner.as_ref());
        found.filter(visible).ok_or_else(|| unknown(id))
    }

    /// The same, as it is told.
    ///
    /// # Errors
    /// As [`AppState::visible_rejudge`].
    pub(super) async fn rejudge_view(
        &self,
        id: BatchId,
        principal: &Principal,
    ) -> Result<RejudgeView, ApiError> {
        let batch = self.visible_rejudge(id, principal).await?;
        Ok(RejudgeView::new(batch, self.store.changes(id).await?))
    }
}
