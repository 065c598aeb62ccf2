//! Submissions as they are named on the command line.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use gavel_model::FileName;
use gavel_model::language::{LanguageSpec, Languages};
use gavel_problem::{LanguageExtensions, detect_language};
use gavel_verify::HandedIn;
use gavel_worker::sandbox::SourceBytes;

/// The most files one submission may have: a folder with more was not meant.
const MAX_FILES: usize = 1_000;

/// Reads a submission; its language is the one stated, or the one its files' extensions tell. A single file whose name
/// no sandbox takes, or whose extension is not the language's, is called as the language calls it.
///
/// # Errors
/// When it cannot be read, or its language is unknown.
pub fn read(path: &Path, stated: Option<&str>, languages: &Languages) -> anyhow::Result<HandedIn> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).with_context(|| shown.to_string())?;
    if !metadata.is_dir() {
        return alone(path, &super::package::name(path), stated, languages);
    }
    let mut files = Vec::new();
    collect(path, "", &mut files)?;
    if files.is_empty() {
        bail!("{shown}: there is no file in it");
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let language = language(path, &names, stated, languages)?.id.clone();
    Ok(HandedIn { language, files })
}

/// A program of one file.
fn alone(path: &Path, name: &str, stated: Option<&str>, languages: &Languages) -> anyhow::Result<HandedIn> {
    let language = language(path, &[name], stated, languages)?;
    let usable = FileName::try_from(name.to_owned()).ok().filter(|name| language.is_source(name));
    let name = match usable {
        Some(name) => name.into(),
        None => language.source.clone(),
    };
    Ok(HandedIn { language: language.id.clone(), files: vec![file(path, name)?] })
}

fn language<'l>(
    path: &Path,
    names: &[&str],
    stated: Option<&str>,
    languages: &'l Languages,
) -> anyhow::Result<&'l LanguageSpec> {
    let known = LanguageExtensions::list(languages.extensions());
    let name = match stated {
        Some(name) => name,
        None => {
            let told =
                detect_language(names, &known).context("its language cannot be told; --language says it");
            told.with_context(|| path.display().to_string())?
        }
    };
    let found = languages.get(name).map(AsRef::as_ref);
    found.ok_or_else(|| anyhow!("{name:?} is no language here; there are {}", languages.ids()))
}

/// Every file below a folder, in order; hidden ones are an editor's or git's.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<SourceBytes>) -> anyhow::Result<()> {
    let shown = || folder.display().to_string();
    let listed = std::fs::read_dir(folder).with_context(shown)?;
    let mut entries = listed.collect::<std::io::Result<Vec<_>>>().with_context(shown)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let kind = entry.file_type().with_context(|| path.display().to_string())?;
        if kind.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() {
            files.push(file(&path, format!("{prefix}{name}"))?);
        }
        if files.len() > MAX_FILES {
            bail!("a submission has at most {MAX_FILES} files");
        }
    }
    Ok(())
}

fn file(path: &Path, name: String) -> anyhow::Result<SourceBytes> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let name = FileName::try_from(name).with_context(|| path.display().to_string())?;
    Ok(SourceBytes { name, bytes: bytes.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("sum.cpp", None => "cpp: sum.cpp"; "as it is")]
    #[test_case("my sum (1).cpp", None => "cpp: main.cpp"; "as browsers name a second download")]
    #[test_case("sum's #2 [final].py", None => "python: main.py"; "all kinds of marks")]
    #[test_case("-sum.rs", None => "rust: main.rs"; "like an option")]
    #[test_case("@sum.java", None => "java: Main.java"; "like an argument file")]
    #[test_case("сумма.py3", None => "python: сумма.py3"; "letters outside of ASCII")]
    #[test_case("sum (1).js", Some("JavaScript") => "node: main.js"; "by an alias")]
    #[test_case("sum.txt", Some("c++17") => "cpp17: main.cpp"; "another extension than the language's")]
    #[test_case("sum", Some("c") => "c: main.c"; "no extension")]
    fn one_file_is_called(name: &str, stated: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, "source").unwrap();
        let languages = Languages::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../images")).unwrap();
        let HandedIn { language, files } = read(&path, stated, &languages).unwrap();
        assert_eq!((files.len(), &*files[0].bytes), (1, &b"source"[..]));
        format!("{language}: {}", files[0].name)
    }
}
