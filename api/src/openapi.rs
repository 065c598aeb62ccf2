//! The description of every call (`OpenAPI` 3.1), made from the code.

use std::collections::BTreeSet;

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, RefOr};
use utoipa::{Modify, OpenApi};

use crate::health::described;
use crate::principal::Scope;

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
        (name = "batches", description = "Many programs, judged as one"),
        (name = "rejudges", description = "Judged programs, judged again"),
        (name = "webhooks", description = "Calls to clients when something of theirs is final"),
        (name = "problems", description = "Packages of tests to judge by"),
        (name = "languages", description = "What can be run"),
        (name = "workers", description = "Who runs it"),
        (name = "dead", description = "What was given up"),
        (name = "keys", description = "Who may use the service"),
        (name = "health", description = "For probes and Prometheus; no key needed"),
    ),
    modifiers(&Keys),
)]
pub struct ApiDoc;

/// The routes that [`gavel_platform::admin`] answers.
#[derive(OpenApi)]
#[openapi(paths(described::healthz, described::readyz, described::metrics))]
pub struct ProbesDoc;

/// Says of every call that it asks for no key.
pub fn mark_open(described: &mut utoipa::openapi::OpenApi) {
    mark(described, &[SecurityRequirement::default()]);
}

/// Says of every call which scope its key must have, where one is asked for at all.
pub fn mark_needing(scope: Scope, described: &mut utoipa::openapi::OpenApi) {
    mark(described, &[SecurityRequirement::new("key", [scope.as_str()]), SecurityRequirement::default()]);
}

fn mark(described: &mut utoipa::openapi::OpenApi, security: &[SecurityRequirement]) {
    for item in described.paths.paths.values_mut() {
        let calls = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.options,
            &mut item.head,
            &mut item.patch,
            &mut item.trace,
        ];
        for call in calls.into_iter().flatten() {
            call.security = Some(security.to_vec());
        }
    }
}

struct Keys;

impl Modify for Keys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "One of `api.keys`, which are good for everything, or one that was made by `POST /api/v1/keys` or \
                 `gavel keys create`, with the scopes that each call names; not asked for while there is none",
            ))
            .build();
        openapi
            .components
            .get_or_insert_with(Default::default)
            .add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// Says of everything that clients send that it has no further fields: they are found while it is read
/// (`crate::http::body`), of which the derives know nothing.
pub fn close_requests(openapi: &mut utoipa::openapi::OpenApi) {
    let mut found = BTreeSet::new();
    for operation in openapi.paths.paths.values_mut().flat_map(operations) {
        let Some(RefOr::T(body)) = &mut operation.request_body else { continue };
        for content in body.content.values_mut() {
            if let RefOr::T(Content { schema: Some(schema), .. }) = content {
                close(schema, &mut found);
            }
        }
    }
    let Some(components) = &mut openapi.components else { return };
    let mut closed = BTreeSet::new();
    while let Some(name) = found.pop_first() {
        if closed.insert(name.clone())
            && let Some(schema) = components.schemas.get_mut(&name)
        {
            close(schema, &mut found);
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.post, &mut path.put].into_iter().flatten()
}

/// Closes a schema and what is written inside it; collects the names of those it refers to.
fn close(schema: &mut RefOr<Schema>, found: &mut BTreeSet<String>) {
    match schema {
        RefOr::Ref(other) => {
            found.extend(other.ref_location.rsplit('/').next().map(str::to_owned));
        }
        RefOr::T(Schema::Object(object)) => {
            if !object.properties.is_empty() {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
            object.properties.values_mut().for_each(|property| close(property, found));
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                close(items, found);
            }
        }
        RefOr::T(Schema::OneOf(one)) => one.items.iter_mut().for_each(|item| close(item, found)),
        RefOr::T(Schema::AnyOf(any)) => any.items.iter_mut().for_each(|item| close(item, found)),
        // Parts of a whole: each alone has fields that the others do not know.
        RefOr::T(_) => {}
    }
}
