//! The archive inside a problem of DMOJ, which holds its tests.

use std::fs::File;
use std::path::Path;

use super::archive::{ArchiveError, ArchiveLimits, Budget, unpack_entries};
use super::dmoj;

/// Whether the problem in this folder names an archive that [`unpack_inner`] would unpack.
#[must_use]
pub fn holds_archive(root: &Path) -> bool {
    dmoj::archive_of(root).is_some()
}

/// Unpacks the archive that the problem in this folder names, into a folder of its own beside it. Nothing is done for
/// other packages.
///
/// # Errors
///
/// [`ArchiveError`], as for the package itself: what the archive holds counts within the same limits. Some of it may have
/// been written.
pub fn unpack_inner(root: &Path, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
    let size = dmoj::archive_of(root).and_then(|name| std::fs::metadata(root.join(name)).ok());
    let size = size.map_or(0, |metadata| metadata.len());
    inner(root, &mut Budget::new(limits, size))
}

/// Copies a package to `to`, which must not exist, and unpacks its archive there. What is neither a file nor a folder is
/// left out, as an archive has none.
///
/// # Errors
///
/// [`ArchiveError`], as of [`unpack_inner`].
pub fn copy_unpacked(from: &Path, to: &Path, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
    copy(from, to).map_err(|source| ArchiveError::Write { path: to.display().to_string(), source })?;
    unpack_inner(to, limits)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, place) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &place)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), &place)?;
        }
    }
    Ok(())
}

/// The same within what is left of a budget.
pub(super) fn inner(root: &Path, budget: &mut Budget<'_>) -> Result<(), ArchiveError> {
    let Some(name) = dmoj::archive_of(root) else { return Ok(()) };
    let target = root.join(dmoj::UNPACKED);
    if target.exists() {
        let cause = "it is where the archive's files would be put";
        return Err(ArchiveError::Name { entry: dmoj::UNPACKED.to_owned(), cause });
    }
    let writing = |source| ArchiveError::Write { path: name.clone(), source };
    std::fs::create_dir(&target).map_err(writing)?;
    let archive = File::open(root.join(&name)).map_err(writing)?;
    unpack_entries(archive, &target, budget, false).map_err(|error| error.inside(&name))?;
    Ok(())
}

impl ArchiveError {
    /// The same error of an archive inside the archive.
    fn inside(self, name: &str) -> Self {
        let within = |entry: String| format!("{name}/{entry}");
        match self {
            Self::Unreadable(cause) => Self::BrokenEntry { entry: name.to_owned(), cause },
            Self::BrokenEntry { entry, cause } => Self::BrokenEntry { entry: within(entry), cause },
            Self::Name { entry, cause } => Self::Name { entry: within(entry), cause },
            Self::Kind { entry, cause } => Self::Kind { entry: within(entry), cause },
            Self::TooLarge { entry, what, limit, unit } => {
                Self::TooLarge { entry: within(entry), what, limit, unit }
            }
            Self::TargetNotEmpty => Self::TargetNotEmpty,
            Self::Write { path, source } => Self::Write { path: within(path), source },
        }
    }
}
