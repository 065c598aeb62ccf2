//! Which path is whose.

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::{Json, Router, http::HeaderValue, http::header, routing};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::http::auth::{Keys, require_key};
use crate::http::observe;
use crate::openapi::ApiDoc;
use crate::problems::{self, delete, list, put};
use crate::state::AppState;
use crate::submissions::{create, get};
use crate::{health, languages, run};

/// The whole service.
pub fn router(state: AppState) -> Router {
    let keys = Keys::new(&state.config.keys);
    let metrics = state.metrics.clone();
    let (routes, openapi) = documented().split_for_parts();
    let docs = SwaggerUi::new("/docs").config(SwaggerConfig::from("/openapi.json"));
    routes
        .route("/openapi.json", routing::get(async move || Json(openapi)))
        .with_state(state)
        .merge(docs)
        .fallback(observe::not_found)
        .method_not_allowed_fallback(observe::method_not_allowed)
        // Bodies are bounded by `http::body`, whose answer is in the envelope.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(keys, require_key))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn_with_state(metrics, observe::observe))
        .layer(map_response(no_sniffing))
}

/// The description of the whole service.
#[must_use]
pub fn openapi() -> OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(create::create))
        .routes(routes!(get::get))
        .routes(routes!(list::list))
        .routes(routes!(put::put, problems::get::get, delete::delete))
        .routes(routes!(languages::list))
        .routes(routes!(run::run))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
}

/// Answers carry what programs print: a browser must not guess it to be a page.
async fn no_sniffing(mut response: Response) -> Response {
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}
