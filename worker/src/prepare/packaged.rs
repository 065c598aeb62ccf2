//! From a package's manifest to programs and tests.

use std::path::Path;

use gavel_model::FileName;
use gavel_model::language::LanguageSpec;
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
            file_io: package.file_io.clone(),
            args: test.args.clone(),
            files: test.files.iter().map(|file| (file.name.clone(), package.path(&file.path))).collect(),
            check: if custom {
                CheckBy::Validators { answer: package.path(&test.answer), flags: test.validator_args.clone() }
            } else {
                CheckBy::Compared {
                    answer: Answer::File(package.path(&test.answer)),
                    comparison: test.checker.unwrap_or_default(),
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

/// The file a program starts from comes first: the one stated, or one of the language's usual names, or the first
/// source. A folder is looked into for a usual name only when no source lies beside it. Where the language would not take
/// the entry by its name, it has one that it takes.
pub fn entry_first(
    language: &LanguageSpec,
    mut files: Vec<SourceBytes>,
    stated: Option<&str>,
) -> Vec<SourceBytes> {
    let called = |name: &str, wanted: &str| {
        name == wanted || name.rsplit_once('.').is_some_and(|(stem, _)| stem == wanted)
    };
    let named = |wanted: &str| files.iter().position(|file| called(file.name.as_str(), wanted));
    let usual = || std::iter::once(&language.source).chain(&language.entry);
    let first = |outermost: bool| {
        let is_source = |file: &SourceBytes| language.is_source(&file.name);
        files.iter().position(|file| is_source(file) && !(outermost && file.name.as_str().contains('/')))
    };
    let inside = |wanted: &String| {
        let last =
            |file: &SourceBytes| file.name.as_str().rsplit('/').next().is_some_and(|name| name == wanted);
        files.iter().position(last)
    };
    let position = stated
        .and_then(named)
        .or_else(|| usual().find_map(|name| named(name)))
        .or_else(|| usual().find_map(inside).filter(|_| first(true).is_none()))
        .or_else(|| first(false));
    if let Some(position) = position {
        let entry = files.remove(position);
        files.insert(0, entry);
    }
    if let Some(name) = files.first().and_then(|entry| taken_name(language, &entry.name))
        && files.iter().all(|file| file.name != name)
    {
        files[0].name = name;
    }
    files
}

/// The name under which the language takes an entry, where it would not take its own.
fn taken_name(language: &LanguageSpec, name: &FileName) -> Option<FileName> {
    let refused = language.needs_extension && name.extension().is_some() && !language.is_source(name);
    let extension = language.extensions.first().filter(|_| refused)?;
    FileName::try_from(format!("{name}.{extension}")).ok()
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gavel_model::language::Languages;
    use test_case::test_case;

    use super::*;

    fn language(id: &str) -> Arc<LanguageSpec> {
        let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../images");
        Arc::clone(Languages::load(&images).unwrap().get(id).unwrap())
    }

    #[test_case("python", &["a.py", "main.py"], None, "main.py"; "usual name")]
    #[test_case("python", &["a.py", "__main__.py"], None, "__main__.py"; "other usual name")]
    #[test_case("python", &["__main__.py", "main.py"], None, "main.py"; "the first of the usual names")]
    #[test_case("python", &["data.txt", "b.py", "a.py"], None, "b.py"; "first source")]
    #[test_case("python", &["main.py", "solve.py"], Some("solve"), "solve.py"; "stated without extension")]
    #[test_case("python", &["main.py", "solve.py"], Some("solve.py"), "solve.py"; "stated")]
    #[test_case("python", &["solve.py", "tests/main.py"], None, "solve.py"; "a folder beside a source")]
    #[test_case("python", &["lib/a.py", "app/main.py"], None, "app/main.py"; "nothing but folders")]
    #[test_case("python", &["notes", "solution.txt"], None, "notes"; "no source at all")]
    #[test_case("java", &["geo/Point.java", "app/Main.java"], None, "app/Main.java"; "packages")]
    #[test_case("node", &["__main__.py", "a.js"], None, "a.js"; "the usual name of another language")]
    #[test_case("node", &["solution.txt"], None, "solution.txt.js"; "an extension that is not taken")]
    #[test_case("node", &["main.JS"], None, "main.JS.js"; "in capitals")]
    #[test_case("node", &["solution"], None, "solution"; "no extension")]
    #[test_case("node", &["a.txt", "a.txt.js"], Some("a.txt"), "a.txt"; "a name that is taken")]
    fn the_entry_is(id: &str, names: &[&str], stated: Option<&str>, entry: &str) {
        let files = names.iter().map(|name| SourceBytes {
            name: FileName::try_from((*name).to_owned()).unwrap(),
            bytes: Default::default(),
        });
        let files = entry_first(&language(id), files.collect(), stated);
        assert_eq!(files[0].name.as_str(), entry);
        assert_eq!(files.len(), names.len());
    }
}
