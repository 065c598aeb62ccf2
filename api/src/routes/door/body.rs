//! Bodies as bytes; each door reads its own form.

use axum::extract::{FromRef, FromRequest, Request};
use bytes::Bytes;

use crate::error::ApiError;
use crate::http::body::collect;
use crate::memory::Held;
use crate::state::AppState;

/// A body, no larger than allowed, with its share of the memory for bodies: let that go once nothing of it is needed.
pub struct RawBody(pub Bytes, pub Held);

impl<S> FromRequest<S> for RawBody
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        let (parts, body) = request.into_parts();
        let (bytes, held) = collect(&parts.headers, body, state.config.max_body(), &state.memory).await?;
        Ok(Self(bytes, held))
    }
}
