//! Packages that are being taken: how many at a time, and where they lie meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

/// How many packages are unpacked and read at a time: each may take 4 GiB on disk and one core.
const OPEN: usize = 2;

/// What an earlier process left is removed when nobody can still be at it: an upload ends within an hour.
const STALE: Duration = Duration::from_secs(6 * 60 * 60);

/// Who may go on with a package; cloning shares it.
#[derive(Clone)]
pub struct PackageGate {
    opening: Arc<Semaphore>,
    keeping: Arc<Mutex<()>>,
}

impl Default for PackageGate {
    fn default() -> Self {
        Self { opening: Arc::new(Semaphore::new(OPEN)), keeping: Arc::default() }
    }
}

impl PackageGate {
    /// Waits for a place to open a package in; `None` is never the case while the service runs.
    pub async fn open(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.opening).acquire_owned().await.ok()
    }

    /// Waits until no other package is being kept: of two equal ones the second finds the first.
    pub async fn keep(&self) -> MutexGuard<'_, ()> {
        self.keeping.lock().await
    }
}

/// Removes what a process that was killed left in the folder of incoming packages.
pub fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified());
        let age = age.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if age.is_none_or(|age| age < STALE) {
            continue;
        }
        let path = entry.path();
        let removed =
            if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match removed {
            Ok(()) => tracing::info!(path = %path.display(), "removed what an interrupted upload left"),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "an interrupted upload cannot be removed");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_remains_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let (old, old_folder, young) =
            (folder.path().join("old"), folder.path().join("old-folder"), folder.path().join("young"));
        std::fs::create_dir_all(old_folder.join("data")).unwrap();
        for file in [&old, &young] {
            std::fs::write(file, "x").unwrap();
        }
        let long_ago = SystemTime::now() - STALE - STALE;
        for path in [&old, &old_folder] {
            std::fs::File::open(path).unwrap().set_modified(long_ago).unwrap();
        }
        sweep(folder.path());
        sweep(&folder.path().join("missing"));
        assert_eq!([&old, &old_folder, &young].map(|path| path.exists()), [false, false, true]);
    }
}
