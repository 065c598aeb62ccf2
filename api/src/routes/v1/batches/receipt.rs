//! The answer to a new batch: an id or an error for each entry, sent as it is read from the store, so that its length does
//! not matter.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream::{once, try_unfold};
use futures_util::{StreamExt as _, TryStreamExt as _};
use gavel_model::SubmissionId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::raw;
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::{Batch, BatchId, Entry, StoreError};

/// How many entries are read at a time.
const PAGE: u32 = 1_000;

/// A batch that was taken.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is written here piece by piece")]
pub struct BatchReceipt {
    /// Its id.
    id: BatchId,
    /// When its first entry came.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// How many entries were sent.
    entries: u64,
    /// How many of them became submissions.
    accepted: u64,
    /// How many of them were refused.
    refused: u64,
    /// Each entry in its place.
    submissions: Vec<EntryReceipt>,
}

/// What became of an entry.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum EntryReceipt {
    /// A submission.
    Accepted {
        /// Its id.
        id: SubmissionId,
    },
    /// Nothing.
    Refused {
        /// Why: an error as any other call has it.
        #[schema(value_type = ApiError)]
        error: Box<serde_json::value::RawValue>,
    },
}

impl From<Entry> for EntryReceipt {
    fn from(Entry { entry, .. }: Entry) -> Self {
        match entry {
            Ok(stored) => Self::Accepted { id: stored.id },
            Err(error) => Self::Refused { error: raw(error) },
        }
    }
}

/// Tells of a batch that was just taken, or was before under the same key.
///
/// # Errors
/// When the store does not answer.
pub async fn receipt(state: AppState, id: BatchId) -> Result<Response, ApiError> {
    let found = state.store.batch(id).await?;
    let Batch { created_at, entries, accepted, .. } =
        found.ok_or_else(|| ApiError::unavailable("the batch is not there any more"))?;
    let refused = entries - accepted;
    let head = format!(
        r#"{{"id":"{id}","created_at":"{created_at}","entries":{entries},"accepted":{accepted},"refused":{refused},"submissions":["#
    );
    let pages = try_unfold(0_u32, move |from| {
        let state = state.clone();
        async move {
            let page = state.store.entries(id, from, PAGE, false).await?;
            let next = from.saturating_add(PAGE);
            Ok::<_, StoreError>((u64::from(from) < entries).then(|| (written(from, page), next)))
        }
    });
    let whole = once(async { Ok(Bytes::from(head)) })
        .chain(pages.inspect_err(move |error| {
            let error: &dyn std::error::Error = error;
            tracing::warn!(batch.id = %id, error, "the answer to a batch ends early");
        }))
        .chain(once(async { Ok(Bytes::from_static(b"]}")) }));
    let headers = [
        (header::LOCATION, format!("/api/v1/batches/{id}")),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    Ok((StatusCode::ACCEPTED, headers, Body::from_stream(whole)).into_response())
}

fn written(from: u32, page: Vec<Entry>) -> Bytes {
    let mut text = Vec::new();
    for (k, entry) in page.into_iter().enumerate() {
        if from > 0 || k > 0 {
            text.push(b',');
        }
        // A vector takes all that is written, and nothing here has no form in JSON.
        serde_json::to_writer(&mut text, &EntryReceipt::from(entry)).unwrap_or_default();
    }
    text.into()
}
