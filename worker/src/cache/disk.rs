//! A folder of entries by hash, within a budget of bytes: the least recently used go first, across restarts too.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use gavel_model::Digest;
use gavel_platform::private::private_folder;

/// What an entry is on disk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Layout {
    /// One file.
    File,
    /// A folder; this file in it is written last and bears the time of the last use.
    Folder {
        /// Its name.
        stamp: &'static str,
    },
}

/// The entries of a cache's folder. It knows sizes and times of use; what is in an entry its owner knows.
pub(super) struct DiskLru {
    folder: PathBuf,
    budget: u64,
    layout: Layout,
    entries: Mutex<HashMap<Digest, Entry>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    bytes: u64,
    used: SystemTime,
}

/// What nobody finished in this time nobody will: another process may share the folder and be at work.
const ABANDONED_AFTER: Duration = Duration::from_secs(60 * 60);
/// What is being removed; also what a process that died meant to remove.
const GONE: &str = ".gone-";

impl DiskLru {
    /// Opens a folder for `budget` bytes and takes stock of what an earlier life left there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub(super) fn open(folder: &Path, budget: u64, layout: Layout) -> std::io::Result<Self> {
        private_folder(folder)?;
        let mut entries = HashMap::new();
        for found in std::fs::read_dir(folder)? {
            let path = found?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Ok(key) = name.parse::<Digest>() {
                // An entry without its stamp was never finished, or is going.
                if let Some(entry) = layout.look_at(&path) {
                    entries.insert(key, entry);
                }
            } else if name.starts_with(GONE) || is_abandoned(&path) {
                remove(&path);
            }
        }
        Ok(Self { folder: folder.to_owned(), budget, layout, entries: Mutex::new(entries) })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where an entry is, or would be.
    pub(super) fn path(&self, key: &Digest) -> PathBuf {
        self.folder.join(key.to_string())
    }

    /// Whether there is such an entry, which then counts as used now.
    pub(super) fn touch(&self, key: &Digest) -> bool {
        let now = SystemTime::now();
        match self.entries().get_mut(key) {
            Some(entry) => entry.used = now,
            None => return false,
        }
        let stamp = self.layout.stamp(&self.path(key));
        // So that the order of use survives a restart; an entry that is gone is found out by who reads it.
        if let Err(error) =
            std::fs::File::options().append(true).open(stamp).and_then(|f| f.set_modified(now))
        {
            tracing::debug!(%error, "the time of use of a cache entry could not be kept");
        }
        true
    }

    /// Takes note that an entry is damaged or gone.
    pub(super) fn forget(&self, key: &Digest) {
        self.entries().remove(key);
    }

    /// Takes note of an entry that was written, and makes room for it: the least recently used entries that
    /// `release` lets go are taken out of the folder. What it gives is held until that is done; [`None`] keeps an
    /// entry that is in use.
    ///
    /// Returns what is left to be removed, which takes its time: [`DiskLru::remove_all`].
    #[must_use]
    pub(super) fn admit<Hold>(
        &self,
        key: Digest,
        bytes: u64,
        mut release: impl FnMut(&Digest) -> Option<Hold>,
    ) -> Vec<PathBuf> {
        let mut entries = self.entries();
        entries.insert(key, Entry { bytes, used: SystemTime::now() });
        let mut total: u64 = entries.values().map(|entry| entry.bytes).sum();
        let mut oldest_first: Vec<(Digest, Entry)> =
            entries.iter().filter(|(other, _)| **other != key).map(|(key, entry)| (*key, *entry)).collect();
        oldest_first.sort_by_key(|(_, entry)| entry.used);
        let mut gone = Vec::new();
        for (key, entry) in oldest_first {
            if total <= self.budget {
                break;
            }
            let Some(_hold) = release(&key) else { continue };
            let aside = self.folder.join(format!("{GONE}{}", uuid::Uuid::new_v4()));
            match std::fs::rename(self.path(&key), &aside) {
                Ok(()) => gone.push(aside),
                Err(error) => tracing::debug!(%error, "an old cache entry is not there any more"),
            }
            entries.remove(&key);
            total -= entry.bytes;
        }
        gone
    }

    /// Removes what [`DiskLru::admit`] took out.
    pub(super) async fn remove_all(gone: Vec<PathBuf>) {
        if gone.is_empty() {
            return;
        }
        let removed = tokio::task::spawn_blocking(move || gone.iter().for_each(|path| remove(path)));
        if let Err(error) = removed.await {
            tracing::warn!(%error, "removing old cache entries panicked");
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Digest, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Layout {
    fn stamp(self, path: &Path) -> PathBuf {
        match self {
            Self::File => path.to_owned(),
            Self::Folder { stamp } => path.join(stamp),
        }
    }

    fn look_at(self, path: &Path) -> Option<Entry> {
        let stamp = std::fs::metadata(self.stamp(path)).ok()?;
        let bytes = match self {
            Self::File => stamp.len(),
            Self::Folder { .. } => size_of_folder(path).ok()?,
        };
        Some(Entry { bytes, used: stamp.modified().unwrap_or(SystemTime::UNIX_EPOCH) })
    }
}

fn size_of_folder(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { size_of_folder(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}

fn is_abandoned(path: &Path) -> bool {
    let age = std::fs::metadata(path).and_then(|metadata| metadata.modified()).map(|time| time.elapsed());
    matches!(age, Ok(Ok(age)) if age > ABANDONED_AFTER)
}

fn remove(path: &Path) {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    if let Err(error) = removed {
        tracing::warn!(path = %path.display(), %error, "what is left of a cache entry could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const STAMPED: Layout = Layout::Folder { stamp: "stamp" };

    fn write(cache: &DiskLru, name: &str, bytes: usize) -> Digest {
        let key = Digest::of(name.as_bytes());
        let path = cache.path(&key);
        match cache.layout {
            Layout::File => std::fs::write(&path, vec![0; bytes]).unwrap(),
            Layout::Folder { stamp } => {
                std::fs::create_dir_all(path.join("inner")).unwrap();
                std::fs::write(path.join("inner/file"), vec![0; bytes]).unwrap();
                std::fs::write(path.join(stamp), "").unwrap();
            }
        }
        key
    }

    /// Writes an entry and makes room, with nothing in use.
    async fn put(cache: &DiskLru, name: &str, bytes: usize) -> Digest {
        let key = write(cache, name, bytes);
        DiskLru::remove_all(cache.admit(key, bytes as u64, |_| Some(()))).await;
        key
    }

    fn names(folder: &Path) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

    #[test_case(Layout::File)]
    #[test_case(STAMPED)]
    #[tokio::test]
    async fn the_least_recently_used_goes_first(layout: Layout) {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskLru::open(folder.path(), 2_500, layout).unwrap();
        let (a, b) = (put(&cache, "a", 1_000).await, put(&cache, "b", 1_000).await);
        assert!(cache.touch(&a));
        let c = put(&cache, "c", 1_000).await;
        assert!(!cache.touch(&b) && !cache.path(&b).exists());
        assert!(cache.touch(&a) && cache.touch(&c));
        assert_eq!(names(folder.path()), 2, "nothing is left of the one that went");
    }

    #[test_case(Layout::File)]
    #[test_case(STAMPED)]
    #[tokio::test]
    async fn the_order_of_use_and_the_sizes_survive_a_restart(layout: Layout) {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = {
            let cache = DiskLru::open(folder.path(), 2_500, layout).unwrap();
            let (a, b) = (put(&cache, "a", 1_000).await, put(&cache, "b", 1_000).await);
            assert!(cache.touch(&a));
            (a, b)
        };
        let cache = DiskLru::open(folder.path(), 2_500, layout).unwrap();
        put(&cache, "c", 1_000).await;
        assert!(cache.touch(&a), "used last before the restart");
        assert!(!cache.touch(&b), "used before that");
    }

    #[tokio::test]
    async fn what_is_in_use_stays_and_the_next_one_goes() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskLru::open(folder.path(), 2_500, STAMPED).unwrap();
        let (a, b) = (put(&cache, "a", 1_000).await, put(&cache, "b", 1_000).await);
        let c = write(&cache, "c", 1_000);
        DiskLru::remove_all(cache.admit(c, 1_000, |key| (*key != a).then_some(()))).await;
        assert!(cache.touch(&a) && !cache.touch(&b) && cache.touch(&c));
    }

    #[tokio::test]
    async fn one_that_is_larger_than_the_budget_stays_alone() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskLru::open(folder.path(), 500, Layout::File).unwrap();
        let a = put(&cache, "a", 100).await;
        let b = put(&cache, "b", 1_000).await;
        assert!(!cache.touch(&a) && cache.touch(&b));
    }

    #[test]
    fn what_a_dead_process_left_half_done_goes_once_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let at_work = folder.path().join(".fetching-1");
        std::fs::write(&at_work, "x").unwrap();
        let abandoned = folder.path().join(".fetching-2");
        std::fs::write(&abandoned, "x").unwrap();
        let old = SystemTime::now() - ABANDONED_AFTER * 2;
        std::fs::File::options().append(true).open(&abandoned).unwrap().set_modified(old).unwrap();
        std::fs::create_dir(folder.path().join(".gone-3")).unwrap();
        // Without its stamp it was never finished.
        std::fs::create_dir(folder.path().join(Digest::of(b"a").to_string())).unwrap();
        let cache = DiskLru::open(folder.path(), 500, STAMPED).unwrap();
        assert!(!cache.touch(&Digest::of(b"a")));
        assert!(at_work.exists() && !abandoned.exists());
        assert_eq!(names(folder.path()), 2);
    }
}
