//! Packages of both versions, good and bad.

mod archives;
mod dmoj;
mod expectations;
mod globs;
mod io_files;
mod limits;
mod malformed;
mod packages;
mod polygon;
mod strays;
mod tolerant;
mod yaml;

use std::path::Path;

use super::{InvalidPackage, LanguageExtensions, LoadOptions, Loaded, Package, Severity};

/// A folder with these files; a path that ends with `/` is an empty folder.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, contents) in files {
        let at = folder.path().join(path);
        if path.ends_with('/') {
            std::fs::create_dir_all(at).unwrap();
        } else {
            std::fs::create_dir_all(at.parent().unwrap()).unwrap();
            std::fs::write(at, contents).unwrap();
        }
    }
    folder
}

fn load(root: &Path) -> Result<Loaded, InvalidPackage> {
    Package::load(root, &options(Some("problem")))
}

/// With some languages, `.C` and `.c` among their extensions.
fn options(short_name: Option<&str>) -> LoadOptions {
    let languages = [
        ("c", &["c"][..]),
        ("cpp", &["cc", "cpp", "C"]),
        ("java", &["java"]),
        ("node", &["js", "mjs"]),
        ("python", &["py", "py3"]),
    ];
    let language = |(id, extensions): (&str, &[&str])| LanguageExtensions {
        id: id.to_owned(),
        extensions: extensions.iter().map(|extension| (*extension).to_owned()).collect(),
    };
    LoadOptions { languages: languages.map(language).into(), short_name: short_name.map(str::to_owned) }
}

/// What a legacy package must have, and warnings it would get without.
const LEGACY: &[(&str, &str)] = &[
    ("problem.yaml", "name: Sum\n"),
    ("problem_statement/problem.en.tex", "\\problemname{Sum}\n"),
    ("data/sample/1.in", "1 2\n"),
    ("data/sample/1.ans", "3\n"),
    ("data/secret/1.in", "3 4\n"),
    ("data/secret/1.ans", "7\n"),
    ("submissions/accepted/a.py", "print(sum(map(int, input().split())))\n"),
];

const MODERN: &[(&str, &str)] = &[
    (
        "problem.yaml",
        "problem_format_version: 2025-09\nname: Sum\nuuid: 7bb2ffb3-1d3f-4e7b-9d0e-9d3c2f6f0b1a\n",
    ),
    ("statement/problem.en.md", "Add.\n"),
    ("data/sample/1.in", "1 2\n"),
    ("data/sample/1.ans", "3\n"),
    ("data/secret/1.in", "3 4\n"),
    ("data/secret/1.ans", "7\n"),
    ("submissions/accepted/a.py", "print(sum(map(int, input().split())))\n"),
];

/// A base package with some files put over it; empty contents remove a file.
fn with<'a>(base: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = base.iter().filter(|(path, _)| !changes.iter().any(|(changed, _)| changed == path));
    let added = changes.iter().filter(|(_, contents)| *contents != REMOVED);
    kept.chain(added).copied().collect()
}

const REMOVED: &str = "\u{0}removed";

/// All mistakes as lines, errors only or warnings only.
fn told(result: &Result<Loaded, InvalidPackage>, severity: Severity) -> Vec<String> {
    let all = match result {
        Ok(loaded) => &loaded.warnings,
        Err(InvalidPackage(diagnostics)) => diagnostics,
    };
    all.iter().filter(|d| d.severity == severity).map(ToString::to_string).collect()
}
