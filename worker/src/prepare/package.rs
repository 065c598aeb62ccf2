//! From a package's manifest to programs and tests.

use std::path::Path;

use gavel_model::FileName;
use gavel_model::language::LanguageSpec;
use gavel_problem::checker::CheckerOptions;
use gavel_problem::{Package, Validation, substitute_constants};

use crate::compile::Program;
use crate::fault::Fault;
use crate::run::{Answer, CheckBy, TestSpec};
use crate::sandbox::{Input, SourceBytes};

/// Every test of a package, in its order.
#[must_use]
pub fn prepare_tests(package: &Package) -> Vec<TestSpec> {
    let custom = matches!(package.validation, Validation::Custom { .. });
    package
        .tests
        .iter()
        .map(|test| TestSpec {
            name: test.name.clone(),
            group: test.name.rsplit_once('/').map(|(group, _)| group.to_owned()),
            input: Input::File(package.path(&test.input)),
            args: test.args.clone(),
            files: test.files.iter().map(|file| (file.name.clone(), package.path(&file.path))).collect(),
            check: if custom {
                CheckBy::Validators { answer: package.path(&test.answer), flags: test.validator_args.clone() }
            } else {
                CheckBy::Tokens {
                    answer: Answer::File(package.path(&test.answer)),
                    options: test.checker.unwrap_or_else(CheckerOptions::default),
                }
            },
        })
        .collect()
}

/// A program of files below `folder` of the package, such as an example submission.
///
/// # Errors
/// When a file cannot be read, or its name cannot travel.
pub fn program_of(
    package: &Package,
    language: &std::sync::Arc<LanguageSpec>,
    folder: &str,
    files: &[String],
    entrypoint: Option<&str>,
) -> Result<Program, Fault> {
    let folder = package.path(folder);
    let mut sources = Vec::with_capacity(files.len());
    for name in files {
        sources.push(source(package, &folder.join(name), name)?);
    }
    Ok(Program {
        language: std::sync::Arc::clone(language),
        files: entry_first(language, sources, entrypoint),
        options: Vec::new(),
    })
}

/// The file a program starts from comes first: the one stated, or the language's usual one, or the first source.
pub fn entry_first(
    language: &LanguageSpec,
    mut files: Vec<SourceBytes>,
    stated: Option<&str>,
) -> Vec<SourceBytes> {
    let named = |wanted: &str| {
        let matches = |file: &SourceBytes| {
            let name = file.name.as_str();
            name == wanted || name.rsplit_once('.').is_some_and(|(stem, _)| stem == wanted)
        };
        files.iter().position(matches)
    };
    let position = stated
        .and_then(named)
        .or_else(|| named(&language.source))
        .or_else(|| named("__main__.py").filter(|_| language.image == "python"))
        .or_else(|| files.iter().position(|file| language.is_source(&file.name)));
    if let Some(position) = position {
        let entry = files.remove(position);
        files.insert(0, entry);
    }
    files
}

/// A file of the package under this name, with the package's constants in it.
pub(super) fn source(package: &Package, path: &Path, name: &str) -> Result<SourceBytes, Fault> {
    let named = FileName::try_from(name.to_owned());
    let name = named.map_err(|error| Fault::Package(format!("file name {name:?}: {error}")))?;
    let bytes =
        std::fs::read(path).map_err(|source| Fault::File { what: path.display().to_string(), source })?;
    let bytes = match std::str::from_utf8(&bytes) {
        Ok(text) if !package.constants.is_empty() => {
            substitute_constants(text, &package.constants).into_bytes()
        }
        _ => bytes,
    };
    Ok(SourceBytes { name, bytes: bytes.into() })
}
