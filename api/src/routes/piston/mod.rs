//! Piston's API (version 2): the same paths, stages and errors, over Gavel's own intake.

mod answer;
mod connect;
mod error;
mod execute;
mod packages;
mod request;
mod runtimes;
mod version;

use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use self::error::PistonError;
use crate::auth::Gate;
use crate::routes::door::{AnySlash as _, DoorKeys, authenticate};
use crate::state::AppState;

/// Where clients look for it: below a path of its own, or where a server of Piston's has it.
const BASES: [&str; 2] = ["/piston/api/v2", "/api/v2"];

/// Everything that Piston answers.
pub fn router(app: AppState, gate: Gate) -> Router {
    let config = Arc::clone(&app.config);
    let refuse = |error, _| PistonError::from(error).into_response();
    let keys = DoorKeys { gate, config, refuse };
    let calls = |router: Router<AppState>, prefix: &str| {
        router
            .any_slash(&format!("{prefix}/runtimes"), get(runtimes::list))
            .any_slash(&format!("{prefix}/execute"), post(execute::execute))
    };
    // Piston's former public service had both behind one more name.
    let door = calls(calls(Router::new(), ""), "/piston")
        .any_slash("/connect", get(connect::connect))
        .any_slash("/packages", get(packages::list).post(packages::install).delete(packages::uninstall))
        .fallback(async || PistonError::NotFound)
        .method_not_allowed_fallback(async || PistonError::NotFound)
        .layer(from_fn_with_state(keys, authenticate))
        .with_state(app);
    let router = BASES.into_iter().fold(Router::new(), |router, base| router.nest(base, door.clone()));
    router.any_slash("/piston", get(greet))
}

async fn greet() -> Json<Value> {
    Json(json!({ "message": "Piston v3.1.1" }))
}
