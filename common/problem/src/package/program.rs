//! Checkers and interactors that a package of another format names by their source files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::diagnostic::Report;
use super::files::{Folder, Item, join};
use super::language::{LanguageExtensions, detect_language};
use super::manifest::{ValidatorProgram, ValidatorProtocol};

/// How much of a source is looked through for what it includes, in bytes.
const HEAD: u64 = 1 << 20;
const HEADERS: [&str; 5] = [".h", ".hh", ".hpp", ".hxx", ".inc"];
const TESTLIB: &str = "testlib.h";

/// Where a program is named, and how it is spoken to.
pub(super) struct Named<'a> {
    /// What it is: `checker`, `interactor`.
    pub what: &'a str,
    /// Its sources, relative to the package; the first is what it starts from.
    pub sources: &'a [String],
    /// The language's id where that is stated, or else by the sources' extensions.
    pub language: Option<&'a str>,
    pub protocol: ValidatorProtocol,
    /// The file that names it.
    pub file: &'a str,
    pub line: Option<u32>,
}

/// The program, with the headers that lie beside its first source.
pub(super) fn program(
    root: &Path,
    package: &Folder,
    named: &Named<'_>,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Option<ValidatorProgram> {
    let Named { what, file, line, .. } = *named;
    let first = named.sources.first()?;
    let (path, base) = first.rsplit_once('/').unwrap_or(("", first));
    let mut files = Vec::new();
    for source in named.sources {
        if !matches!(package.find(source), Some(Item::File { .. })) {
            report.error(file, line, format!("{what}: {source} is not in the package"));
            return None;
        }
        match source.strip_prefix(path).map(|rest| rest.trim_start_matches('/')) {
            Some(inside) => files.push(inside.to_owned()),
            None => {
                report.error(file, line, format!("{what}: {source} must lie in the folder of {first}"));
                return None;
            }
        }
    }
    let language = match named.language {
        Some(id) => languages.iter().find(|language| language.id == id).map(|language| language.id.clone()),
        None => detect_language(&files, languages).ok().map(str::to_owned),
    };
    let Some(language) = language else {
        report.error(file, line, format!("{what}: {first} is in no language there is"));
        return None;
    };
    let beside = if path.is_empty() { Some(package) } else { package.folder_at(path) };
    for name in beside.into_iter().flat_map(Folder::file_names) {
        let header = HEADERS.iter().any(|extension| name.ends_with(extension));
        if header && !files.iter().any(|file| file == name) {
            files.push(name.to_owned());
        }
    }
    if includes_testlib(&root.join(first)) && !files.iter().any(|file| file == TESTLIB) {
        let place = join(path, TESTLIB);
        let message = format!("{what}: {base} includes {TESTLIB}, and there is no {place}: put it there");
        report.error(file, line, message);
        return None;
    }
    Some(ValidatorProgram {
        name: what.to_owned(),
        folder: path.to_owned(),
        files,
        language: Some(language),
        build: false,
        run: false,
        protocol: named.protocol,
    })
}

fn includes_testlib(source: &Path) -> bool {
    let mut head = Vec::new();
    // One that cannot be read is told of when it is compiled.
    if File::open(source).and_then(|file| file.take(HEAD).read_to_end(&mut head)).is_err() {
        return false;
    }
    let text = String::from_utf8_lossy(&head);
    text.lines().any(|line| line.trim_start().starts_with('#') && line.contains(TESTLIB))
}
