//! The upgrade.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::door::OwnDoor;
use crate::error::{ApiError, ErrorEnvelope};
use crate::http::refused::AnyCall;
use crate::principal::Principal;
use crate::routes::talk::{Upgraded, refuse_foreign_page, upgrade};
use crate::state::AppState;

/// Run a program whose input comes while it runs, and whose output is told as it is written.
///
/// A WebSocket. The client says `start` with the program, then `stdin`, `end` and `signal`; the service tells `started`,
/// `stage`, `compiled`, `data` and at last `result` or `error`. docs/API.md has every message.
#[utoipa::path(
    get,
    operation_id = "runLive",
    path = "/api/v1/run/live",
    tag = "run",
    responses(
        (status = 101, description = "The talk begins"),
        (status = 426, description = "The request is none for a WebSocket", body = ErrorEnvelope),
        AnyCall,
    ),
)]
pub async fn live(
    State(state): State<AppState>,
    principal: Principal,
    headers: HeaderMap,
    upgraded: Upgraded,
) -> Result<Response, ApiError> {
    refuse_foreign_page(&headers, &state.config)?;
    let seat = state.live.take(&principal)?;
    upgrade(upgraded, state, principal, seat, OwnDoor::default())
}
