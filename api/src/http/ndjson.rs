//! An answer of any length: JSON, one value a line, read from the store page by page as it is sent.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::stream::try_unfold;
use serde::Serialize;

use crate::store::StoreError;

/// What is sent.
#[derive(Clone, Copy)]
pub struct Pages {
    /// The place that comes first, from 0.
    pub begin: u32,
    /// How many places there are.
    pub entries: u64,
    /// How many of them are read at a time.
    pub page: u32,
}

impl Pages {
    /// Reads the values from a place on, page by page. Where that fails half way the answer ends early, and somebody is told.
    pub fn lines<T, F>(
        self,
        read: impl Fn(u32) -> F + Send + 'static,
        ends_early: impl Fn(&StoreError) + Send + 'static,
    ) -> Response
    where
        T: Serialize,
        F: Future<Output = Result<Vec<T>, StoreError>> + Send,
    {
        let Self { begin, entries, page } = self;
        let pages = try_unfold((begin, read), move |(from, read)| async move {
            if u64::from(from) >= entries {
                return Ok::<_, StoreError>(None);
            }
            let lines = written(&read(from).await?);
            Ok(Some((lines, (from.saturating_add(page), read))))
        });
        let body = Body::from_stream(pages.inspect_err(ends_early));
        ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
    }
}

fn written<T: Serialize>(page: &[T]) -> Bytes {
    let mut text = Vec::new();
    for value in page {
        // A vector takes all that is written, and nothing here has no form in JSON.
        serde_json::to_writer(&mut text, value).unwrap_or_default();
        text.push(b'\n');
    }
    text.into()
}
