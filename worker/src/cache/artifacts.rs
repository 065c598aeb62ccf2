//! Artifacts on disk, by what they were made of; the least recently used go first.

use std::path::Path;
use std::sync::Arc;

use gavel_model::{CompileReport, Digest};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::disk::{DiskLru, Layout};
use crate::sandbox::Artifact;

/// What the cache holds of one compilation that went well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedArtifact {
    /// What the compiler said and used.
    pub report: CompileReport,
    /// What it made; absent for a language that is only checked.
    pub artifact: Option<Artifact>,
}

/// The cache: one folder, safe to lose at any time.
#[derive(Clone)]
pub struct ArtifactCache(Arc<DiskLru>);

const CHECKSUM: usize = 32;

impl ArtifactCache {
    /// Opens the folder and takes stock of what an earlier life left there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, budget: u64) -> std::io::Result<Self> {
        DiskLru::open(folder, budget, Layout::File).map(|disk| Self(Arc::new(disk)))
    }

    /// What was made of the same before. A damaged file counts as none.
    pub async fn get(&self, key: Digest) -> Option<CachedArtifact> {
        let disk = Arc::clone(&self.0);
        let read = tokio::task::spawn_blocking(move || {
            disk.touch(&key).then(|| std::fs::read(disk.path(&key)).ok().and_then(|bytes| decode(&bytes)))
        });
        let found = read.await.unwrap_or(Some(None))?;
        if found.is_none() {
            tracing::warn!(artifact.key = %key, "a cached artifact is damaged or gone; it will be made again");
            self.0.forget(&key);
        }
        found
    }

    /// Keeps what was made. A full disk or a folder gone is logged, not an error: the artifact is in hand.
    pub async fn put(&self, key: Digest, cached: &CachedArtifact) {
        let Ok(body) = postcard::to_allocvec(cached) else { return };
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend_from_slice(&body);
        let disk = Arc::clone(&self.0);
        let written = tokio::task::spawn_blocking(move || {
            let mut file = tempfile::NamedTempFile::new_in(disk.folder())?;
            std::io::Write::write_all(&mut file, &bytes)?;
            file.persist(disk.path(&key)).map_err(|error| error.error)?;
            // An artifact is read as a whole: none is ever in use.
            Ok::<_, std::io::Error>(disk.admit(key, bytes.len() as u64, |_| Some(())))
        });
        match written.await {
            Ok(Ok(gone)) => DiskLru::remove_all(gone).await,
            Ok(Err(error)) => tracing::warn!(%error, "an artifact could not be cached"),
            Err(error) => tracing::warn!(%error, "caching an artifact panicked"),
        }
    }
}

fn decode(bytes: &[u8]) -> Option<CachedArtifact> {
    let (checksum, body) = bytes.split_at_checked(CHECKSUM)?;
    (Sha256::digest(body)[..] == *checksum).then(|| postcard::from_bytes(body).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{ArtifactFile, Place};

    fn cached(bytes: usize) -> CachedArtifact {
        let file = ArtifactFile {
            root: Place::Tmp,
            path: "out/main".to_owned(),
            mode: 0o755,
            bytes: vec![7; bytes].into(),
        };
        CachedArtifact {
            report: gavel_testkit::compile_report(0),
            artifact: Some(Artifact { files: vec![file] }),
        }
    }

    #[tokio::test]
    async fn what_was_put_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let key = Digest::of(b"a");
        ArtifactCache::open(folder.path(), 1 << 20).unwrap().put(key, &cached(100)).await;
        assert_eq!(ArtifactCache::open(folder.path(), 1 << 20).unwrap().get(key).await, Some(cached(100)));
    }

    #[tokio::test]
    async fn a_damaged_file_is_no_hit() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ArtifactCache::open(folder.path(), 1 << 20).unwrap();
        let key = Digest::of(b"a");
        cache.put(key, &cached(100)).await;
        let path = folder.path().join(key.to_string());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[90] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(cache.get(key).await, None);
    }
}
