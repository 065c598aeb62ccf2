//! Artifacts on disk, by what they were made of; the least recently used go first.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use gavel_model::{CompileReport, Digest};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

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
pub struct ArtifactCache(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    budget: u64,
    entries: Mutex<HashMap<Digest, Entry>>,
}

struct Entry {
    bytes: u64,
    used: SystemTime,
}

const CHECKSUM: usize = 32;

impl ArtifactCache {
    /// Opens the folder and takes stock of what an earlier life left there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, budget: u64) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut entries = HashMap::new();
        for file in std::fs::read_dir(folder)? {
            let file = file?;
            let metadata = file.metadata()?;
            match file.file_name().to_str().and_then(|name| name.parse::<Digest>().ok()) {
                Some(key) => {
                    let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                    entries.insert(key, Entry { bytes: metadata.len(), used });
                }
                // A half-written file of a process that died.
                None if metadata.is_file() => std::fs::remove_file(file.path())?,
                None => {}
            }
        }
        Ok(Self(Arc::new(Inner { folder: folder.to_owned(), budget, entries: Mutex::new(entries) })))
    }

    /// What was made of the same before. A damaged file counts as none.
    pub async fn get(&self, key: Digest) -> Option<CachedArtifact> {
        {
            let mut entries = self.0.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.get_mut(&key)?.used = SystemTime::now();
        }
        let path = self.path(&key);
        let read = tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(&path)?;
            // So that the order of use survives a restart.
            std::fs::File::options().append(true).open(&path)?.set_modified(SystemTime::now())?;
            Ok::<_, std::io::Error>(bytes)
        });
        let decoded = match read.await {
            Ok(Ok(bytes)) => decode(&bytes),
            _ => None,
        };
        if decoded.is_none() {
            tracing::warn!(artifact.key = %key, "a cached artifact is damaged or gone; it will be made again");
            self.0.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        }
        decoded
    }

    /// Keeps what was made. A full disk or a folder gone is logged, not an error: the artifact is in hand.
    pub async fn put(&self, key: Digest, cached: &CachedArtifact) {
        let Ok(body) = postcard::to_allocvec(cached) else { return };
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend_from_slice(&body);
        let size = bytes.len() as u64;
        let inner = Arc::clone(&self.0);
        let written = tokio::task::spawn_blocking(move || {
            let mut file = tempfile::NamedTempFile::new_in(&inner.folder)?;
            std::io::Write::write_all(&mut file, &bytes)?;
            file.persist(inner.folder.join(key.to_string())).map_err(|error| error.error)?;
            Ok::<_, std::io::Error>(())
        });
        match written.await {
            Ok(Ok(())) => self.admit(key, size).await,
            Ok(Err(error)) => tracing::warn!(%error, "an artifact could not be cached"),
            Err(error) => tracing::warn!(%error, "caching an artifact panicked"),
        }
    }

    async fn admit(&self, key: Digest, bytes: u64) {
        let gone = {
            let mut entries = self.0.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.insert(key, Entry { bytes, used: SystemTime::now() });
            evict(&mut entries, self.0.budget)
        };
        for key in gone {
            if let Err(error) = tokio::fs::remove_file(self.path(&key)).await {
                tracing::debug!(%error, "an old artifact could not be removed");
            }
        }
    }

    fn path(&self, key: &Digest) -> PathBuf {
        self.0.folder.join(key.to_string())
    }
}

fn decode(bytes: &[u8]) -> Option<CachedArtifact> {
    let (checksum, body) = bytes.split_at_checked(CHECKSUM)?;
    (Sha256::digest(body).as_slice() == checksum).then(|| postcard::from_bytes(body).ok()).flatten()
}

fn evict(entries: &mut HashMap<Digest, Entry>, budget: u64) -> Vec<Digest> {
    let mut total: u64 = entries.values().map(|entry| entry.bytes).sum();
    let mut gone = Vec::new();
    while total > budget {
        let Some(oldest) = entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| *key) else {
            break;
        };
        if let Some(entry) = entries.remove(&oldest) {
            total -= entry.bytes;
        }
        gone.push(oldest);
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{ArtifactFile, Place};

    fn cached(bytes: usize) -> CachedArtifact {
        let report = CompileReport {
            exit_code: Some(0),
            output: String::new(),
            truncated: false,
            cpu_ms: 1.0,
            wall_ms: 1.0,
            memory_bytes: 1,
            cached: false,
            limit: None,
        };
        let file = ArtifactFile {
            root: Place::Tmp,
            path: "out/main".to_owned(),
            mode: 0o755,
            bytes: vec![7; bytes].into(),
        };
        CachedArtifact { report, artifact: Some(Artifact { files: vec![file] }) }
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

    #[tokio::test]
    async fn the_least_recently_used_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ArtifactCache::open(folder.path(), 2_500).unwrap();
        let keys = [b"a", b"b", b"c"].map(|name| Digest::of(name));
        cache.put(keys[0], &cached(1_000)).await;
        cache.put(keys[1], &cached(1_000)).await;
        assert!(cache.get(keys[0]).await.is_some());
        cache.put(keys[2], &cached(1_000)).await;
        assert!(cache.get(keys[1]).await.is_none());
        assert!(cache.get(keys[0]).await.is_some() && cache.get(keys[2]).await.is_some());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
