//! `build` and `run`: what can be started, though an archive of Windows keeps no executable bit.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::diagnostic::Report;
use super::files::{Folder, Item};

/// How much of a script is looked at, in bytes.
const HEAD: u64 = 4096;
/// The Executable and Linkable Format, section "ELF Identification".
const ELF: &[u8] = b"\x7fELF";
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether the folder holds a script of this name; one that cannot be started is an error.
///
/// A file is a script by its executable bit, as the format has it, or because it begins with `#!`.
pub(super) fn has_script(root: &Path, folder: &Folder, name: &str, report: &mut Report) -> bool {
    let Some(Item::File { executable }) = folder.items.get(name) else { return false };
    let path = folder.path_of(name);
    let mut head = Vec::new();
    let read = File::open(root.join(&path)).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    if let Err(error) = read {
        report.error(path, None, format!("cannot be read: {error}"));
        return true;
    }
    let text = head.strip_prefix(UTF8_MARK).unwrap_or(&head);
    let startable = text.starts_with(b"#!") || head.starts_with(ELF);
    if head.is_empty() {
        report.error(path, None, "the script is empty");
    } else if !executable && !startable {
        report.error(path, None, "must be executable, or begin with #!");
    } else if !executable {
        report.warning(&path, None, "is not executable; it is started all the same");
    } else if !startable {
        report.warning(&path, None, "does not begin with #!: /bin/sh runs it");
    }
    if !head.starts_with(ELF) && (text.len() < head.len() || text.windows(2).any(|pair| pair == b"\r\n")) {
        report.warning(folder.path_of(name), None, "is read without byte-order mark and carriage returns");
    }
    true
}
