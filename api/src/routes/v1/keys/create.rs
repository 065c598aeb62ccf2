//! `POST /api/v1/keys`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::KeyView;
use crate::auth::issue;
use crate::error::ApiError;
use crate::http::body::JsonBody;
use crate::http::refused::{AnyCall, BodyCall};
use crate::intake::now_in_milliseconds;
use crate::principal::{Owner, Scope, Scopes};
use crate::state::AppState;

/// A key to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({"owner": "contest-2026", "scopes": ["submit", "read"]}))]
pub struct KeyRequest {
    /// Whose requests come with it: lowercase letters, digits and `.`, `_`, `-`. Several keys may have one owner.
    #[schema(value_type = String)]
    owner: Option<String>,
    /// What it is good for; `admin` is everything.
    #[schema(value_type = Vec<Scope>, min_items = 1)]
    scopes: Option<Vec<Scope>>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub struct CreatedKey {
    /// The key. It is told this once and kept nowhere.
    #[schema(example = "gavel_uY3Jc3w0Ypl5bdL9b1bUoV2Q4o0dMz7rK8n6t5x4w3s")]
    key: String,
    /// What is kept of it.
    #[serde(flatten)]
    view: KeyView,
}

/// Make a key.
#[utoipa::path(
    post,
    operation_id = "createKey",
    path = "/api/v1/keys",
    tag = "keys",
    request_body = KeyRequest,
    responses(
        (status = 201, description = "Made; the answer is the only place where the key is", body = CreatedKey),
        AnyCall,
        BodyCall,
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    JsonBody(body, _memory): JsonBody<KeyRequest>,
) -> Result<(StatusCode, Json<CreatedKey>), ApiError> {
    let KeyRequest { owner, scopes } = body;
    let owner = owner.ok_or_else(|| ApiError::invalid("owner", "owner is missing"))?;
    let owner: Owner = owner
        .parse()
        .map_err(|error: crate::principal::NoOwner| ApiError::invalid("owner", error.to_string()))?;
    let scopes = scopes.filter(|scopes| !scopes.is_empty());
    let scopes = scopes.ok_or_else(|| ApiError::invalid("scopes", "scopes is missing or empty"))?;
    let issued = issue(owner, Scopes::of(&scopes), now_in_milliseconds());
    state.store.insert_key(&issued.stored).await?;
    tracing::info!(key.id = issued.stored.id, key.owner = %issued.stored.owner, "a key was made");
    let key = issued.secret.expose_secret().to_owned();
    Ok((StatusCode::CREATED, Json(CreatedKey { key, view: issued.stored.into() })))
}
