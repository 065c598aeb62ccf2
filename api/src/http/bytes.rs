//! Bytes inside JSON: as text, or in base64.

use std::fmt;

use ::bytes::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use gavel_model::Encoding;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text, or bytes in the form in which results carry what programs print.
// `Serialize` only for the description. `Deserialize` is written out: an untagged one would read the object apart, and
// its unknown fields would not be seen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(examples("3 4\n", json!({"data": "/wBh", "encoding": "base64"})))]
pub enum BytesBody {
    /// UTF-8.
    #[schema(title = "text")]
    Text(String),
    /// Bytes with their encoding.
    #[schema(title = "bytes")]
    Encoded(EncodedBody),
}

/// Bytes with their encoding.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EncodedBody {
    /// The bytes, as `encoding` says.
    #[schema(value_type = String)]
    data: Option<String>,
    /// How `data` is written.
    encoding: Option<Encoding>,
}

/// Bytes that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub enum BytesError {
    /// `data` is left out.
    NoData,
    /// Not base64.
    Base64(base64::DecodeError),
}

impl BytesBody {
    /// The bytes.
    ///
    /// # Errors
    /// When they are missing, or not in the encoding that is stated.
    pub fn read(self) -> Result<Bytes, BytesError> {
        match self {
            Self::Text(text) => Ok(text.into()),
            Self::Encoded(EncodedBody { data, encoding }) => {
                let data = data.ok_or(BytesError::NoData)?;
                decode(data, encoding.unwrap_or_default()).map_err(BytesError::Base64)
            }
        }
    }
}

/// What a text in an encoding stands for.
///
/// # Errors
/// When it is not base64 and should be.
pub fn decode(data: String, encoding: Encoding) -> Result<Bytes, base64::DecodeError> {
    match encoding {
        Encoding::Utf8 => Ok(data.into()),
        Encoding::Base64 => BASE64.decode(data).map(Bytes::from),
    }
}

impl<'de> Deserialize<'de> for BytesBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrObject)
    }
}

struct TextOrObject;

impl<'de> Visitor<'de> for TextOrObject {
    type Value = BytesBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an object with `data` and `encoding`")
    }

    fn visit_str<E>(self, text: &str) -> Result<BytesBody, E> {
        Ok(BytesBody::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<BytesBody, E> {
        Ok(BytesBody::Text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BytesBody, A::Error> {
        EncodedBody::deserialize(MapAccessDeserializer::new(map)).map(BytesBody::Encoded)
    }
}
