//! What travels inside the message, and what goes to the blob store.
//!
//! A message stays under 1 MiB (docs/MESSAGES.md) however many small inputs a submission has: once its share of
//! inline bytes is used up, the rest goes to the blob store, small or not.

use bytes::Bytes;
use gavel_blobs::{BlobError, BlobStore, MAX_INLINE};
use gavel_model::Payload;

/// The most bytes that all payloads of a message take, as they are written in JSON.
const BUDGET: u64 = 384 * 1024;

/// Packs the payloads of one message.
pub struct Packer<'a> {
    blobs: &'a BlobStore,
    left: u64,
}

impl<'a> Packer<'a> {
    pub const fn new(blobs: &'a BlobStore) -> Self {
        Self { blobs, left: BUDGET }
    }

    /// Packs some bytes, in the message while there is room.
    pub async fn pack(&mut self, bytes: Bytes) -> Result<Payload, BlobError> {
        if bytes.len() > MAX_INLINE {
            return self.blobs.pack(bytes).await;
        }
        let payload = Payload::inline(&bytes);
        match self.left.checked_sub(written(&payload)) {
            Some(left) => {
                self.left = left;
                Ok(payload)
            }
            None => self.blobs.pack_by_hash(bytes).await,
        }
    }
}

/// How many bytes a text takes in JSON at most; control characters become six.
fn written(payload: &Payload) -> u64 {
    match payload {
        Payload::Text(text) => text
            .bytes()
            .map(|byte| match byte {
                b'"' | b'\\' => 2,
                0..0x20 => 6,
                _ => 1,
            })
            .sum(),
        Payload::Base64(text) => text.len() as u64,
        Payload::Blob { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_small_payloads_do_not_make_a_large_message() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path()).unwrap();
        let mut packer = Packer::new(&blobs);
        let mut packed = Vec::new();
        for k in 0..100_u8 {
            packed.push(packer.pack(Bytes::from(vec![k % 32; 10 * 1024])).await.unwrap());
        }
        assert!(matches!(packed[0], Payload::Text(_)));
        assert!(matches!(packed[99], Payload::Blob { size: 10_240, .. }));
        let size = serde_json::to_vec(&packed).unwrap().len();
        assert!(size < 450 * 1024, "{size} bytes");
        assert_eq!(blobs.unpack(&packed[99]).await.unwrap(), vec![99 % 32; 10 * 1024]);
    }
}
