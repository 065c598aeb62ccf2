//! Unpacking an uploaded package, trusting nothing it says about itself.
//!
//! Only plain files and folders come out, only below the target, only as many bytes as allowed - counted while
//! they are inflated - and after any failure nothing is left behind.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use zip::CompressionMethod;
use zip::read::{ZipFileEntry, ZipReadOptions};

use super::archive_inner::inner;
pub use super::archive_inner::{copy_unpacked, holds_archive, unpack_inner};
use super::archive_names::Names;

/// What an archive may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Files and folders: 50,000. The largest packages in public archives have a few thousand.
    pub entries: u64,
    /// Bytes of all files together: 4 GiB, four times the largest upload.
    pub total_bytes: u64,
    /// Bytes of one file: 1 GiB. The format recommends at most 100 MiB.
    pub file_bytes: u64,
    /// How many times larger than the archive its files may be: 100, once they exceed `ratio_free_bytes`.
    /// Test inputs such as a million equal numbers deflate by more, a bomb by a thousand.
    pub ratio: u64,
    /// Bytes up to which the ratio does not matter: 256 MiB.
    pub ratio_free_bytes: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self {
            entries: 50_000,
            total_bytes: 4 << 30,
            file_bytes: 1 << 30,
            ratio: 100,
            ratio_free_bytes: 256 << 20,
        }
    }
}

/// What came out of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// The single top folder that held everything and was stripped: by the format the problem's short name.
    pub top_folder: Option<String>,
    /// Files written.
    pub files: u64,
    /// Bytes written.
    pub bytes: u64,
}

/// An archive that is refused.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Not a zip, or a broken one.
    #[error("not a readable zip archive: {0}")]
    Unreadable(String),
    /// An entry whose contents are broken.
    #[error("{entry:?} cannot be unpacked: {cause}")]
    BrokenEntry {
        /// The entry.
        entry: String,
        /// What is wrong with it.
        cause: String,
    },
    /// An entry that could land anywhere but below the target, or under a name of another.
    #[error("{entry:?} is refused: {cause}")]
    Name {
        /// The entry.
        entry: String,
        /// What is wrong with its name.
        cause: &'static str,
    },
    /// An entry that is no plain file or folder, encrypted, or packed in another way than deflate.
    #[error("{entry:?} is refused: {cause}")]
    Kind {
        /// The entry.
        entry: String,
        /// What it is.
        cause: &'static str,
    },
    /// More than allowed.
    #[error("{entry:?} is refused: {what} more than {limit} {unit}")]
    TooLarge {
        /// The entry at which the limit was passed.
        entry: String,
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// Its unit.
        unit: &'static str,
    },
    /// The target is not an empty folder.
    #[error("the target folder is not empty")]
    TargetNotEmpty,
    /// The target cannot be written: our fault, not the archive's.
    #[error("cannot write {path:?}")]
    Write {
        /// The file below the target, or the target.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl ArchiveError {
    /// A fixed word for this kind of failure.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::BrokenEntry { .. } => "broken_entry",
            Self::Name { .. } => "name",
            Self::Kind { .. } => "kind",
            Self::TooLarge { .. } => "too_large",
            Self::TargetNotEmpty => "target_not_empty",
            Self::Write { .. } => "write",
        }
    }

    /// Whether the archive is at fault, not this machine.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::TargetNotEmpty | Self::Write { .. })
    }
}

/// Unpacks a zip into `target`, which must be an empty folder or not exist.
///
/// # Errors
///
/// [`ArchiveError`] at the first entry that is refused. What was unpacked until then is removed again, and the
/// target too if it did not exist.
pub fn unpack(
    archive: impl Read + Seek,
    target: &Path,
    limits: &ArchiveLimits,
) -> Result<Unpacked, ArchiveError> {
    let existed = target.exists();
    let writing = |source| ArchiveError::Write { path: target.display().to_string(), source };
    fs::create_dir_all(target).map_err(writing)?;
    if fs::read_dir(target).map_err(writing)?.next().is_some() {
        return Err(ArchiveError::TargetNotEmpty);
    }
    unpack_into(archive, target, limits).inspect_err(|_| clean(target, existed))
}

fn unpack_into(
    mut archive: impl Read + Seek,
    target: &Path,
    limits: &ArchiveLimits,
) -> Result<Unpacked, ArchiveError> {
    let size = archive.seek(std::io::SeekFrom::End(0));
    let size = size.map_err(|error| ArchiveError::Unreadable(error.to_string()))?;
    let mut budget = Budget::new(limits, size);
    let top_folder = unpack_entries(archive, target, &mut budget, true)?;
    inner(target, &mut budget)?;
    Ok(Unpacked { top_folder, files: budget.files, bytes: budget.bytes })
}

/// Best effort: the reason for the failure matters more than what the removal says.
fn clean(target: &Path, keep: bool) {
    if !keep {
        drop(fs::remove_dir_all(target));
        return;
    }
    for entry in fs::read_dir(target).into_iter().flatten().flatten() {
        let path = entry.path();
        drop(if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) });
    }
}

fn unreadable(error: &zip::result::ZipError) -> ArchiveError {
    ArchiveError::Unreadable(error.to_string())
}

/// Unpacks what an archive holds, without its single top folder where `strip` says so; tells that folder's name.
pub(super) fn unpack_entries(
    archive: impl Read + Seek,
    target: &Path,
    budget: &mut Budget<'_>,
    strip: bool,
) -> Result<Option<String>, ArchiveError> {
    let limits = budget.limits;
    // Entries are read one at a time, so the directory of a hostile archive is never in memory as a whole,
    // and two entries of one name are both seen.
    let zip = zip::unstable::read::ZipIterable::try_new(archive, zip::read::Config::default());
    let mut zip = zip.map_err(|error| unreadable(&error))?.enforce_header_consistency(true);
    let declared = u64::try_from(zip.len()).unwrap_or(u64::MAX);
    if declared.saturating_add(budget.files) > limits.entries {
        let entry = "the archive".to_owned();
        return Err(ArchiveError::TooLarge {
            entry,
            what: "it holds",
            limit: limits.entries,
            unit: "entries",
        });
    }
    let mut names = Names::default();
    for entry in zip.files().map_err(|error| unreadable(&error))? {
        let entry = entry.map_err(|error| unreadable(&error))?;
        let Some(name) = names.add(entry.name_raw(), entry.is_dir())? else { continue };
        check_kind(&entry, &name)?;
        if entry.size() > limits.file_bytes {
            return Err(too_large_file(name, limits));
        }
    }
    let top_folder = names.single_top_folder().filter(|_| strip);
    let files = zip.files().map_err(|error| unreadable(&error))?;
    while let Some(entry) = files.next() {
        let entry = entry.map_err(|error| unreadable(&error))?;
        let Some(path) = Names::place(entry.name_raw(), top_folder.as_deref()) else { continue };
        if entry.is_dir() {
            create_folder(target, &path)?;
        } else {
            budget.write(entry, files.reader_mut(), target, &path)?;
        }
    }
    Ok(top_folder)
}

fn check_kind(entry: &ZipFileEntry<'_>, name: &str) -> Result<(), ArchiveError> {
    const TYPE: u32 = 0o170_000;
    const REGULAR: u32 = 0o100_000;
    const FOLDER: u32 = 0o040_000;
    let refuse = |cause| Err(ArchiveError::Kind { entry: name.to_owned(), cause });
    let file_type = entry.unix_mode().map_or(0, |mode| mode & TYPE);
    if entry.is_symlink() {
        return refuse("a symbolic link");
    }
    if file_type != 0 && file_type != REGULAR && file_type != FOLDER {
        return refuse("neither a file nor a folder");
    }
    if entry.encrypted() {
        return refuse("encrypted");
    }
    if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return refuse("packed in another way than deflate");
    }
    Ok(())
}

fn create_folder(target: &Path, path: &str) -> Result<(), ArchiveError> {
    let writing = |source| ArchiveError::Write { path: path.to_owned(), source };
    fs::create_dir_all(target.join(path)).map_err(writing)
}

fn too_large_file(entry: String, limits: &ArchiveLimits) -> ArchiveError {
    ArchiveError::TooLarge { entry, what: "it holds", limit: limits.file_bytes, unit: "bytes" }
}

/// What has been written, against what may be.
pub(super) struct Budget<'a> {
    limits: &'a ArchiveLimits,
    /// Bytes of the archive.
    size: u64,
    bytes: u64,
    files: u64,
}

impl<'a> Budget<'a> {
    /// Of an archive of this many bytes.
    pub const fn new(limits: &'a ArchiveLimits, size: u64) -> Self {
        Self { limits, size, bytes: 0, files: 0 }
    }

    fn write<R: Read + Seek>(
        &mut self,
        entry: ZipFileEntry<'_>,
        archive: &mut R,
        target: &Path,
        path: &str,
    ) -> Result<(), ArchiveError> {
        let broken = |cause: String| ArchiveError::BrokenEntry { entry: path.to_owned(), cause };
        let writing = |source| ArchiveError::Write { path: path.to_owned(), source };
        if let Some((folder, _)) = path.rsplit_once('/') {
            create_folder(target, folder)?;
        }
        let executable = entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
        let mut file = create(&target.join(path), executable).map_err(writing)?;
        let mut contents =
            entry.with_reader(archive, ZipReadOptions::new()).map_err(|error| broken(error.to_string()))?;
        let mut buffer = vec![0; 64 * 1024];
        let mut written = 0;
        loop {
            let count = match contents.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(error.to_string())),
            };
            let more = u64::try_from(count).unwrap_or(u64::MAX);
            written += more;
            self.bytes += more;
            self.check(written, path)?;
            file.write_all(&buffer[..count]).map_err(writing)?;
        }
        file.flush().map_err(writing)?;
        self.files += 1;
        Ok(())
    }

    fn check(&self, written: u64, path: &str) -> Result<(), ArchiveError> {
        let entry = || path.to_owned();
        let limits = self.limits;
        if written > limits.file_bytes {
            return Err(too_large_file(entry(), limits));
        }
        if self.bytes > limits.total_bytes {
            let what = "with it the archive holds";
            return Err(ArchiveError::TooLarge {
                entry: entry(),
                what,
                limit: limits.total_bytes,
                unit: "bytes",
            });
        }
        let inflated = self.size.saturating_mul(limits.ratio);
        if self.bytes > limits.ratio_free_bytes && self.bytes > inflated {
            let what = "with it the archive grows";
            return Err(ArchiveError::TooLarge { entry: entry(), what, limit: limits.ratio, unit: "times" });
        }
        Ok(())
    }
}

/// A new file; one that exists is an error, a link is never followed.
fn create(path: &Path, executable: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if executable { 0o755 } else { 0o644 });
    }
    options.open(path)
}
