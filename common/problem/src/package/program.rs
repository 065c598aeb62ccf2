//! Output validators and included files.

use std::collections::BTreeMap;

use super::diagnostic::Report;
use super::files::{Folder, Item};
use super::language::{LanguageExtensions, detect_language};
use super::metadata::{FILE, Metadata};
use super::package::{FormatVersion, Program, Validation};

/// Who validates: what `problem.yaml` says (legacy), or whether there is an `output_validator` (`2025-09`).
pub(super) fn validation(
    package: &Folder,
    metadata: &Metadata,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Validation {
    let programs = validators(package, metadata, languages, report);
    let stated = metadata.validation;
    let custom = match stated {
        Some(stated) => stated.custom,
        None => !metadata.format.is_legacy() && !programs.is_empty(),
    };
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
    if let Some(first) = programs.first() {
        report.warning(&first.folder, None, "not used: validation is default");
    }
    Validation::Default
}

const fn validator_folder(format: FormatVersion) -> &'static str {
    if format.is_legacy() { "output_validators" } else { "output_validator" }
}

fn validators(
    package: &Folder,
    metadata: &Metadata,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Vec<Program> {
    let mut programs = Vec::new();
    let format = metadata.format;
    if (format.is_legacy() || format == FormatVersion::Draft2023)
        && let Some(folder) = package.folder("output_validators")
    {
        programs.extend(each_program(folder, languages, report));
    }
    if !format.is_legacy() {
        if let Some(folder) = package.folder("output_validator").filter(|folder| !folder.items.is_empty()) {
            // The folder is the program, or holds the program's folder and nothing else.
            let mut items = folder.items.values();
            match (items.next(), items.next()) {
                (Some(Item::Folder(_)), None) => programs.extend(each_program(folder, languages, report)),
                _ => programs.push(folder_program("output_validator", folder, languages, report)),
            }
        }
        if programs.len() > 1 {
            report.error(validator_folder(format), None, "more than one output validator");
        }
    } else if package.folder("output_validator").is_some() {
        report.warning("output_validator", None, "not used: legacy packages have output_validators");
    }
    programs
}

fn each_program(folder: &Folder, languages: &[LanguageExtensions], report: &mut Report) -> Vec<Program> {
    let mut programs: Vec<Program> = Vec::new();
    for (name, item) in &folder.items {
        let program = match item {
            Item::Folder(inner) => folder_program(name, inner, languages, report),
            Item::File { .. } => {
                let files = vec![name.clone()];
                let language = language(&files, &folder.path_of(name), languages, report);
                Program {
                    name: stem(name),
                    folder: folder.path.clone(),
                    files,
                    language,
                    build: false,
                    run: false,
                }
            }
        };
        if programs.iter().any(|other| other.name == program.name) {
            report.error(folder.path_of(name), None, format!("a second program named {}", program.name));
        }
        programs.push(program);
    }
    programs
}

fn folder_program(
    name: &str,
    folder: &Folder,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Program {
    let files = below(folder);
    let mut script = |name: &str| match folder.items.get(name) {
        Some(Item::File { executable: true }) => true,
        Some(Item::File { executable: false }) => {
            report.error(folder.path_of(name), None, "must be executable");
            true
        }
        _ => false,
    };
    let (build, run) = (script("build"), script("run"));
    let language = if build || run { None } else { language(&files, &folder.path, languages, report) };
    Program { name: name.to_owned(), folder: folder.path.clone(), files, language, build, run }
}

fn language(
    files: &[String],
    path: &str,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Option<String> {
    match detect_language(files, languages) {
        Ok(language) => Some(language.to_owned()),
        Err(error) => {
            report.error(path, None, format!("the language cannot be told: {error}"));
            None
        }
    }
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
