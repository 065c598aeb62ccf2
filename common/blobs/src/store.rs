//! Large bytes, kept by the SHA-256 of their content.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use gavel_model::Digest;
use gavel_platform::private::private_folder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use tokio::fs;
use tokio::io::AsyncReadExt as _;

/// How much of a file is in memory at a time while it is copied, in bytes; object stores want 5 MiB at least.
const PART: usize = 8 << 20;

/// How many parts are under way at a time.
const PARTS: usize = 2;

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
    /// A file to be stored cannot be read or moved.
    #[error("file {path}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The store said no, or could not be reached.
    #[error("blob store")]
    Store(#[from] object_store::Error),
    /// The blob has another size than whoever named it said.
    #[error("the blob has {found} bytes, {said} were said")]
    Size {
        /// What it has.
        found: u64,
        /// What was said.
        said: u64,
    },
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
pub struct BlobStore {
    objects: Arc<dyn ObjectStore>,
    folder: Arc<Path>,
}

impl BlobStore {
    /// Uses a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// When it cannot be made or opened.
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        private_folder(path)
            .map_err(|source| BlobError::Folder { path: path.display().to_string(), source })?;
        Ok(Self { objects: Arc::new(LocalFileSystem::new_with_prefix(path)?), folder: path.into() })
    }

    /// Where files wait that may become blobs: on the blobs' file system, so that [`BlobStore::put_file`] only
    /// moves them. The folder is made by who writes into it.
    #[must_use]
    pub fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Stores bytes and tells their hash; storing the same bytes again changes nothing.
    ///
    /// # Errors
    /// When the store refuses them.
    pub async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        self.objects.put(&location(&digest), PutPayload::from_bytes(bytes)).await?;
        Ok(digest)
    }

    /// Stores a file under its hash, which the caller has just computed. The file is moved where that is possible,
    /// else copied a part at a time; either way the blob appears as a whole, and survives a power cut.
    ///
    /// # Errors
    /// When the file cannot be read or the store refuses it.
    pub async fn put_file(&self, file: &Path, digest: &Digest) -> Result<(), BlobError> {
        match self.adopt(file, digest).await {
            Err(error) if error.kind() == ErrorKind::CrossesDevices => self.copy(file, digest).await,
            moved => moved.map_err(|source| BlobError::File { path: file.display().to_string(), source }),
        }
    }

    async fn adopt(&self, file: &Path, digest: &Digest) -> io::Result<()> {
        let place = self.folder.join(location(digest).as_ref());
        let folder = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).await?;
        fs::File::open(file).await?.sync_all().await?;
        fs::rename(file, &place).await?;
        fs::File::open(folder).await?.sync_all().await
    }

    async fn copy(&self, file: &Path, digest: &Digest) -> Result<(), BlobError> {
        let reading = |source| BlobError::File { path: file.display().to_string(), source };
        let mut from = fs::File::open(file).await.map_err(reading)?;
        let upload = self.objects.put_multipart(&location(digest)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut buffer = BytesMut::new();
        loop {
            upload.wait_for_capacity(PARTS).await?;
            buffer.reserve(PART);
            match from.read_buf(&mut buffer).await {
                Ok(0) => break,
                Ok(_) => upload.put(buffer.split().freeze()),
                Err(source) => {
                    upload.abort().await?;
                    return Err(reading(source));
                }
            }
        }
        upload.finish().await?;
        Ok(())
    }

    /// Fetches the bytes of a hash, and checks them.
    ///
    /// # Errors
    /// When there is no such blob, the store is out of reach, or the content is damaged.
    pub async fn get(&self, digest: &Digest) -> Result<Bytes, BlobError> {
        checked(self.objects.get(&location(digest)).await?.bytes().await?, digest)
    }

    /// [`BlobStore::get`] of a blob of a known size: one of another size is not read at all.
    ///
    /// # Errors
    /// The same, and [`BlobError::Size`].
    pub async fn get_sized(&self, digest: &Digest, size: u64) -> Result<Bytes, BlobError> {
        let found = self.objects.get(&location(digest)).await?;
        if found.meta.size != size {
            return Err(BlobError::Size { found: found.meta.size, said: size });
        }
        checked(found.bytes().await?, digest)
    }

    /// The folder that everything is below.
    pub(crate) fn root(&self) -> &Path {
        &self.folder
    }

    /// The store beneath, for streaming.
    #[must_use]
    pub fn objects(&self) -> &Arc<dyn ObjectStore> {
        &self.objects
    }
}

fn checked(bytes: Bytes, wanted: &Digest) -> Result<Bytes, BlobError> {
    let found = Digest::of(&bytes);
    if found == *wanted { Ok(bytes) } else { Err(BlobError::Damaged { wanted: *wanted, found }) }
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
        assert_eq!(blobs.get_sized(&digest, 5).await.unwrap(), "hello");
        assert!(matches!(blobs.get_sized(&digest, 4).await, Err(BlobError::Size { found: 5, said: 4 })));
        std::fs::write(folder.path().join(location(&digest).as_ref()), "hallo").unwrap();
        assert!(matches!(blobs.get(&digest).await, Err(BlobError::Damaged { .. })));
    }

    #[tokio::test]
    async fn a_file_becomes_a_blob_by_moving_or_by_copying() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path()).unwrap();
        let content = Bytes::from((0..20_000_000_u32).map(|k| (k % 251) as u8).collect::<Vec<_>>());
        let digest = Digest::of(&content);
        let file = blobs.incoming().join("upload");
        std::fs::create_dir_all(blobs.incoming()).unwrap();
        std::fs::write(&file, &content).unwrap();
        blobs.copy(&file, &digest).await.unwrap();
        assert_eq!(blobs.get(&digest).await.unwrap(), content, "copied in parts");
        std::fs::write(folder.path().join(location(&digest).as_ref()), "damaged").unwrap();
        blobs.put_file(&file, &digest).await.unwrap();
        assert_eq!(blobs.get(&digest).await.unwrap(), content, "moved over what was there");
        assert!(!file.exists());
        assert!(matches!(blobs.put_file(&file, &digest).await, Err(BlobError::File { .. })));
    }
}
