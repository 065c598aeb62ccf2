//! Large bytes, kept by the SHA-256 of their content.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("a SHA-256 has 64 hexadecimal digits")]
pub struct DigestError;

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::finish(Sha256::new().chain_update(bytes))
    }

    /// The digest that a running hash has come to.
    #[must_use]
    pub fn finish(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| DigestError)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = DigestError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// A blob that could not be stored or fetched.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The folder cannot be used.
    #[error("blob folder {path}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The store said no, or could not be reached.
    #[error("blob store")]
    Store(#[from] object_store::Error),
    /// What came back is not what was stored.
    #[error("blob {wanted} is damaged: its content hashes to {found}")]
    Damaged {
        /// The hash asked for.
        wanted: Digest,
        /// The hash of what came.
        found: Digest,
    },
}

/// A place for blobs: a folder here, an object store where many machines share it.
#[derive(Clone)]
pub struct BlobStore(Arc<dyn ObjectStore>);

impl BlobStore {
    /// Uses a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// When it cannot be made or opened.
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(path)
            .map_err(|source| BlobError::Folder { path: path.display().to_string(), source })?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(path)?)))
    }

    /// Stores bytes and tells their hash; storing the same bytes again changes nothing.
    ///
    /// # Errors
    /// When the store refuses them.
    pub async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        self.0.put(&location(&digest), PutPayload::from_bytes(bytes)).await?;
        Ok(digest)
    }

    /// Fetches the bytes of a hash, and checks them.
    ///
    /// # Errors
    /// When there is no such blob, the store is out of reach, or the content is damaged.
    pub async fn get(&self, digest: &Digest) -> Result<Bytes, BlobError> {
        let bytes = self.0.get(&location(digest)).await?.bytes().await?;
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(BlobError::Damaged { wanted: *digest, found });
        }
        Ok(bytes)
    }

    /// The store beneath, for streaming.
    #[must_use]
    pub fn objects(&self) -> &Arc<dyn ObjectStore> {
        &self.0
    }
}

/// Where a blob lies in its store.
#[must_use]
pub fn location(digest: &Digest) -> ObjectPath {
    let hex = digest.to_string();
    ObjectPath::from(format!("sha256/{}/{hex}", &hex[..2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_blob_comes_back_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path()).unwrap();
        let digest = blobs.put(Bytes::from_static(b"hello")).await.unwrap();
        assert_eq!(digest.to_string(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert_eq!(blobs.get(&digest).await.unwrap(), "hello");
        std::fs::write(folder.path().join(location(&digest).as_ref()), "hallo").unwrap();
        assert!(matches!(blobs.get(&digest).await, Err(BlobError::Damaged { .. })));
    }

    #[test]
    fn a_digest_is_64_hex_digits() {
        assert!("ab".parse::<Digest>().is_err());
        assert!("../../etc/passwd".parse::<Digest>().is_err());
    }
}
