//! Archives of problem packages.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use gavel_problem::archive::{ArchiveLimits, unpack};

/// Small, so that every bound is met.
const LIMITS: ArchiveLimits = ArchiveLimits {
    entries: 20,
    total_bytes: 64 << 10,
    file_bytes: 32 << 10,
    ratio: 20,
    ratio_free_bytes: 4 << 10,
};

/// Nothing is written beside the target, nothing in it is a link, what was told is what is there; and a refused archive
/// leaves nothing.
///
/// # Panics
/// When a rule is broken.
pub fn read(bytes: &[u8]) {
    let outer = tempfile::tempdir().unwrap();
    let target = outer.path().join("target");
    let unpacked = unpack(Cursor::new(bytes), &target, &LIMITS);
    let beside = fs::read_dir(outer.path()).unwrap().count();
    match unpacked {
        Ok(unpacked) => {
            assert_eq!(beside, 1, "something was written beside the target");
            let (files, size) = count(&target);
            assert_eq!((files, size), (unpacked.files, unpacked.bytes));
            assert!(files <= LIMITS.entries && size <= LIMITS.total_bytes, "{files} files, {size} bytes");
        }
        Err(error) => assert_eq!(beside, 0, "something was left: {error}"),
    }
}

fn count(folder: &Path) -> (u64, u64) {
    let (mut files, mut size) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        assert!(kind.is_dir() || kind.is_file(), "{} is neither", entry.path().display());
        let (more, bytes) =
            if kind.is_dir() { count(&entry.path()) } else { (1, entry.metadata().unwrap().len()) };
        files += more;
        size += bytes;
    }
    (files, size)
}
