//! From a folder to a package, or to the list of everything that is wrong with it.

use std::path::Path;

use super::diagnostic::{Diagnostic, InvalidPackage, Report};
use super::files::{Folder, read_text, scan};
use super::language::LanguageExtensions;
use super::manifest::{Manifest, Package};
use super::strays::note_misspelt;
use super::{
    dmoj, domjudge, input_validators, io_files, metadata, polygon, submissions, testdata, validators,
};

/// How to read a package.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The languages that extensions are looked up in.
    pub languages: Vec<LanguageExtensions>,
    /// The problem's short name, where the folder's name is not it.
    pub short_name: Option<String>,
}

impl LoadOptions {
    /// For the languages that there are: id, and the extensions, without the dot, that mean it.
    #[must_use]
    pub fn new<'l>(
        languages: impl IntoIterator<Item = (&'l str, &'l [String])>,
        short_name: Option<String>,
    ) -> Self {
        Self { languages: LanguageExtensions::list(languages), short_name }
    }

    /// The problem's short name: as it was given, as the package has it, or the name of its folder.
    pub(super) fn name(&self, root: &Path, own: Option<&str>) -> String {
        let folder = || root.canonicalize().ok()?.file_name().map(|name| name.to_string_lossy().into_owned());
        self.short_name.clone().or_else(|| own.map(str::to_owned)).or_else(folder).unwrap_or_default()
    }
}

/// A package that can be judged, and what is odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The package.
    pub package: Package,
    /// Oddities, by file and line.
    pub warnings: Vec<Diagnostic>,
}

impl Package {
    /// Reads and validates the package in a folder.
    ///
    /// # Errors
    ///
    /// [`InvalidPackage`] with every mistake at once, warnings among them.
    pub fn load(root: &Path, options: &LoadOptions) -> Result<Loaded, InvalidPackage> {
        let mut report = Report::default();
        let manifest = read(root, options, &mut report);
        match manifest.filter(|_| !report.has_errors()) {
            Some(manifest) => {
                let package = Self::from_manifest(root.to_owned(), manifest);
                Ok(Loaded { package, warnings: report.into_sorted() })
            }
            None => Err(InvalidPackage(report.into_sorted())),
        }
    }
}

/// The file that describes a package tells its format; a package of several formats is one of Kattis'.
fn read(root: &Path, options: &LoadOptions, report: &mut Report) -> Option<Manifest> {
    let files = scan(root, report)?;
    if files.has_file(metadata::FILE) {
        return read_kattis(root, &files, options, report);
    }
    if files.has_file(polygon::FILE) {
        return polygon::read(root, &files, options, report);
    }
    if files.has_file(dmoj::FILE) {
        return dmoj::read(root, &files, options, report);
    }
    note_misspelt(&files, report);
    let message =
        format!("the file is missing; nor is there {} (Polygon) or {} (DMOJ)", polygon::FILE, dmoj::FILE);
    report.error(metadata::FILE, None, message);
    None
}

fn read_kattis(root: &Path, files: &Folder, options: &LoadOptions, report: &mut Report) -> Option<Manifest> {
    let short_name = short_name(root, options, report);
    let text = read_text(root, metadata::FILE, report)?;
    let mut metadata = metadata::read(&text, report);
    let stated = domjudge::read(root, files, report);
    metadata.limits.time_limit = metadata.limits.time_limit.or(stated.time_limit);
    metadata.file_io.input_file = metadata.file_io.input_file.take().or(stated.file_io.input_file);
    metadata.file_io.output_file = metadata.file_io.output_file.take().or(stated.file_io.output_file);
    note_statement(files, &metadata, report);
    note_misspelt(files, report);
    let validation = validators::validation(root, files, &metadata, &options.languages, report);
    let input_validators = input_validators::read(root, files, &options.languages, report);
    let (tests, grading) = testdata::read(root, files, &metadata, &validation, report);
    io_files::check(&metadata, &tests, report);
    let submissions = submissions::read(root, files, &metadata, &options.languages, report);
    let include = validators::include(files, report);
    if files.folder("static_validator").is_some() {
        report.error("static_validator", None, "static validators are not supported");
    }
    Some(Manifest {
        format: metadata.format,
        short_name,
        name: metadata.name,
        uuid: metadata.uuid,
        kind: metadata.kind,
        limits: metadata.limits,
        file_io: metadata.file_io,
        validation,
        input_validators,
        tests,
        grading,
        include,
        languages: metadata.languages,
        constants: metadata.constants,
        submissions,
    })
}

/// "The directory name must consist solely of lowercase letters a-z and digits 0-9."
fn short_name(root: &Path, options: &LoadOptions, report: &mut Report) -> String {
    let name = options.name(root, None);
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        let message = format!("the short name {name:?} should consist of lowercase letters and digits");
        report.warning(".", None, message);
    }
    name
}

fn note_statement(files: &Folder, metadata: &metadata::Metadata, report: &mut Report) {
    let expected = if metadata.format.is_legacy() { "problem_statement" } else { "statement" };
    if files.folder("statement").is_none() && files.folder("problem_statement").is_none() {
        report.warning(expected, None, "there is no problem statement");
    }
}
