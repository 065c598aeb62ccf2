//! Problem packages, made on the spot.

use std::io::{Cursor, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};

pub type Files = Vec<(&'static str, &'static str)>;

/// A legacy package that states no time limit.
pub const LEGACY: &[(&str, &str)] = &[
    ("problem.yaml", "name: Sum\n"),
    ("problem_statement/problem.en.tex", "\\problemname{Sum}\n"),
    ("data/sample/1.in", "1 2\n"),
    ("data/sample/1.ans", "3\n"),
    ("data/secret/1.in", "3 4\n"),
    ("data/secret/1.ans", "7\n"),
    ("submissions/accepted/a.py", "print(sum(map(int, input().split())))\n"),
];

/// A package of the current format that states its time limit.
pub const MODERN: &[(&str, &str)] = &[
    ("problem.yaml", YAML),
    ("statement/problem.en.md", "Add.\n"),
    ("data/sample/1.in", "1 2\n"),
    ("data/sample/1.ans", "3\n"),
    ("data/secret/1.in", "3 4\n"),
    ("data/secret/1.ans", "7\n"),
    ("submissions/accepted/a.py", "print(sum(map(int, input().split())))\n"),
];

const YAML: &str = "problem_format_version: 2025-09\nname: Sum\nuuid: 7bb2ffb3-1d3f-4e7b-9d0e-9d3c2f6f0b1a\n\
                        limits:\n  time_limit: 1.5\n";

/// Contents that mean: without this file.
pub const REMOVED: &str = "\u{0}removed";

/// A base package with some files put over it.
pub fn with(base: &[(&'static str, &'static str)], changes: &[(&'static str, &'static str)]) -> Files {
    let kept = base.iter().filter(|(path, _)| !changes.iter().any(|(changed, _)| changed == path));
    let added = changes.iter().filter(|(_, contents)| *contents != REMOVED);
    kept.chain(added).copied().collect()
}

/// The zip of some files; the same files give the same bytes.
pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(contents.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Another package of the same problem: as valid, with another hash.
pub fn variant(base: &[(&'static str, &'static str)], answer: &'static str) -> Vec<u8> {
    zip(&with(base, &[("data/secret/2.in", "5 5\n"), ("data/secret/2.ans", answer)]))
}

/// The zip of a folder, with the permissions of its files.
pub fn zip_folder(folder: &Path) -> Vec<u8> {
    fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, folder: &Path, root: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(zip, &path, root);
                continue;
            }
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            zip.start_file(name, SimpleFileOptions::default().unix_permissions(mode)).unwrap();
            zip.write_all(&std::fs::read(&path).unwrap()).unwrap();
        }
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    add(&mut zip, folder, folder);
    zip.finish().unwrap().into_inner()
}
