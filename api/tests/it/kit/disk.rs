//! A file system that is soon full.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system of 4 MiB in memory; unmounted when dropped.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "gavel-test"]).arg(folder.path());
        assert!(
            mount.status().unwrap().success(),
            "this test mounts a small file system: run it as root, as deploy/test.sh does"
        );
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room that is left with one file, which gives it back when it is removed.
    pub fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = std::fs::File::create(&path).unwrap();
        while file.write(&[0; 4096]).is_ok_and(|written| written > 0) {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a store may still have its file open when a test fails.
        let done = Command::new("umount").arg("--lazy").arg(self.path()).status();
        assert!(std::thread::panicking() || done.is_ok_and(|status| status.success()), "not unmounted");
    }
}
