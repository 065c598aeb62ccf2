//! What a package's files were when they were unpacked.

use std::io::Read as _;
use std::path::Path;

use gavel_model::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::packages::nanoseconds;

/// Every file of an unpacked package.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Index {
    /// The archive's top folder.
    pub(super) short_name: Option<String>,
    files: Vec<File>,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    path: String,
    size: u64,
    modified_ns: u128,
    sha256: Digest,
}

impl Index {
    /// Takes stock of a folder.
    pub(super) fn of(root: &Path, short_name: Option<String>) -> std::io::Result<Self> {
        let mut files = Vec::new();
        list(root, root, &mut files)?;
        Ok(Self { short_name, files })
    }

    pub(super) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        std::fs::write(path, serde_json::to_vec(self)?)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Whether every file has the size and the time it had.
    pub(super) fn looks_same(&self, root: &Path) -> bool {
        self.files.iter().all(|file| {
            let metadata = std::fs::metadata(root.join(&file.path));
            metadata.is_ok_and(|now| {
                now.len() == file.size
                    && now.modified().is_ok_and(|time| nanoseconds(time) == file.modified_ns)
            })
        })
    }

    /// Whether every file has the content it had.
    pub(super) fn hashes_same(&self, root: &Path) -> bool {
        self.files.iter().all(|file| hash(&root.join(&file.path)).is_ok_and(|found| found == file.sha256))
    }
}

fn list(root: &Path, folder: &Path, files: &mut Vec<File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            list(root, &entry.path(), files)?;
        } else {
            let path = entry.path();
            let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            let modified_ns = nanoseconds(metadata.modified()?);
            files.push(File { path: relative, size: metadata.len(), modified_ns, sha256: hash(&path)? });
        }
    }
    Ok(())
}

fn hash(path: &Path) -> std::io::Result<Digest> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Digest::finish(hash)),
            read => hash.update(&buffer[..read]),
        }
    }
}
