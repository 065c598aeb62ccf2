//! Submissions as they are named on the command line.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use gavel_model::FileName;
use gavel_model::language::Languages;
use gavel_problem::{LanguageExtensions, detect_language};
use gavel_verify::Handed;
use gavel_worker::sandbox::SourceBytes;

/// The most files one submission may have: a folder with more was not meant.
const MAX_FILES: usize = 1_000;

/// Reads a submission; its language is the one stated, or the one its files' extensions tell.
///
/// # Errors
/// When it cannot be read, or its language is unknown.
pub fn read(path: &Path, stated: Option<&str>, languages: &Languages) -> anyhow::Result<Handed> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).with_context(|| shown.to_string())?;
    let mut files = Vec::new();
    if metadata.is_dir() {
        collect(path, "", &mut files)?;
    } else {
        files.push(file(path, super::package::name(path))?);
    }
    if files.is_empty() {
        bail!("{shown}: there is no file in it");
    }
    let language = match stated {
        Some(name) => languages.get(name).map(|language| language.id.clone()),
        None => Some(told_by(&files, languages).with_context(|| shown.to_string())?),
    };
    let language = language.ok_or_else(|| {
        anyhow!("{:?} is no language here; there are {}", stated.unwrap_or_default(), languages.ids())
    })?;
    Ok(Handed { language, files })
}

fn told_by(files: &[SourceBytes], languages: &Languages) -> anyhow::Result<String> {
    let dotted = |extensions: &[String]| extensions.iter().map(|extension| format!(".{extension}")).collect();
    let known: Vec<_> = languages
        .iter()
        .filter(|language| language.claims_extensions)
        .map(|language| LanguageExtensions {
            id: language.id.clone(),
            extensions: dotted(&language.extensions),
        })
        .collect();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let language = detect_language(&names, &known);
    Ok(language.context("its language cannot be told; --language says it")?.to_owned())
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
