//! Request bodies: JSON, no larger than allowed, in good time, with errors that name the field.

use std::time::Duration;

use ::bytes::{Bytes, BytesMut};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Path;
use sha2::Digest as _;

use super::object::Object;
use super::once;
use super::unknown::Known;
use crate::error::{ApiError, ErrorCode};
use crate::memory::{BodyMemory, Held, announced};
use crate::state::AppState;
use crate::store::Once;

/// How long a body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(60);

/// How long the rest of a body that is not taken is read and thrown away: a client that is still sending would
/// see a cut connection instead of the answer.
const DISCARD: Duration = Duration::from_secs(10);

/// A JSON body of the form `T`: an object without any field that `T` does not have, at no depth.
///
/// `T` is read leniently; what it does not know is found beside it. A field that `T` needs is an `Option` in it, so that
/// null and a field left out are the same everywhere, and a missing one is told by the door in its own words.
///
/// The memory is the body's share of what all bodies may take: let it go once nothing of the body is needed.
pub struct JsonBody<T>(pub T, pub Held);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (bytes, held, _) = read_json(request, state).await?;
        parse(&bytes).map(|body| Self(body, held))
    }
}

/// A [`JsonBody`], and the client's key, if it sent one: under that the call is to count once.
pub struct OnceBody<T>(pub T, pub Held, pub Option<Once>);

impl<T: DeserializeOwned> FromRequest<AppState> for OnceBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (bytes, held, once) = read_json(request, state).await?;
        parse(&bytes).map(|body| Self(body, held, once))
    }
}

/// The bytes of a body that is announced as JSON, their memory, and the client's key.
///
/// # Errors
/// Too large, too slow, announced as something else, or a key that is none.
pub async fn read_json(request: Request, state: &AppState) -> Result<(Bytes, Held, Option<Once>), ApiError> {
    let (parts, body) = request.into_parts();
    let (bytes, held) = collect(&parts.headers, body, state.config.max_body(), &state.memory).await?;
    if !is_json(&parts.headers) {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMediaType,
            "the body must be JSON, announced as `Content-Type: application/json`",
        ));
    }
    let once = match once::key(&parts.headers)? {
        Some(key) => {
            let mut hash = once::begin(&parts);
            hash.update(&bytes);
            Some(Once { key, sha256: Some(hash.finalize().into()) })
        }
        None => None,
    };
    Ok((bytes, held, once))
}

/// Reads JSON and names the field that does not fit.
///
/// # Errors
/// Not JSON, or not of the right shape.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let body: Known<Object<T>> = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| describe(Some(error.path()), error.inner()))?;
    json.end().map_err(|error| describe(None, &error))?;
    body.only().map(|Object(body)| body)
}

/// What is wrong with a text that is not the JSON that is wanted.
pub fn describe(path: Option<&Path>, error: &serde_json::Error) -> ApiError {
    let message = error.to_string();
    match error.classify() {
        Category::Data => {
            let field = path.filter(|path| path.iter().len() > 0).map(ToString::to_string);
            ApiError { field, ..ApiError::new(ErrorCode::InvalidField, message) }
        }
        Category::Io | Category::Syntax | Category::Eof => ApiError::new(ErrorCode::MalformedJson, message),
    }
}

/// Reads a body that is no larger than `max` bytes.
///
/// # Errors
/// When it is larger, does not arrive in time, or there is no memory for it now.
pub async fn collect(
    headers: &HeaderMap,
    body: Body,
    max: u64,
    memory: &BodyMemory,
) -> Result<(Bytes, Held), ApiError> {
    let mut chunks = body.into_data_stream();
    let all = async {
        let size = announced(headers).unwrap_or_default();
        if size > max {
            return Err(too_large(max));
        }
        let mut held = memory.hold(headers)?;
        let mut bytes = BytesMut::with_capacity(size as usize);
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| {
                ApiError::new(ErrorCode::MalformedJson, format!("the body ended early: {error}"))
            })?;
            let size = bytes.len() as u64 + chunk.len() as u64;
            if size > max {
                return Err(too_large(max));
            }
            held.fit(size)?;
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes.freeze(), held))
    };
    match tokio::time::timeout(DEADLINE, all).await {
        Ok(Ok(collected)) => Ok(collected),
        Ok(Err(error)) => {
            // Who expects to be told to go on has not sent anything yet, and need not.
            if !headers.contains_key(header::EXPECT) {
                let rest = async { while let Some(Ok(_)) = chunks.next().await {} };
                // Whether the rest came or not, the answer is the same.
                tokio::time::timeout(DISCARD, rest).await.ok();
            }
            Err(error)
        }
        Err(_) => Err(ApiError::new(
            ErrorCode::RequestTimeout,
            format!("the body did not arrive within {} s", DEADLINE.as_secs()),
        )),
    }
}

fn too_large(max: u64) -> ApiError {
    ApiError::new(ErrorCode::TooLarge, format!("the body has more than {max} bytes, which is the maximum"))
}

/// What a body is announced as, in small letters and without parameters; nothing where nothing is said.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers);
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::super::bytes::BytesBody;
    use super::*;
    use crate::metrics::ApiMetrics;
    use gavel_platform::telemetry::Registry;
    use serde::Deserialize;
    use test_case::test_case;

    #[derive(Debug, Default, Deserialize)]
    #[expect(dead_code, reason = "only its reading matters")]
    struct Inner {
        number: Option<u64>,
        text: Option<BytesBody>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its reading matters")]
    struct Outer {
        list: Option<Vec<Object<Inner>>>,
        one: Option<Object<Inner>>,
    }

    #[test_case(r#"{"list":[{"number":1},{"number":-1}]}"#, ErrorCode::InvalidField, Some("list[1].number"))]
    #[test_case(r#"{"list":[{"nomber":1}]}"#, ErrorCode::UnknownField, Some("list[0].nomber"))]
    #[test_case(r#"{"one":{"nomber":1}}"#, ErrorCode::UnknownField, Some("one.nomber"))]
    #[test_case(r#"{"one":{"text":{"date":""}}}"#, ErrorCode::UnknownField, Some("one.text.date"))]
    #[test_case(r#"{"one":{"text":{"data":7}}}"#, ErrorCode::InvalidField, Some("one.text.data"))]
    #[test_case(r#"{"one":{"text":["a","utf8"]}}"#, ErrorCode::InvalidField, Some("one.text"))]
    #[test_case(r#"{"extra":1}"#, ErrorCode::UnknownField, Some("extra"))]
    #[test_case("[[]]", ErrorCode::InvalidField, None; "a list")]
    #[test_case("null", ErrorCode::InvalidField, None; "null")]
    #[test_case(r#"{"one":[1,"a"]}"#, ErrorCode::InvalidField, Some("one"); "a list for an object")]
    #[test_case(r#"{"list":[[1]]}"#, ErrorCode::InvalidField, Some("list[0]"); "a list for an object in a list")]
    #[test_case(r#"{"list":[null]}"#, ErrorCode::InvalidField, Some("list[0]"); "null for an object in a list")]
    #[test_case(r#"{"list":[]} more"#, ErrorCode::MalformedJson, None)]
    #[test_case(r#"{"list":[}"#, ErrorCode::MalformedJson, None)]
    #[test_case("", ErrorCode::MalformedJson, None)]
    fn the_field_to_blame_is_named(text: &str, code: ErrorCode, field: Option<&str>) {
        let error = parse::<Outer>(text.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, field), "{error:?}");
    }

    #[test]
    fn null_is_left_out_at_every_depth() {
        for text in ["{}", r#"{"list":null,"one":null}"#, r#"{"one":{"number":null,"text":null}}"#] {
            parse::<Outer>(text.as_bytes()).unwrap();
        }
    }

    #[test]
    fn every_unknown_field_is_told_and_a_flood_of_them_is_not() {
        let text = r#"{"a":1,"list":[{"b":{"c":1}},{"number":1,"d":[]}],"one":{"text":{"data":"","e":0}}}"#;
        let error = parse::<Outer>(text.as_bytes()).unwrap_err();
        assert_eq!(error.message, "unknown fields `a`, `list[0].b`, `list[1].d`, `one.text.e`");
        let many: Vec<_> = (0..10_000).map(|k| format!("\"{}{k}\":0", "x".repeat(1_000))).collect();
        let error = parse::<Outer>(format!("{{{}}}", many.join(",")).as_bytes()).unwrap_err();
        assert!(error.message.starts_with("10000 unknown fields, among them `xxx"), "{error:?}");
        assert!(error.message.len() < 3_000);
    }

    #[tokio::test]
    async fn a_body_over_the_maximum_is_refused_and_one_at_it_is_not() {
        let memory = BodyMemory::new(1024, ApiMetrics::register(&Registry::default()).unwrap());
        let collected = async |text: &'static str| {
            let (bytes, _held) = collect(&HeaderMap::new(), Body::from(text), 5, &memory).await?;
            Ok::<_, ApiError>(bytes)
        };
        assert_eq!(collected("12345").await.unwrap(), "12345");
        assert_eq!(collected("123456").await.unwrap_err().code, ErrorCode::TooLarge);
    }
}
