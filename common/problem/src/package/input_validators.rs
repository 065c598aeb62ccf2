//! `input_validators/`: who looks at the tests. Nothing is judged by them, so what cannot be run is told of and keeps no package out.

use std::path::Path;

use super::diagnostic::Report;
use super::files::Folder;
use super::language::LanguageExtensions;
use super::manifest::ValidatorProgram;
use super::validators::Finder;

/// The folder, and its older name.
const FOLDERS: [&str; 2] = ["input_validators", "input_format_validators"];

/// The input validators that can be run.
pub(super) fn read(
    root: &Path,
    package: &Folder,
    languages: &[LanguageExtensions],
    report: &mut Report,
) -> Vec<ValidatorProgram> {
    let filled = |name: &&str| package.folder(name).filter(|folder| !folder.items.is_empty());
    let Some(folder) = FOLDERS.iter().find_map(filled) else { return Vec::new() };
    let mut own = Report::default();
    let mut programs = Finder::new(root, languages, &mut own).each_program(folder);
    report.not_run(own);
    programs.retain(|program| program.language.is_some() || program.build || program.run);
    programs
}
