//! Streams of events: where a client was, and what it is sent.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::sse::Event;
use serde::Serialize;

use crate::error::ApiError;
use crate::updates::Position;

/// The header by which a client that lost its connection says what it has seen (HTML, server-sent events).
pub const LAST_EVENT_ID: &str = "last-event-id";

/// The id of the last event of every stream.
pub const LAST: &str = "final";

/// What a client has seen already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Nothing, or nothing that was sent from here.
    Begin,
    /// Everything up to a place.
    After(Position),
    /// Everything.
    Ended,
}

impl<S: Sync> FromRequestParts<S> for Resume {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let header = parts.headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
        Ok(match header {
            Some(LAST) => Self::Ended,
            Some(text) => text.parse().map_or(Self::Begin, Self::After),
            None => Self::Begin,
        })
    }
}

/// An event with its data in JSON; nothing when that cannot be written down, which no value here is known to do.
pub fn described(name: &str, data: &impl Serialize) -> Option<Event> {
    Event::default()
        .event(name)
        .json_data(data)
        .inspect_err(|error| tracing::error!(%error, event = name, "an event cannot be written down"))
        .ok()
}
