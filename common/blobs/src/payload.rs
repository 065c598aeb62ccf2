//! Payloads to bytes and back: by hash where they are large.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use gavel_model::{Digest, Payload};

use crate::store::{BlobError, BlobStore};

/// The largest payload that travels inside a message, in bytes; a larger one goes to the blob store.
///
/// `RabbitMQ` advises small messages, and docs/MESSAGES.md keeps every one under 1 MiB.
pub const MAX_INLINE: usize = 64 * 1024;

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

impl BlobStore {
    /// Packs bytes for a message, storing them first when they are larger than [`MAX_INLINE`].
    ///
    /// # Errors
    /// When the store refuses them.
    pub async fn pack(&self, bytes: Bytes) -> Result<Payload, BlobError> {
        if bytes.len() <= MAX_INLINE {
            return Ok(Payload::inline(&bytes));
        }
        self.pack_by_hash(bytes).await
    }

    /// Stores bytes, whatever their size, and names them by their hash.
    ///
    /// # Errors
    /// When the store refuses them.
    pub async fn pack_by_hash(&self, bytes: Bytes) -> Result<Payload, BlobError> {
        let size = bytes.len() as u64;
        Ok(Payload::Blob { sha256: self.put(bytes).await?, size })
    }

    /// The bytes of a payload, fetched where need be.
    ///
    /// # Errors
    /// [`PayloadError`]: undecodable base64, or a blob that is missing, damaged or out of reach.
    pub async fn unpack(&self, payload: &Payload) -> Result<Bytes, PayloadError> {
        match payload {
            Payload::Text(text) => Ok(Bytes::copy_from_slice(text.as_bytes())),
            Payload::Base64(text) => Ok(BASE64.decode(text)?.into()),
            Payload::Blob { sha256, size } => self
                .get_sized(sha256, *size)
                .await
                .map_err(|source| PayloadError::Blob { sha256: *sha256, source }),
        }
    }
}
