//! Bytes that travel: as text where they are text, as base64 where they are not, by hash where they are large.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::blob::{BlobError, BlobStore, Digest};

/// The largest payload that travels inside a message; a larger one goes to the blob store.
///
/// `RabbitMQ` advises small messages, and docs/MESSAGES.md keeps every one under 1 MiB.
pub const MAX_INLINE: usize = 64 * 1024;

/// Source code, an input or an answer, on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// A payload that could not be turned into bytes.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// The text after `base64` is not base64.
    #[error("not valid base64")]
    Base64(#[from] base64::DecodeError),
    /// The blob could not be fetched.
    #[error("blob {sha256} could not be read")]
    Blob {
        /// The blob's hash.
        sha256: Digest,
        /// Why.
        source: BlobError,
    },
}

impl Default for Payload {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Payload {
    /// Packs bytes for a message, whatever their size.
    #[must_use]
    pub fn inline(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(BASE64.encode(bytes)),
        }
    }

    /// Packs bytes for a message, storing them first when they are larger than [`MAX_INLINE`].
    ///
    /// # Errors
    /// When the blob store refuses them.
    pub async fn pack(bytes: Bytes, blobs: &BlobStore) -> Result<Self, BlobError> {
        if bytes.len() <= MAX_INLINE {
            return Ok(Self::inline(&bytes));
        }
        let size = bytes.len() as u64;
        Ok(Self::Blob { sha256: blobs.put(bytes).await?, size })
    }

    /// The bytes themselves, fetched where need be.
    ///
    /// # Errors
    /// [`PayloadError`]: undecodable base64, or a blob that is missing, damaged or out of reach.
    pub async fn unpack(&self, blobs: &BlobStore) -> Result<Bytes, PayloadError> {
        match self {
            Self::Text(text) => Ok(Bytes::copy_from_slice(text.as_bytes())),
            Self::Base64(text) => Ok(BASE64.decode(text)?.into()),
            Self::Blob { sha256, .. } => {
                blobs.get(sha256).await.map_err(|source| PayloadError::Blob { sha256: *sha256, source })
            }
        }
    }
}
