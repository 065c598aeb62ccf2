//! The paths of the door, and who may use them.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::extract::{FromRef, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use gavel_model::SubmissionId;
use serde_json::{Value, json};

use super::error::Judge0Error;
use super::{about, batch, config_info, create, delete, get, languages, list, statistics, workers};
use crate::auth::Gate;
use crate::peer::Peer;
use crate::principal::Principal;
use crate::routes::door::{AnySlash as _, DoorKeys, authenticate};
use crate::state::AppState;
use crate::store::Stored;

/// The name under which the store keeps the door's notes.
pub const DOOR: &str = "judge0";

/// The header, or parameter, that holds the key for calls about all submissions.
const ADMIN_KEY: &str = "x-auth-user";

/// What the handlers of this door work with; cloning shares it.
#[derive(Clone)]
pub struct Judge0 {
    /// The service.
    pub app: AppState,
    /// Whose keys are.
    pub keys: DoorKeys,
    /// The last statistics, with the moment at which they are too old.
    pub statistics: Arc<Mutex<Option<(Instant, Value)>>>,
}

impl FromRef<Judge0> for AppState {
    fn from_ref(door: &Judge0) -> Self {
        door.app.clone()
    }
}

/// Everything that Judge0 answers, from its root.
pub fn router(app: AppState, gate: Gate) -> Router {
    let door = Judge0::new(app, gate);
    let keys = door.keys.clone();
    Router::new()
        .any_slash("/submissions", get(list::list).post(create::create))
        .any_slash("/submissions/batch", get(batch::get).post(batch::create))
        .any_slash("/submissions/{token}", get(get::get).delete(delete::delete))
        .any_slash("/languages", get(languages::list))
        .any_slash("/languages/all", get(languages::all))
        .any_slash("/languages/{id}", get(languages::get))
        .any_slash("/statuses", get(about::statuses))
        .any_slash("/about", get(about::about))
        .any_slash("/version", get(about::version))
        .any_slash("/isolate", get(about::isolate))
        .any_slash("/license", get(about::license))
        .any_slash("/config_info", get(config_info::get))
        .any_slash("/system_info", get(about::system_info))
        .any_slash("/statistics", get(statistics::get))
        .any_slash("/workers", get(workers::get))
        .any_slash("/authenticate", post(authenticated))
        .any_slash("/authorize", post(authorized))
        .route("/", any(authenticated))
        .fallback(async || Judge0Error::NotFound)
        .method_not_allowed_fallback(async || Judge0Error::NotFound)
        .layer(from_fn_with_state(keys, authenticate))
        .layer(from_fn(word_not_found))
        .with_state(door)
}

impl Judge0 {
    /// The door of a service.
    #[must_use]
    pub fn new(app: AppState, gate: Gate) -> Self {
        let keys = DoorKeys {
            gate,
            config: Arc::clone(&app.config),
            refuse: |error, _| Judge0Error::from(error).into_response(),
        };
        Self { app, keys, statistics: Arc::default() }
    }

    /// Lets a call go on that is about everybody's submissions: its second key must be good for everything.
    ///
    /// # Errors
    /// 403 without a body.
    pub async fn admin(
        &self,
        peer: Option<Peer>,
        headers: &HeaderMap,
        query: &[(String, String)],
    ) -> Result<(), Judge0Error> {
        let said = headers.get(ADMIN_KEY).and_then(|key| key.to_str().ok());
        let parameter = || query.iter().find(|(name, _)| name.eq_ignore_ascii_case(ADMIN_KEY));
        let key = said.or_else(|| parameter().map(|(_, key)| key.as_str()));
        match self.keys.principal(peer, key).await {
            Ok(principal) if principal.is_admin() => Ok(()),
            Ok(_) => Err(Judge0Error::Status(StatusCode::FORBIDDEN)),
            Err(error) if error.code.status() == StatusCode::UNAUTHORIZED => {
                Err(Judge0Error::Status(StatusCode::FORBIDDEN))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A submission that came through this door and that its asker may see.
    ///
    /// # Errors
    /// 404 for any other, 503 when the store does not answer.
    pub async fn stored(&self, token: &str, principal: &Principal) -> Result<Stored, Judge0Error> {
        let id: SubmissionId = token.parse().map_err(|_| Judge0Error::NotFound)?;
        tracing::Span::current().record("submission.id", tracing::field::display(id));
        let stored = self.app.store.get(id).await?;
        stored.filter(|stored| principal.may_see(stored.owner.as_ref())).ok_or(Judge0Error::NotFound)
    }
}

async fn authenticated() -> StatusCode {
    StatusCode::OK
}

async fn authorized(
    axum::extract::State(door): axum::extract::State<Judge0>,
    peer: Option<axum::Extension<Peer>>,
    headers: HeaderMap,
    super::query::Pairs(query): super::query::Pairs,
) -> Result<StatusCode, Judge0Error> {
    door.admin(peer.map(|axum::Extension(peer)| peer), &headers, &query).await?;
    Ok(StatusCode::OK)
}

/// Who accepts JSON alone is told in JSON that something is not there, others get an empty body (Rails' `head`).
async fn word_not_found(request: Request, next: Next) -> Response {
    let json_alone =
        request.headers().get(header::ACCEPT).is_some_and(|accepted| accepted == "application/json");
    let response = next.run(request).await;
    if json_alone && response.status() == StatusCode::NOT_FOUND {
        return (StatusCode::NOT_FOUND, axum::Json(json!({"status": 404, "error": "Not Found"})))
            .into_response();
    }
    response
}
