//! The files of a package, as the format sees them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::diagnostic::Report;
use super::encoding::{Encoding, encoding};
use super::litter::is_litter;

/// Folders nested deeper are refused.
const MAX_DEPTH: usize = 32;
/// Packages with more files and folders are refused.
const MAX_ENTRIES: usize = 200_000;
/// The largest file that is read as text to configure the package, in bytes.
const MAX_TEXT: u64 = 1 << 20;

/// Folders below `data` that are not for judging submissions.
pub(super) const FOR_AUTHORS: [&str; 5] =
    ["invalid_input", "invalid_output", "valid_output", "invalid_inputs", "invalid_answers"];

/// A file or a folder.
#[derive(Debug)]
pub(super) enum Item {
    File { executable: bool },
    Folder(Folder),
}

/// A folder by name, in lexicographic order of bytes.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Relative to the package, `""` for the package.
    pub path: String,
    pub items: BTreeMap<String, Item>,
}

impl Folder {
    pub fn folder(&self, name: &str) -> Option<&Folder> {
        match self.items.get(name)? {
            Item::Folder(folder) => Some(folder),
            Item::File { .. } => None,
        }
    }

    pub fn has_file(&self, name: &str) -> bool {
        matches!(self.items.get(name), Some(Item::File { .. }))
    }

    /// The names of the files in this folder.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        self.items.keys().map(String::as_str).filter(|name| self.has_file(name))
    }

    /// What lies at a path below, of plain names parted by `/`; nothing above or beside is ever found.
    pub fn find(&self, path: &str) -> Option<&Item> {
        let (folder, name) = match path.rsplit_once('/') {
            Some((folder, name)) => (self.folder_at(folder)?, name),
            None => (self, path),
        };
        folder.items.get(name)
    }

    /// The folder at a path below.
    pub fn folder_at(&self, path: &str) -> Option<&Folder> {
        path.split('/').try_fold(self, |folder, part| folder.folder(part))
    }

    pub fn path_of(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// All files below, relative to the package.
    pub fn all_files(&self) -> Vec<String> {
        let mut files = Vec::new();
        self.collect(&mut files);
        files
    }

    fn collect(&self, files: &mut Vec<String>) {
        for (name, item) in &self.items {
            match item {
                Item::File { .. } => files.push(self.path_of(name)),
                Item::Folder(folder) => folder.collect(files),
            }
        }
    }
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$`: other names are "as if removed".
pub(super) fn is_valid_name(name: &str) -> bool {
    let rest = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let bytes = name.as_bytes();
    bytes.len() <= 255
        && bytes.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        && bytes.iter().all(|b| rest(*b))
}

/// Reads the tree of a package. Links are followed inside the package; what cannot be followed or read is as if it were
/// not there, and an error where judging would miss it.
pub(super) fn scan(root: &Path, report: &mut Report) -> Option<Folder> {
    let canonical = match root.canonicalize() {
        Ok(canonical) if canonical.is_dir() => canonical,
        Ok(_) => {
            report.error(".", None, "the package is not a folder");
            return None;
        }
        Err(error) => {
            report.error(".", None, format!("the package cannot be read: {error}"));
            return None;
        }
    };
    let mut scan = Scan { root: canonical.clone(), entries: 0, report };
    Some(scan.folder(&canonical, String::new(), &mut vec![canonical.clone()]))
}

struct Scan<'a> {
    root: PathBuf,
    entries: usize,
    report: &'a mut Report,
}

impl Scan<'_> {
    fn folder(&mut self, real: &Path, path: String, above: &mut Vec<PathBuf>) -> Folder {
        let mut folder = Folder { path, items: BTreeMap::new() };
        let listing = fs::read_dir(real).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => {
                let message = format!("the folder cannot be read: {error}");
                self.unusable(folder.path.clone(), message);
                return folder;
            }
        };
        for entry in listing {
            let name = entry.file_name();
            if is_litter(&name.to_string_lossy()) {
                continue;
            }
            let Some(name) = name.to_str().filter(|name| is_valid_name(name)) else {
                self.ignored(&folder.path, &name.to_string_lossy());
                continue;
            };
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                self.report.error(".", None, format!("more than {MAX_ENTRIES} files"));
                break;
            }
            let path = folder.path_of(name);
            if let Some(item) = self.item(&entry.path(), path, above) {
                folder.items.insert(name.to_owned(), item);
            }
        }
        folder
    }

    fn item(&mut self, at: &Path, path: String, above: &mut Vec<PathBuf>) -> Option<Item> {
        let real = match at.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                return self.unusable(path, format!("cannot be read: {error}"));
            }
        };
        if !real.starts_with(&self.root) {
            return self.unusable(path, "a symbolic link that leaves the package");
        }
        let metadata = match fs::metadata(&real) {
            Ok(metadata) => metadata,
            Err(error) => {
                return self.unusable(path, format!("cannot be read: {error}"));
            }
        };
        if metadata.is_file() {
            return Some(Item::File { executable: is_executable(&metadata) });
        }
        if !metadata.is_dir() {
            return self.unusable(path, "neither a file nor a folder");
        }
        if above.contains(&real) {
            return self.unusable(path, "a symbolic link to a folder that holds it");
        }
        if above.len() >= MAX_DEPTH {
            return self.unusable(path, format!("nested deeper than {MAX_DEPTH} folders"));
        }
        above.push(real.clone());
        let folder = self.folder(&real, path, above);
        above.pop();
        Some(Item::Folder(folder))
    }

    /// Something in the tree that cannot be used: no harm where nothing uses it.
    fn unusable(&mut self, path: String, message: impl Into<String>) -> Option<Item> {
        if decides(&path) {
            self.report.error(path, None, message);
        } else {
            self.report.warning(path, None, format!("not used: {}", message.into()));
        }
        None
    }

    /// Hidden files are other tools' business unless they could be tests; a bad name where tests or programs belong is
    /// a slip.
    fn ignored(&mut self, folder: &str, name: &str) {
        let path = join(folder, name);
        if !decides(&path) || name.starts_with('.') && !(folder.starts_with("data") && name.ends_with(".in"))
        {
            return;
        }
        let message = "ignored: names hold only letters, digits, dot, dash and underscore, \
                       and begin with none of dot and dash";
        self.report.warning(path, None, message);
    }
}

/// Whether what lies here decides how the package is judged.
fn decides(path: &str) -> bool {
    let mut parts = path.split('/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("data", Some(folder)) => !FOR_AUTHORS.contains(&folder),
        ("data" | "submissions" | "include" | "output_validator" | "output_validators", _) => true,
        ("problem.yaml" | "domjudge-problem.ini" | "", None) => true,
        _ => false,
    }
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    true
}

/// A configuration file as text; mistakes are reported.
pub(super) fn read_text(root: &Path, path: &str, report: &mut Report) -> Option<String> {
    let at = root.join(path);
    match fs::metadata(&at) {
        Ok(metadata) if metadata.len() > MAX_TEXT => {
            report.error(path, None, format!("larger than {MAX_TEXT} bytes"));
            return None;
        }
        Ok(_) => {}
        Err(error) => {
            report.error(path, None, format!("cannot be read: {error}"));
            return None;
        }
    }
    let bytes = fs::read(&at);
    if let Some(wide @ (Encoding::Utf16 | Encoding::Utf32)) = bytes.as_deref().ok().and_then(encoding) {
        report.error(path, None, format!("is in {}: save it as UTF-8", wide.as_str()));
        return None;
    }
    match bytes.map(String::from_utf8) {
        Ok(Ok(text)) => match text.strip_prefix('\u{feff}') {
            Some(rest) => {
                report.warning(path, Some(1), "begins with a byte-order mark");
                Some(rest.to_owned())
            }
            None => Some(text),
        },
        Ok(Err(error)) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            report.error(path, u32::try_from(line).ok(), "not UTF-8");
            None
        }
        Err(error) => {
            report.error(path, None, format!("cannot be read: {error}"));
            None
        }
    }
}
