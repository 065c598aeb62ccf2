//! Jobe's REST API, which Moodle's `CodeRunner` speaks: the same paths, outcomes and errors, over Gavel's own intake.

mod answer;
mod error;
mod files;
mod languages;
mod parameters;
mod run;
mod spec;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse as _;
use axum::routing::{get, head, post};

use self::error::JobeError;
use self::files::Files;
use crate::auth::Gate;
use crate::routes::door::{AnySlash as _, DoorKeys, authenticate};
use crate::state::AppState;

/// Where clients look for it: `CodeRunner` builds the first from the name of a host.
const BASES: [&str; 2] = ["/jobe/index.php/restapi", "/restapi"];

/// What the handlers of this door work with; cloning shares it.
#[derive(Clone)]
struct Jobe {
    /// The service.
    app: AppState,
    /// What clients have uploaded.
    files: Files,
}

impl FromRef<Jobe> for AppState {
    fn from_ref(door: &Jobe) -> Self {
        door.app.clone()
    }
}

/// Everything that Jobe answers.
pub fn router(app: AppState, gate: Gate) -> Router {
    let config = Arc::clone(&app.config);
    let files = Files::new(config.jobe.files_mb.saturating_mul(1024 * 1024));
    let refuse = |error, sent| JobeError::unauthorized(error, sent).into_response();
    let keys = DoorKeys { gate, config, refuse };
    let nothing = async || StatusCode::NO_CONTENT;
    let door = Router::new()
        .any_slash("/languages", get(languages::list).options(nothing))
        .any_slash("/runs", post(run::run).options(nothing))
        .any_slash("/files/{id}", head(files::head).put(files::put).options(nothing))
        .layer(from_fn_with_state(keys, authenticate))
        .with_state(Jobe { app, files });
    BASES.into_iter().fold(Router::new(), |router, base| router.nest(base, door.clone()))
}
