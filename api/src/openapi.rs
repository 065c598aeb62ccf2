//! The description of every call (`OpenAPI` 3.1), made from the code.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// What the routes do not say themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gavel",
        description = "A queue-backed, distributed judge for untrusted programs: submissions in, verdicts out.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = "run", description = "The simple call"),
        (name = "submissions", description = "One program, judged"),
        (name = "problems", description = "Packages of tests to judge by"),
        (name = "languages", description = "What can be run"),
        (name = "health", description = "For probes and Prometheus; no key needed"),
    ),
    modifiers(&Keys),
    security(("key" = []), ()),
)]
pub struct ApiDoc;

struct Keys;

impl Modify for Keys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("One of `api.keys`; not asked for when there is none"))
            .build();
        openapi
            .components
            .get_or_insert_with(Default::default)
            .add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}
