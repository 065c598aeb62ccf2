//! Problem packages on disk: fetched once by hash, checked, shared, and dropped when the room is needed.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::metrics::{CacheOutcome, WorkerMetrics};
use futures_util::StreamExt as _;
use gavel_blobs::{BlobError, BlobStore, location};
use gavel_model::Digest;
use gavel_model::language::Languages;
use gavel_problem::archive::{ArchiveError, ArchiveLimits, unpack};
use gavel_problem::{InvalidPackage, LoadOptions, Package};
use object_store::ObjectStoreExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use super::disk::{DiskLru, Layout};
use super::index::Index;

/// A package that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The blob store does not give it out.
    #[error("package {sha256} could not be fetched")]
    Fetch {
        /// Which.
        sha256: Digest,
        /// Why.
        source: BlobError,
    },
    /// It is no archive that can be unpacked.
    #[error("package {sha256}")]
    Archive {
        /// Which.
        sha256: Digest,
        /// Why.
        source: ArchiveError,
    },
    /// It is no valid package. The API checks that before it stores one.
    #[error("package {sha256}")]
    Invalid {
        /// Which.
        sha256: Digest,
        /// Every mistake.
        source: InvalidPackage,
    },
    /// The cache's folder cannot be used.
    #[error("the package cache")]
    Folder(#[from] std::io::Error),
    /// Unpacking panicked.
    #[error("unpacking a package panicked")]
    Panicked,
}

/// Beside the package: what its files were when it was unpacked. Written last.
const INDEX: &str = "index.json";

/// All packages of a worker.
pub struct PackageCache {
    disk: DiskLru,
    blobs: BlobStore,
    languages: Languages,
    metrics: WorkerMetrics,
    entries: Mutex<HashMap<Digest, Arc<Entry>>>,
}

/// One package; whoever needs it while it is fetched waits for the same fetch.
#[derive(Default)]
struct Entry {
    package: Arc<tokio::sync::Mutex<Option<Arc<CachedPackage>>>>,
}

/// A package on disk, and what its files were when it was unpacked.
pub struct CachedPackage {
    /// The package.
    pub package: Package,
    /// The time limit that was derived for it, in milliseconds, once somebody asked.
    pub(crate) time_limit_ms: OnceCell<u64>,
    index: Index,
    bytes: u64,
}

impl PackageCache {
    /// A cache below `folder`, with room for `budget` bytes. What an earlier life left is taken over when it is
    /// asked for and found undamaged.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(
        folder: &Path,
        budget: u64,
        blobs: BlobStore,
        languages: Languages,
        metrics: WorkerMetrics,
    ) -> std::io::Result<Self> {
        let disk = DiskLru::open(folder, budget, Layout::Folder { stamp: INDEX })?;
        Ok(Self { disk, blobs, languages, metrics, entries: Mutex::default() })
    }

    /// The package of a hash. It stays on disk at least as long as the value lives.
    ///
    /// # Errors
    /// [`PackageError`].
    pub async fn get(&self, sha256: Digest) -> Result<Arc<CachedPackage>, PackageError> {
        let entry = {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(entries.entry(sha256).or_default())
        };
        let mut package = entry.package.lock().await;
        if let Some(cached) = package.as_ref() {
            if self.intact(cached).await {
                self.disk.touch(&sha256);
                self.count(CacheOutcome::Hit);
                return Ok(Arc::clone(cached));
            }
            *package = None;
            self.count(CacheOutcome::Damaged);
            tracing::warn!(package.sha256 = %sha256, "a cached package is damaged; it is fetched again");
        } else if let Some(cached) = self.take_over(sha256).await {
            self.count(CacheOutcome::Hit);
            if !self.disk.touch(&sha256) {
                // Another process that shares the folder fetched it.
                self.make_room(sha256, cached.bytes).await;
            }
            *package = Some(Arc::clone(&cached));
            return Ok(cached);
        }
        let cached = Arc::new(self.fetch(sha256).await?);
        self.count(CacheOutcome::Fetched);
        *package = Some(Arc::clone(&cached));
        self.make_room(sha256, cached.bytes).await;
        Ok(cached)
    }

    fn count(&self, outcome: CacheOutcome) {
        self.metrics.problem_cache(outcome).inc();
    }

    /// Whether the files look as they did when they were unpacked.
    async fn intact(&self, cached: &Arc<CachedPackage>) -> bool {
        let cached = Arc::clone(cached);
        tokio::task::spawn_blocking(move || cached.index.looks_same(cached.package.root()))
            .await
            .unwrap_or(false)
    }

    /// What an earlier life of this worker left, every byte of it checked.
    async fn take_over(&self, sha256: Digest) -> Option<Arc<CachedPackage>> {
        let place = self.disk.path(&sha256);
        let languages = self.languages.clone();
        let checked = tokio::task::spawn_blocking(move || {
            let index = Index::read(&place.join(INDEX))?;
            let root = place.join("package");
            (index.looks_same(&root) && index.hashes_same(&root)).then_some(())?;
            load(&root, index.short_name.clone(), &languages)
                .ok()
                .map(|package| CachedPackage::new(package, index))
        });
        checked.await.ok().flatten().map(Arc::new)
    }

    async fn fetch(&self, sha256: Digest) -> Result<CachedPackage, PackageError> {
        let place = self.disk.path(&sha256);
        let fresh = tempfile::Builder::new().prefix(".fetching-").tempdir_in(self.disk.folder())?;
        let zip = fresh.path().join("package.zip");
        self.download(sha256, &zip).await?;
        let languages = self.languages.clone();
        let unpacked = tokio::task::spawn_blocking(move || {
            let root = fresh.path().join("package");
            let archive = std::fs::File::open(&zip)?;
            let unpacked = unpack(archive, &root, &ArchiveLimits::default())
                .map_err(|source| PackageError::Archive { sha256, source })?;
            std::fs::remove_file(&zip)?;
            let index = Index::of(&root, unpacked.top_folder)?;
            index.write(&fresh.path().join(INDEX))?;
            if place.exists() {
                std::fs::remove_dir_all(&place)?;
            }
            std::fs::rename(fresh.keep(), &place)?;
            let package = load(&place.join("package"), index.short_name.clone(), &languages)
                .map_err(|source| PackageError::Invalid { sha256, source })?;
            Ok(CachedPackage::new(package, index))
        });
        unpacked.await.map_err(|_| PackageError::Panicked)?
    }

    /// Streams the archive to a file, and checks its hash.
    async fn download(&self, sha256: Digest, to: &Path) -> Result<(), PackageError> {
        let failed = |source| PackageError::Fetch { sha256, source };
        let got = self.blobs.objects().get(&location(&sha256)).await.map_err(|error| failed(error.into()))?;
        let mut stream = got.into_stream();
        let mut file = std::io::BufWriter::new(std::fs::File::create(to)?);
        let mut hash = Sha256::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| failed(error.into()))?;
            hash.update(&chunk);
            file.write_all(&chunk)?;
        }
        file.flush()?;
        let found = Digest::finish(hash);
        if found == sha256 { Ok(()) } else { Err(failed(BlobError::Damaged { wanted: sha256, found })) }
    }

    /// Drops the least recently used packages that nobody judges with, until the rest fits.
    async fn make_room(&self, keep: Digest, bytes: u64) {
        let gone = self.disk.admit(keep, bytes, |key| {
            let entry = {
                let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(entries.entry(*key).or_default())
            };
            // One that is being fetched or checked right now is not waited for.
            let mut package = Arc::clone(&entry.package).try_lock_owned().ok()?;
            if package.as_ref().is_some_and(|cached| Arc::strong_count(cached) > 1) {
                return None;
            }
            *package = None;
            Some(package)
        });
        DiskLru::remove_all(gone).await;
    }
}

impl CachedPackage {
    fn new(package: Package, index: Index) -> Self {
        Self { package, time_limit_ms: OnceCell::new(), bytes: index.bytes(), index }
    }
}

/// Nanoseconds since the epoch.
pub(super) fn nanoseconds(time: SystemTime) -> u128 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

fn load(root: &Path, short_name: Option<String>, languages: &Languages) -> Result<Package, InvalidPackage> {
    Package::load(root, &LoadOptions::new(languages.extensions(), short_name)).map(|loaded| loaded.package)
}
