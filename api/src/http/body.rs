//! Request bodies: JSON, no larger than allowed, in good time, with errors that name the field.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::{ApiError, ErrorCode};

/// How long a body may take to arrive.
const DEADLINE: Duration = Duration::from_secs(60);

/// How long the rest of a body that is too large is read and thrown away: a client that is still sending would
/// see a cut connection instead of the answer.
const DISCARD: Duration = Duration::from_secs(10);

/// Reads a JSON body of at most `max` bytes.
///
/// # Errors
/// Wrong content type, too large, too slow, not JSON, or not of the right shape.
pub async fn read<T: DeserializeOwned>(headers: &HeaderMap, body: Body, max: u64) -> Result<T, ApiError> {
    let bytes = collect(body, max).await?;
    if !is_json(headers) {
        return Err(ApiError::new(
            ErrorCode::UnsupportedMediaType,
            "the body must be JSON, announced as `Content-Type: application/json`",
        ));
    }
    parse(&bytes)
}

/// Reads JSON and names the field that does not fit.
///
/// # Errors
/// Not JSON, or not of the right shape.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // Serde would take a list for an object's fields in their order, which nobody documents or means.
    if matches!(bytes.trim_ascii_start().first(), Some(b'[' | b'"')) {
        return Err(ApiError::new(ErrorCode::InvalidField, "the body must be a JSON object"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        describe(&path, error.inner())
    })?;
    json.end().map_err(|error| describe(".", &error))?;
    Ok(value)
}

fn describe(path: &str, error: &serde_json::Error) -> ApiError {
    let message = error.to_string();
    match error.classify() {
        Category::Data => {
            let code = if message.starts_with("unknown field") {
                ErrorCode::UnknownField
            } else {
                ErrorCode::InvalidField
            };
            let field = if path == "." { missing(&message) } else { Some(path.to_owned()) };
            ApiError { field, ..ApiError::new(code, message) }
        }
        Category::Io | Category::Syntax | Category::Eof => ApiError::new(ErrorCode::MalformedJson, message),
    }
}

/// The field of "missing field `x`", which has no path of its own.
fn missing(message: &str) -> Option<String> {
    message.strip_prefix("missing field `")?.split('`').next().map(str::to_owned)
}

async fn collect(body: Body, max: u64) -> Result<Bytes, ApiError> {
    let mut chunks = body.into_data_stream();
    let mut bytes = BytesMut::new();
    let all = async {
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| {
                ApiError::new(ErrorCode::MalformedJson, format!("the body ended early: {error}"))
            })?;
            let size = bytes.len() as u64 + chunk.len() as u64;
            if size > max {
                return Err(ApiError::new(
                    ErrorCode::TooLarge,
                    format!("the body has more than {max} bytes, which is the maximum"),
                ));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(())
    };
    match tokio::time::timeout(DEADLINE, all).await {
        Ok(Ok(())) => Ok(bytes.freeze()),
        Ok(Err(error)) => {
            let rest = async { while let Some(Ok(_)) = chunks.next().await {} };
            // Whether the rest came or not, the answer is the same.
            tokio::time::timeout(DISCARD, rest).await.ok();
            Err(error)
        }
        Err(_) => Err(ApiError::new(
            ErrorCode::RequestTimeout,
            format!("the body did not arrive within {} s", DEADLINE.as_secs()),
        )),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use test_case::test_case;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading matters")]
        number: u64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its reading matters")]
        list: Vec<Inner>,
    }

    #[test_case(r#"{"list":[{"number":1},{"number":-1}]}"#, ErrorCode::InvalidField, Some("list[1].number"))]
    #[test_case(r#"{"list":[{"nomber":1}]}"#, ErrorCode::UnknownField, Some("list[0].nomber"))]
    #[test_case(r#"{"extra":1}"#, ErrorCode::UnknownField, Some("extra"))]
    #[test_case("[[]]", ErrorCode::InvalidField, None; "a list")]
    #[test_case("{}", ErrorCode::InvalidField, Some("list"))]
    #[test_case(r#"{"list":[]} more"#, ErrorCode::MalformedJson, None)]
    #[test_case(r#"{"list":[}"#, ErrorCode::MalformedJson, None)]
    #[test_case("", ErrorCode::MalformedJson, None)]
    fn the_field_to_blame_is_named(text: &str, code: ErrorCode, field: Option<&str>) {
        let error = parse::<Outer>(text.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, field), "{error:?}");
    }

    #[tokio::test]
    async fn a_body_over_the_maximum_is_refused_and_one_at_it_is_not() {
        assert_eq!(collect(Body::from("12345"), 5).await.unwrap(), "12345");
        assert_eq!(collect(Body::from("123456"), 5).await.unwrap_err().code, ErrorCode::TooLarge);
    }
}
