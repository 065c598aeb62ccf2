//! How full disks are.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::statvfs;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often they are looked at.
const PERIOD: Duration = Duration::from_secs(5);

crate::metrics! {
    /// What is measured of disks.
    pub struct DiskMetrics {
        gauge disk_free_bytes(area: DiskArea) = "gavel_disk_free_bytes", "Free space of the file system that holds an area";
        gauge disk_size_bytes(area: DiskArea) = "gavel_disk_size_bytes", "Size of the file system that holds an area";
    }
}

impl DiskMetrics {
    /// Measures the file systems of some folders until the process ends. A folder that is not there yet shows nothing.
    pub async fn watch(self, areas: Vec<(DiskArea, PathBuf)>, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            for (area, folder) in &areas {
                match Space::of(folder) {
                    Ok(space) => {
                        self.disk_free_bytes(*area).set(space.free as f64);
                        self.disk_size_bytes(*area).set(space.size as f64);
                    }
                    Err(error) => tracing::debug!(%error, folder = %folder.display(), "space unknown"),
                }
            }
        }
    }
}

/// What Gavel keeps on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskArea {
    /// Submissions, results and problems.
    Store,
    /// Large inputs, sources and packages.
    Blobs,
    /// A worker's artifacts and packages.
    Cache,
}

impl DiskArea {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Blobs => "blobs",
            Self::Cache => "cache",
        }
    }
}

/// The space of a file system, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// What may still be written without the rights of root.
    pub free: u64,
    /// What there is in all.
    pub size: u64,
}

impl Space {
    /// The space of the file system that holds a path.
    ///
    /// # Errors
    /// When the path does not exist or its file system does not answer.
    pub fn of(path: &Path) -> io::Result<Self> {
        let answer = statvfs(path)?;
        Ok(Self {
            free: answer.f_bavail.saturating_mul(answer.f_frsize),
            size: answer.f_blocks.saturating_mul(answer.f_frsize),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_has_room_and_a_path_that_is_not_there_has_none() {
        let space = Space::of(Path::new("/")).unwrap();
        assert!(space.free <= space.size && space.size > 0, "{space:?}");
        assert_eq!(Space::of(Path::new("/no/such")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
