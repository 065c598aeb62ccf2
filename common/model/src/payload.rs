//! Bytes that travel: as text where they are text, as base64 where they are not, by hash where they are large.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// Source code, an input or an answer, on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", try_from = "WrittenPayload")]
pub enum Payload {
    /// UTF-8, as it is.
    Text(String),
    /// Bytes that are not UTF-8, in standard base64.
    Base64(String),
    /// A blob, by hash.
    Blob {
        /// SHA-256 of the bytes.
        sha256: Digest,
        /// How many bytes it has.
        size: u64,
    },
}

/// A payload as it is written: serde would refuse any field beside the one that says what it is.
#[derive(Deserialize)]
struct WrittenPayload {
    text: Option<String>,
    base64: Option<String>,
    blob: Option<WrittenBlob>,
}

#[derive(Deserialize)]
struct WrittenBlob {
    sha256: Digest,
    size: u64,
}

/// Not exactly one of `text`, `base64` and `blob`.
#[derive(Debug, thiserror::Error)]
#[error("a payload is one of text, base64 and blob")]
struct PayloadShape;

impl TryFrom<WrittenPayload> for Payload {
    type Error = PayloadShape;

    fn try_from(written: WrittenPayload) -> Result<Self, Self::Error> {
        match (written.text, written.base64, written.blob) {
            (Some(text), None, None) => Ok(Self::Text(text)),
            (None, Some(base64), None) => Ok(Self::Base64(base64)),
            (None, None, Some(WrittenBlob { sha256, size })) => Ok(Self::Blob { sha256, size }),
            _ => Err(PayloadShape),
        }
    }
}

impl Default for Payload {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Payload {
    /// How many bytes it stands for. Of a blob, as it is said: whoever fetches it compares.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Base64(text) => {
                let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
                (text.len() / 4 * 3).saturating_sub(padding) as u64
            }
            Self::Blob { size, .. } => *size,
        }
    }

    /// Packs bytes for a message, whatever their size.
    #[must_use]
    pub fn inline(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(BASE64.encode(bytes)),
        }
    }
}
