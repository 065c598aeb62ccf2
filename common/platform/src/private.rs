//! Files that are their user's alone.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::Mode;

/// What the user may do with a file.
const FILE: u32 = 0o600;

/// What the user may do with a folder.
const FOLDER: u32 = 0o700;

/// Makes whatever this process writes from now on readable for its user alone, whatever umask it was started with.
pub fn keep_new_files_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// Makes a folder and those above it, where they are not there, and takes the folder itself from everybody else.
///
/// # Errors
/// When it cannot be made, or belongs to somebody else.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)?;
    fs::set_permissions(path, Permissions::from_mode(FOLDER))
}

/// Makes an empty file, where it is not there, and takes it from everybody else.
///
/// # Errors
/// When it cannot be made, or belongs to somebody else.
pub fn private_file(path: &Path) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).mode(FILE).open(path)?;
    fs::set_permissions(path, Permissions::from_mode(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_was_there_is_taken_from_others_and_keeps_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let (file, inner) = (folder.path().join("file"), folder.path().join("a/b"));
        fs::write(&file, "text").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        private_file(&file).unwrap();
        private_folder(&inner).unwrap();
        fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
        private_folder(&inner).unwrap();
        assert_eq!((mode(&file), mode(&inner)), (FILE, FOLDER));
        assert_eq!(fs::read_to_string(&file).unwrap(), "text");
    }
}
