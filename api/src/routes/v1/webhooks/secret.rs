//! `GET /api/v1/webhooks/secret`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::callback::Secret;
use crate::error::ApiError;
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::state::AppState;

/// What the owner's calls are signed with.
#[derive(Serialize, ToSchema)]
pub struct SecretView {
    /// The key of the HMAC.
    #[schema(example = "gavel_whsec_5f2c")]
    pub secret: String,
}

/// The secret that calls to the key's owner are signed with.
#[utoipa::path(
    get,
    operation_id = "getWebhookSecret",
    path = "/api/v1/webhooks/secret",
    tag = "webhooks",
    responses((status = 200, description = "The owner's own secret", body = SecretView), AnyCall),
)]
pub async fn secret(
    State(state): State<AppState>,
    principal: Principal,
) -> Result<Json<SecretView>, ApiError> {
    let secret = Secret::of(&state.webhook_master, &principal.owner).expose().to_owned();
    Ok(Json(SecretView { secret }))
}
