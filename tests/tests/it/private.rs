//! What Gavel writes is its user's alone.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::Mode;
use serde_json::json;

use crate::up::up;

const PATIENCE: Duration = Duration::from_secs(180);

/// Everything below a folder.
fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            found.extend(all(&entry.path()));
        }
        found.push(entry.path());
    }
    found
}

#[tokio::test]
async fn store_blobs_and_caches_are_closed_whatever_the_umask() {
    // What the process is given: nothing is taken from anybody.
    rustix::process::umask(Mode::empty());
    let folder = tempfile::tempdir().unwrap();
    let gavel = up(folder.path(), &format!("private-{}", uuid::Uuid::new_v4().simple())).await;
    let input = "x".repeat(100_000);
    let source = "#include <stdio.h>\nint main(void) { return 0; }";
    let body = json!({"language": "c", "source": source, "work": {"kind": "run", "stdin": input}});
    let id = gavel.submit(&body).await;
    assert_eq!(gavel.result(&id, PATIENCE).await["verdict"], "AC");
    let ours =
        ["gavel.db", "gavel.db-wal", "gavel.db-shm", "blobs", "cache"].map(|name| folder.path().join(name));
    let below: Vec<_> = ours[3..].iter().flat_map(|folder| all(folder)).collect();
    for kind in ["blobs/sha256/", "cache/artifacts/"] {
        assert!(below.iter().any(|path| path.to_str().unwrap().contains(kind)), "{kind}: {below:?}");
    }
    for path in ours.iter().chain(&below) {
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
}
