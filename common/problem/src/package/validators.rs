//! Output validators and included files.

use std::collections::BTreeMap;
use std::path::Path;

use super::diagnostic::Report;
use super::files::{Folder, Item};
use super::language::{LanguageExtensions, detect_language};
use super::manifest::{FormatVersion, Validation, ValidatorProgram, ValidatorProtocol};
use super::metadata::{FILE, Metadata};
use super::script::has_script;

/// Who validates: what `problem.yaml` says (legacy), or whether there is an `output_validator` (`2025-09`).
pub(super) fn validation(
    root: &Path,
    package: &Folder,
    metadata: &Metadata,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Validation {
    let stated = metadata.validation;
    let legacy = metadata.format.is_legacy();
    let wanted = stated.map_or(!legacy, |stated| stated.custom);
    let folders = validator_folders(package, metadata.format, wanted, report);
    let mut finder = Finder::new(root, languages, report);
    let programs = if wanted { finder.validators(&folders, legacy) } else { Vec::new() };
    let custom = wanted && (stated.is_some() || !programs.is_empty());
    if custom && programs.is_empty() {
        let folder = validator_folder(metadata.format);
        let line = stated.map(|stated| stated.line);
        report.error(FILE, line, format!("validation is custom, but {folder} holds no program"));
    }
    if custom {
        let score = stated.map_or(metadata.kind.scoring, |stated| stated.score);
        return Validation::Custom { programs, score };
    }
    for (kind, named) in
        [("interactive", metadata.kind.interactive), ("multi-pass", metadata.kind.multi_pass)]
    {
        if named {
            report.error(FILE, None, format!("the problem is {kind} and has no output validator of its own"));
        }
    }
    Validation::Default
}

const PLURAL: &str = "output_validators";
const SINGULAR: &str = "output_validator";

const fn validator_folder(format: FormatVersion) -> &'static str {
    if format.is_legacy() { PLURAL } else { SINGULAR }
}

/// The folders with validators: the one of the format, or else the other version's, which DOMjudge accepts too.
fn validator_folders<'a>(
    package: &'a Folder,
    format: FormatVersion,
    wanted: bool,
    report: &mut Report,
) -> Vec<&'a Folder> {
    let filled = |name| package.folder(name).filter(|folder: &&Folder| !folder.items.is_empty());
    if !wanted {
        for folder in [PLURAL, SINGULAR].into_iter().filter_map(filled) {
            report.warning(&folder.path, None, "not used: validation is default");
        }
        return Vec::new();
    }
    let own = validator_folder(format);
    let other = if own == PLURAL { SINGULAR } else { PLURAL };
    match (filled(own), filled(other)) {
        // Early packages may have either, and so both.
        (own, other) if format == FormatVersion::Draft2023 => own.into_iter().chain(other).collect(),
        (Some(folder), Some(unused)) => {
            let message = format!("not used: {} packages have {own}, and this one has", format.as_str());
            report.warning(&unused.path, None, message);
            vec![folder]
        }
        (None, Some(folder)) => {
            let message = format!("used, but the {} format calls it {own}", format.as_str());
            report.warning(&folder.path, None, message);
            vec![folder]
        }
        (own, None) => own.into_iter().collect(),
    }
}

/// Finds programs in folders.
pub(super) struct Finder<'a> {
    root: &'a Path,
    languages: &'a [LanguageExtensions],
    report: &'a mut Report,
}

impl<'a> Finder<'a> {
    /// Over a package's root, with the languages there are.
    pub(super) const fn new(
        root: &'a Path,
        languages: &'a [LanguageExtensions],
        report: &'a mut Report,
    ) -> Self {
        Self { root, languages, report }
    }

    /// Every validator; `2025-09` has one.
    fn validators(&mut self, folders: &[&Folder], legacy: bool) -> Vec<ValidatorProgram> {
        let mut programs = Vec::new();
        for folder in folders {
            // The singular folder is the program, or holds the program's folder and nothing else.
            let mut items = folder.items.values();
            let holds_programs = folder.path == PLURAL
                || matches!((items.next(), items.next()), (Some(Item::Folder(_)), None));
            if holds_programs {
                programs.extend(self.each_program(folder));
            } else {
                programs.push(self.folder_program(&folder.path, folder));
            }
        }
        if !legacy && programs.len() > 1 {
            self.report.error(SINGULAR, None, "more than one output validator");
        }
        programs
    }

    /// Every file and every folder in a folder, as a program.
    pub(super) fn each_program(&mut self, folder: &Folder) -> Vec<ValidatorProgram> {
        let mut programs: Vec<ValidatorProgram> = Vec::new();
        for (name, item) in &folder.items {
            let program = match item {
                Item::Folder(inner) => self.folder_program(name, inner),
                Item::File { .. } if is_note(name) => {
                    self.report.warning(folder.path_of(name), None, "not used: no program");
                    continue;
                }
                Item::File { .. } => {
                    let files = vec![name.clone()];
                    let language = self.language(&files, &folder.path_of(name));
                    ValidatorProgram {
                        name: stem(name),
                        folder: folder.path.clone(),
                        files,
                        language,
                        build: false,
                        run: false,
                        protocol: ValidatorProtocol::default(),
                    }
                }
            };
            if programs.iter().any(|other| other.name == program.name) {
                let message = format!("a second program named {}", program.name);
                self.report.error(folder.path_of(name), None, message);
                continue;
            }
            programs.push(program);
        }
        programs
    }

    fn folder_program(&mut self, name: &str, folder: &Folder) -> ValidatorProgram {
        let files = below(folder);
        let mut script = |name: &str| has_script(self.root, folder, name, self.report);
        let (build, run) = (script("build"), script("run"));
        let language = if build || run { None } else { self.language(&files, &folder.path) };
        ValidatorProgram {
            name: name.to_owned(),
            folder: folder.path.clone(),
            files,
            language,
            build,
            run,
            protocol: ValidatorProtocol::default(),
        }
    }

    fn language(&mut self, files: &[String], path: &str) -> Option<String> {
        match detect_language(files, self.languages) {
            Ok(language) => Some(language.to_owned()),
            Err(error) => {
                self.report.error(path, None, format!("the language cannot be told: {error}"));
                None
            }
        }
    }
}

/// What people write about programs.
fn is_note(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let stem = upper.split('.').next().unwrap_or_default();
    matches!(stem, "README" | "LICENSE" | "LICENCE" | "NOTES")
        || [".MD", ".TXT"].iter().any(|e| upper.ends_with(e))
}

/// All files below a folder, relative to it.
pub(super) fn below(folder: &Folder) -> Vec<String> {
    let skip = folder.path.len() + 1;
    folder.all_files().iter().filter_map(|file| file.get(skip..)).map(str::to_owned).collect()
}

fn stem(name: &str) -> String {
    name.split_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// `include/LANGUAGE/`: files put over every submission.
pub(super) fn include(package: &Folder, report: &mut Report) -> BTreeMap<String, Vec<String>> {
    let mut include = BTreeMap::new();
    let Some(folder) = package.folder("include") else { return include };
    for (name, item) in &folder.items {
        match item {
            Item::Folder(inner) => {
                let files = inner.all_files();
                if files.is_empty() {
                    report.warning(folder.path_of(name), None, "no files to include");
                }
                if matches!(inner.items.get("build"), Some(Item::File { executable: true })) {
                    let message = "included, and not run: submissions are compiled as their language is";
                    report.warning(inner.path_of("build"), None, message);
                }
                include.insert(name.clone(), files);
            }
            Item::File { .. } => {
                report.warning(
                    folder.path_of(name),
                    None,
                    "ignored: included files lie in a folder per language",
                );
            }
        }
    }
    include
}
