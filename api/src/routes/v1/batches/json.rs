//! A batch as one JSON text.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::entry;
use crate::error::{ApiError, ErrorCode};
use crate::http::body::describe;
use crate::routes::v1::submissions::request::SubmissionRequest;

/// Many submissions. Also taken as the plain list of `submissions`.
#[derive(ToSchema)]
#[schema(as = BatchRequest, example = json!({"common": {"language": "python"}, "submissions": [{"source": "print(1)"}]}))]
#[expect(dead_code, reason = "it describes what `BatchBody` reads")]
pub struct BatchRequest {
    /// What an entry leaves out is taken from here.
    common: Option<SubmissionRequest>,
    /// The entries.
    submissions: Option<Vec<SubmissionRequest>>,
    /// Where to be called when all of it is final: an `http` or `https` URL.
    callback_url: Option<String>,
}

/// A batch, its entries not yet read.
pub struct BatchBody<'a> {
    /// What is said once.
    pub head: BatchHead,
    /// The entries.
    pub submissions: Vec<&'a RawValue>,
}

impl<'a> BatchBody<'a> {
    /// Reads as much as all entries share.
    ///
    /// # Errors
    /// Not JSON, or not of this form.
    pub fn read(json: &'a [u8]) -> Result<Self, ApiError> {
        if json.trim_ascii_start().starts_with(b"[") {
            let submissions = serde_json::from_slice(json).map_err(|error| describe(None, &error))?;
            return Ok(Self { head: BatchHead::default(), submissions });
        }
        let mut fields: BTreeMap<String, &RawValue> =
            serde_json::from_slice(json).map_err(|error| describe(None, &error))?;
        let submissions = given(fields.remove("submissions"));
        let head = BatchHead::read(fields)?;
        let Some(submissions) = submissions else {
            return Err(ApiError::invalid("submissions", "submissions is missing"));
        };
        Ok(Self {
            head,
            submissions: serde_json::from_str(submissions.get())
                .map_err(|_| ApiError::invalid("submissions", "submissions is a list of objects"))?,
        })
    }
}

/// What is said once of a batch.
#[derive(Default)]
pub struct BatchHead {
    /// What all entries have in common.
    pub common: Option<SubmissionRequest>,
    /// Where to be called when all of it is final.
    pub callback_url: Option<String>,
}

impl BatchHead {
    /// The first line of a batch of lines, if it is no entry: then it has `common`.
    pub fn of_line(line: &[u8]) -> Option<Result<Self, ApiError>> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(line).ok()?;
        fields.contains_key("common").then(|| Self::read(fields))
    }

    fn read(mut fields: BTreeMap<String, &RawValue>) -> Result<Self, ApiError> {
        let common = given(fields.remove("common"));
        let callback_url = given(fields.remove("callback_url"));
        if let Some(unknown) = fields.into_keys().next() {
            let unknown: String = unknown.chars().take(100).collect();
            let message = format!("unknown field `{unknown}`");
            return Err(ApiError::of(unknown, ErrorCode::UnknownField, message));
        }
        Ok(Self {
            common: common.map(|common| entry::common(common.get().as_bytes())).transpose()?,
            callback_url: callback_url
                .map(|url| serde_json::from_str(url.get()))
                .transpose()
                .map_err(|_| ApiError::invalid("callback_url", "callback_url is a text"))?,
        })
    }
}

/// Null is the same as left out.
fn given(value: Option<&RawValue>) -> Option<&RawValue> {
    value.filter(|value| value.get() != "null")
}
