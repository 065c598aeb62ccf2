//! The program that a time limit is derived with: an accepted one of the package.

use std::{fs, io};

use bytes::Bytes;
use gavel_model::language::{LanguageSpec, Languages};
use gavel_model::{FileName, Verdict};
use gavel_problem::{Package, Submission, substitute_constants};

/// A program of a package, ready to be submitted; the first file is the entry.
#[derive(Debug)]
pub struct AcceptedProgram {
    /// The language's id.
    pub language: String,
    /// Its files.
    pub files: Vec<(FileName, Bytes)>,
}

/// The first accepted program whose language there is, of at most `max_bytes`.
///
/// # Errors
/// When a file cannot be read.
pub fn first_accepted(
    package: &Package,
    languages: &Languages,
    max_bytes: u64,
) -> io::Result<Option<AcceptedProgram>> {
    for submission in package.submissions.iter().filter(|submission| is_accepted(submission)) {
        let Some(language) = submission.language.as_deref().and_then(|name| languages.get(name)) else {
            continue;
        };
        if let Some(files) = read(package, submission, language, max_bytes)? {
            return Ok(Some(AcceptedProgram { language: language.id.clone(), files }));
        }
    }
    Ok(None)
}

fn is_accepted(submission: &Submission) -> bool {
    let only_accepted = submission.expectation.final_verdicts == [Verdict::Ac];
    only_accepted
        || submission.name.starts_with("accepted/") && submission.expectation.final_verdicts.is_empty()
}

/// `None` for a program that no client could submit either.
fn read(
    package: &Package,
    submission: &Submission,
    language: &LanguageSpec,
    max_bytes: u64,
) -> io::Result<Option<Vec<(FileName, Bytes)>>> {
    let mut files = Vec::with_capacity(submission.files.len());
    let mut left = max_bytes;
    for name in &submission.files {
        let Ok(file) = FileName::try_from(name.clone()) else { return Ok(None) };
        let path = package.path(&format!("{}/{name}", submission.folder));
        let Some(rest) = left.checked_sub(fs::metadata(&path)?.len()) else { return Ok(None) };
        left = rest;
        files.push((file, with_constants(fs::read(path)?, package)));
    }
    // Stable: files of equal rank stay in their order.
    files.sort_by_key(|(file, _)| rank(file, submission.entrypoint.as_deref(), language));
    Ok(files.first().is_some_and(|(file, _)| language.is_source(file)).then_some(files))
}

/// The entry point that is stated, then what is called `main`, then other sources, then the rest.
fn rank(file: &FileName, entrypoint: Option<&str>, language: &LanguageSpec) -> u8 {
    let stem = file.as_str().rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    match (entrypoint, language.is_source(file)) {
        (Some(entry), _) if entry == file.as_str() => 0,
        (Some(entry), true) if entry == stem => 1,
        (_, true) if stem.eq_ignore_ascii_case("main") || stem == "__main__" => 2,
        (_, true) => 3,
        (_, false) => 4,
    }
}

fn with_constants(bytes: Vec<u8>, package: &Package) -> Bytes {
    match std::str::from_utf8(&bytes) {
        Ok(text) if !package.constants.is_empty() => substitute_constants(text, &package.constants).into(),
        _ => bytes.into(),
    }
}
