//! Emptying a directory that a hostile program has filled.
//!
//! Depth costs neither stack nor descriptors: a directory that is not empty is moved up to the root and emptied
//! there, so each one is opened once and moved at most once. All of it is done while nothing else runs.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use super::sys::monotonic_ns;
use super::tree;

/// Removes everything inside `root`.
///
/// Fails when something cannot be removed (it is not ours, or is busy) or when `deadline_ns` has passed.
pub fn wipe(root: BorrowedFd<'_>, deadline_ns: u64) -> io::Result<()> {
    let mut names = Names::new();
    loop {
        tree::rewind(root)?;
        let mut empty = true;
        loop {
            let batch = tree::entries(root)?;
            if batch.is_empty() {
                break;
            }
            empty = false;
            for name in &batch {
                remove(root, name, &mut names)?;
                if monotonic_ns() > deadline_ns {
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
        }
        if empty {
            return Ok(());
        }
    }
}

/// Removes one name of the root; directories inside it move up to the root.
fn remove(root: BorrowedFd<'_>, name: &CStr, names: &mut Names) -> io::Result<()> {
    if remove_simple(root, name)? {
        return Ok(());
    }
    tree::chmod(root, name, 0o700)?;
    let dir = tree::open_dir(root, name)?;
    loop {
        tree::rewind(dir.as_fd())?;
        let mut empty = true;
        loop {
            let batch = tree::entries(dir.as_fd())?;
            if batch.is_empty() {
                break;
            }
            empty = false;
            for inner in &batch {
                if !remove_simple(dir.as_fd(), inner)? {
                    hoist(dir.as_fd(), inner, root, names)?;
                }
            }
        }
        if empty {
            return tree::remove_dir(root, name);
        }
    }
}

/// Removes a file, a link or an empty directory; `false` for a directory with something in it.
fn remove_simple(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<bool> {
    match tree::unlink(dir, name).map_err(|error| (error.raw_os_error(), error)) {
        Ok(()) | Err((Some(libc::ENOENT), _)) => return Ok(true),
        // Linux says EISDIR, POSIX says EPERM, and some filesystems follow POSIX.
        Err((Some(libc::EISDIR | libc::EPERM), _)) => {}
        Err((_, error)) => return Err(error),
    }
    match tree::remove_dir(dir, name) {
        Ok(()) => Ok(true),
        Err(error) if error.raw_os_error() == Some(libc::ENOTEMPTY) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Moves a directory up to the root under a name that is free.
fn hoist(dir: BorrowedFd<'_>, name: &CStr, root: BorrowedFd<'_>, names: &mut Names) -> io::Result<()> {
    // Moving a directory changes its `..`, which needs write permission on the directory itself.
    tree::chmod(dir, name, 0o700)?;
    loop {
        match tree::rename(dir, name, root, &names.next()) {
            Err(error)
                if matches!(error.raw_os_error(), Some(libc::ENOTEMPTY | libc::EEXIST | libc::ENOTDIR)) => {}
            other => return other,
        }
    }
}

/// Names that a program cannot have prepared: the clock at the time of the wipe and a counter.
struct Names {
    salt: u64,
    count: u64,
}

impl Names {
    fn new() -> Self {
        Self { salt: monotonic_ns(), count: 0 }
    }

    fn next(&mut self) -> CString {
        self.count += 1;
        CString::new(format!(".wipe-{:x}-{:x}", self.salt, self.count)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(fill: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let done =
            std::process::Command::new("perl").args(["-e", fill]).current_dir(dir.path()).status().unwrap();
        assert!(done.success());
        dir
    }

    fn wiped(dir: &tempfile::TempDir) {
        let root = std::fs::File::open(dir.path()).unwrap();
        wipe(root.as_fd(), monotonic_ns() + 20_000_000_000).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn removes_ten_thousand_nested_directories() {
        wiped(&filled("for (1..10000) { mkdir 'd' or die; open F, '>f'; chdir 'd' or die }"));
    }

    #[test]
    fn removes_directories_without_permissions_and_wide_ones() {
        wiped(&filled(
            "mkdir 'a'; mkdir 'a/b'; mkdir 'a/b/c'; for (1..3000) { open F, '>', \"a/b/f$_\" }
             symlink '/etc', 'a/link'; symlink 'nowhere', 'l'; mkdir 'a/e'; chmod 0, 'a/b/c', 'a/b', 'a/e', 'a'",
        ));
    }

    #[test]
    fn leaves_what_a_link_points_to() {
        let kept = filled("open F, '>keep'");
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(kept.path(), dir.path().join("link")).unwrap();
        wiped(&dir);
        assert!(kept.path().join("keep").exists());
    }

    #[test]
    fn gives_up_at_its_deadline() {
        let dir = filled("open F, '>f'");
        let root = std::fs::File::open(dir.path()).unwrap();
        let error = wipe(root.as_fd(), 0).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
