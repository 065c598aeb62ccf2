//! Which path is whose, and which paths ask for no key.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::{Json, Router, http::HeaderValue, http::header, routing};
use gavel_platform::admin;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::auth::{Keys, authenticate};
use crate::http::{cors, observe};
use crate::openapi::{ApiDoc, ProbesDoc, close_requests, mark_open};
use crate::routes::run;
use crate::routes::v1::{languages, problems, submissions, workers};
use crate::state::AppState;

/// The whole service.
pub fn router(state: AppState) -> Router {
    let keys = Keys::new(&state.config.keys);
    let metrics = state.metrics.clone();
    let config = Arc::clone(&state.config);
    let (guarded, _) = guarded().split_for_parts();
    // The fallbacks come before the layer: who has no key is not told which paths there are.
    let router = guarded
        .fallback(observe::not_found)
        .method_not_allowed_fallback(observe::method_not_allowed)
        .layer(from_fn_with_state(keys, authenticate))
        .merge(open(&state).method_not_allowed_fallback(observe::method_not_allowed))
        .with_state(state)
        // Bodies are bounded by `http::body`, whose answer is in the envelope.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(observe::panicked));
    // Outside the keys: a browser asks first without one, and a page must be able to read why it was refused.
    let router = match cors::layer(&config.cors_origins) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    router.layer(from_fn_with_state(metrics, observe::observe)).layer(map_response(no_sniffing))
}

/// The description of the whole service.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut probes = ProbesDoc::openapi();
    mark_open(&mut probes);
    let mut all = guarded().into_openapi();
    all.merge(probes);
    close_requests(&mut all);
    all
}

/// What asks for a key, where there are any.
fn guarded() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(submissions::create::create))
        .routes(routes!(submissions::get::get, submissions::cancel::cancel))
        .routes(routes!(submissions::events::events))
        .routes(routes!(problems::list::list))
        .routes(routes!(problems::put::put, problems::get::get, problems::delete::delete))
        .routes(routes!(languages::list))
        .routes(routes!(workers::list))
        .routes(routes!(run::run))
}

/// What is open to everybody: probes, metrics and the documentation.
fn open(state: &AppState) -> Router<AppState> {
    let described = openapi();
    let docs = SwaggerUi::new("/docs").config(SwaggerConfig::from("/openapi.json"));
    admin::router(Arc::new(state.clone()), state.registry.clone())
        .route("/openapi.json", routing::get(async move || Json(described)))
        .merge(docs)
}

/// Answers carry what programs print: a browser must not guess it to be a page.
async fn no_sniffing(mut response: Response) -> Response {
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}
