//! Packages as they are named on the command line.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use gavel_model::language::Languages;
use gavel_problem::archive::{ArchiveError, ArchiveLimits, copy_unpacked, holds_archive, unpack};
use gavel_problem::{FormatVersion, LoadOptions, Loaded, Package};
use gavel_verify::VerifyReport;
use tempfile::TempDir;

/// What a path turned out to be.
pub enum Opened {
    /// A package that can be judged.
    Package {
        /// It.
        loaded: Box<Loaded>,
        /// Where an archive was unpacked to.
        unpacked: Option<TempDir>,
    },
    /// A package with mistakes.
    Refused(Box<VerifyReport>),
    /// A file of another kind.
    Other,
}

/// How every zip archive with an entry begins (APPNOTE.TXT, 4.3.7), or one without (4.3.16).
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// What a package has one of: Kattis', Polygon's, DMOJ's.
const DESCRIPTIONS: [&str; 3] =
    [FormatVersion::V2025_09.file(), FormatVersion::Polygon.file(), FormatVersion::Dmoj.file()];

/// Reads a package from a folder or a zip file.
///
/// # Errors
/// When there is nothing to read, or a folder that is no package.
pub fn open(path: &Path, languages: &Languages) -> anyhow::Result<Opened> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).with_context(|| shown.to_string())?;
    if metadata.is_dir() {
        if !DESCRIPTIONS.iter().any(|file| path.join(file).is_file()) {
            let files = DESCRIPTIONS.join(", no ");
            bail!("{shown} is no problem package: there is no {files} in it");
        }
        return open_folder(path, languages).with_context(|| shown.to_string());
    }
    if !is_zip(path).with_context(|| shown.to_string())? {
        return Ok(Opened::Other);
    }
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let archive = File::open(path).with_context(|| shown.to_string())?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let root = folder.path().join("package");
    match unpack(archive, &root, &ArchiveLimits::default()) {
        Ok(unpacked) => {
            let short_name = unpacked.top_folder.unwrap_or_else(|| stem.clone());
            Ok(load(&root, &stem, Some(short_name), Some(folder), languages))
        }
        Err(error) => refused(&stem, error).with_context(|| shown.to_string()),
    }
}

/// A folder as it is; only a problem whose tests lie in an archive is copied, to have that unpacked beside it.
fn open_folder(path: &Path, languages: &Languages) -> anyhow::Result<Opened> {
    let name = name(path);
    if !holds_archive(path) {
        return Ok(load(path, &name, None, None, languages));
    }
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let root = folder.path().join("package");
    match copy_unpacked(path, &root, &ArchiveLimits::default()) {
        Ok(()) => Ok(load(&root, &name, Some(name.clone()), Some(folder), languages)),
        Err(error) => refused(&name, error),
    }
}

fn refused(name: &str, error: ArchiveError) -> anyhow::Result<Opened> {
    if error.is_refusal() {
        return Ok(Opened::Refused(Box::new(VerifyReport::broken(name, error.to_string()))));
    }
    Err(error.into())
}

fn load(
    root: &Path,
    name: &str,
    short_name: Option<String>,
    unpacked: Option<TempDir>,
    languages: &Languages,
) -> Opened {
    match Package::load(root, &LoadOptions::new(languages.extensions(), short_name)) {
        Ok(loaded) => Opened::Package { loaded: Box::new(loaded), unpacked },
        Err(mistakes) => Opened::Refused(Box::new(VerifyReport::refused(name, mistakes))),
    }
}

fn is_zip(path: &Path) -> std::io::Result<bool> {
    let mut begin = [0; 4];
    let read = File::open(path)?.take(4).read(&mut begin)?;
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    Ok(named || ZIP.contains(&&begin[..read]))
}

/// The last part of a path, also of `.` and of one that ends in a slash.
pub fn name(path: &Path) -> String {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
