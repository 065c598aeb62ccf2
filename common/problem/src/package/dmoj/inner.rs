//! `archive`: the zip inside a problem that holds its tests.

use std::path::Path;

use super::super::diagnostic::Report;
use super::super::files::{Folder, Item, is_valid_name, read_text};
use super::super::yaml::{self, Value};
use super::super::{metadata, polygon};
use super::FILE;

/// Where the archive's files lie once it is unpacked, relative to the problem.
pub(in super::super) const FOLDER: &str = "_archive";

/// The archive that the problem in this folder names, relative to it; none if there is no such problem, or no such file.
pub(in super::super) fn archive_of(root: &Path) -> Option<String> {
    let is_other = |file| root.join(file).is_file();
    if [metadata::FILE, polygon::FILE].into_iter().any(is_other) || !root.join(FILE).is_file() {
        return None;
    }
    // What is wrong with the file is told when it is read.
    let text = read_text(root, FILE, &mut Report::default())?;
    let document = yaml::parse(&text).ok()?.root?;
    let Value::Mapping(entries) = &document.value else { return None };
    let name = entries.iter().find(|entry| entry.key == "archive")?.value.as_text()?;
    let plain = name.split('/').all(is_valid_name);
    let at = root.join(name);
    let is_file = std::fs::symlink_metadata(&at).is_ok_and(|metadata| metadata.is_file());
    (plain && is_file).then(|| name.to_owned())
}

/// Where the file of a test lies: beside `init.yml`, or else in its archive.
pub(super) fn find(package: &Folder, path: &str) -> Option<String> {
    let is_file = |path: &str| matches!(package.find(path), Some(Item::File { .. }));
    let inside = format!("{FOLDER}/{path}");
    if is_file(path) { Some(path.to_owned()) } else { Some(inside).filter(|inside| is_file(inside)) }
}
