//! Which path is whose, and which paths ask for no key.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::{Json, Router, routing};
use gavel_platform::admin;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::auth::{Gate, authenticate, require};
use crate::http::host::{Hosts, check_host};
use crate::http::{cors, observe, protect};
use crate::openapi::{ApiDoc, ProbesDoc, close_requests, mark_needing, mark_open};
use crate::principal::Scope;
use crate::routes::v1::{
    batches, dead, keys, languages, live, problems, queues, rejudges, submissions, webhooks, workers,
};
use crate::routes::{jobe, judge0, piston, run};
use crate::state::AppState;

/// The whole service.
pub fn router(state: &AppState, gate: Gate) -> Router {
    let (guarded, _) = guarded().split_for_parts();
    // The fallbacks come before the layer: who has no key is not told which paths there are.
    let router = guarded
        .fallback(observe::not_found)
        .method_not_allowed_fallback(observe::method_not_allowed)
        .layer(from_fn_with_state(gate.clone(), authenticate))
        .merge(open(state).method_not_allowed_fallback(observe::method_not_allowed))
        .with_state(state.clone())
        .nest("/judge0", judge0::router(state.clone(), gate.clone()))
        .merge(jobe::router(state.clone(), gate.clone()))
        .merge(piston::router(state.clone(), gate));
    finished(router, state)
}

/// The door for clients of Judge0, alone and at the root.
pub fn judge0_router(state: &AppState, gate: Gate) -> Router {
    finished(judge0::router(state.clone(), gate), state)
}

/// What every request goes through, whatever its path.
fn finished(router: Router, state: &AppState) -> Router {
    let config = &state.config;
    let hosts = config.keys.is_empty().then(|| Hosts::new(&config.hosts));
    let router = router
        // Bodies are bounded by `http::body`, whose answer is in the envelope.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(observe::panicked));
    // Outside the keys: a browser asks first without one, and a page must be able to read why it was refused.
    let router = match cors::layer(&config.cors_origins, &config.key_header) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    let router = match hosts {
        Some(hosts) => router.layer(from_fn_with_state(hosts, check_host)),
        None => router,
    };
    protect::all(router.layer(from_fn_with_state(state.metrics.clone(), observe::observe)))
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
        .merge(needing(
            Scope::Read,
            OpenApiRouter::new()
                .routes(routes!(submissions::list::list))
                .routes(routes!(submissions::get::get))
                .routes(routes!(submissions::events::events))
                .routes(routes!(submissions::history::history))
                .routes(routes!(batches::get::get))
                .routes(routes!(batches::results::results))
                .routes(routes!(batches::events::events))
                .routes(routes!(rejudges::get::get))
                .routes(routes!(rejudges::results::results))
                .routes(routes!(problems::list::list))
                .routes(routes!(problems::get::get))
                .routes(routes!(webhooks::list::list))
                .routes(routes!(languages::list))
                .routes(routes!(workers::list::list))
                .routes(routes!(queues::list)),
        ))
        .merge(needing(
            Scope::Submit,
            OpenApiRouter::new()
                .routes(routes!(submissions::create::create))
                .routes(routes!(submissions::cancel::cancel))
                .routes(routes!(batches::create::create))
                .routes(routes!(webhooks::secret::secret))
                .routes(routes!(batches::cancel::cancel))
                .routes(routes!(rejudges::create::create))
                .routes(routes!(rejudges::create::of_batch))
                .routes(routes!(rejudges::apply::apply))
                .routes(routes!(rejudges::discard::discard))
                .routes(routes!(run::run))
                .routes(routes!(live::live)),
        ))
        .merge(needing(
            Scope::Admin,
            OpenApiRouter::new()
                .routes(routes!(problems::put::put, problems::delete::delete))
                .routes(routes!(keys::create::create, keys::list::list))
                .routes(routes!(keys::revoke::revoke))
                .routes(routes!(workers::drain::drain, workers::drain::undrain))
                .routes(routes!(dead::list::list))
                .routes(routes!(dead::get::get))
                .routes(routes!(dead::replay::replay))
                .routes(routes!(dead::purge::purge)),
        ))
}

/// Calls that want a scope, and are described so.
fn needing(scope: Scope, mut calls: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    mark_needing(scope, calls.get_openapi_mut());
    calls.route_layer(from_fn_with_state(scope, require))
}

/// What is open to everybody: probes, metrics and the documentation.
fn open(state: &AppState) -> Router<AppState> {
    let described = openapi();
    let docs = SwaggerUi::new("/docs").config(SwaggerConfig::from("/openapi.json"));
    admin::router(Arc::new(state.clone()), state.registry.clone())
        .route("/openapi.json", routing::get(async move || Json(described)))
        .merge(protect::pages(docs.into()))
}
