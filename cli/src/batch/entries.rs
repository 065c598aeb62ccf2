//! What a batch is made of: a file of submissions as it is, or programs from files and folders.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use gavel_client::Client;
use serde_json::{Value, json};

use crate::args::{BatchOptions, ProgramOptions};
use crate::remote::described;

/// Of files that hold submissions already.
const OF_SUBMISSIONS: [&str; 3] = ["jsonl", "ndjson", "json"];

/// The lines of a batch.
pub struct Entries {
    /// As `POST /api/v1/batches` takes them.
    pub lines: Vec<u8>,
    /// What people call the entries, where they are programs.
    pub names: Vec<String>,
}

/// Reads what is to be judged.
///
/// # Errors
/// When something cannot be read, or there is no program.
pub async fn read(client: &Client, options: &BatchOptions) -> anyhow::Result<Entries> {
    match &options.paths[..] {
        [file] if is_of_submissions(client, file, options).await? => {
            if options.problem.is_some() || options.language.is_some() || options.lane.is_some() {
                bail!(
                    "{}: a file of submissions says for itself what --problem, --language and --lane say",
                    file.display()
                );
            }
            let lines = tokio::fs::read(file).await.with_context(|| file.display().to_string())?;
            Ok(Entries { lines, names: Vec::new() })
        }
        paths => {
            let holds =
                |path: &&PathBuf| OF_SUBMISSIONS.contains(&extension(path).as_str()) && !path.is_dir();
            if let Some(file) = paths.iter().find(holds) {
                bail!("{}: a file of submissions is a batch alone", file.display());
            }
            of_programs(programs(client, paths).await?, options)
        }
    }
}

/// Whether a single path is a file of submissions, by its name, or since no language has programs of such a name.
async fn is_of_submissions(client: &Client, path: &Path, options: &BatchOptions) -> anyhow::Result<bool> {
    if path.is_dir() {
        return Ok(false);
    }
    let extension = extension(path);
    if OF_SUBMISSIONS.contains(&extension.as_str()) {
        return Ok(true);
    }
    Ok(options.language.is_none() && !client.extensions().await?.contains(&extension))
}

fn extension(file: &Path) -> String {
    file.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Every file that is named, and in folders those whose extension is that of a language.
async fn programs(client: &Client, paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut extensions = None;
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let known = match &extensions {
            Some(known) => known,
            None => extensions.insert(client.extensions().await?),
        };
        let before = found.len();
        search(path, known, &mut found)?;
        if found.len() == before {
            bail!("{}: there is no program of a language that is judged here", path.display());
        }
    }
    Ok(found)
}

/// Links to folders are not followed: one may lead back.
fn search(folder: &Path, known: &BTreeSet<String>, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries
        .map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?.is_dir()))))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    for (path, is_folder) in paths {
        if is_folder {
            search(&path, known, found)?;
        } else if path.is_file() && known.contains(&extension(&path)) {
            found.push(path);
        }
    }
    Ok(())
}

fn of_programs(files: Vec<PathBuf>, options: &BatchOptions) -> anyhow::Result<Entries> {
    let mut common = serde_json::Map::new();
    if let Some(problem) = &options.problem {
        common.insert("work".to_owned(), json!({"kind": "problem", "problem": problem}));
    }
    if let Some(lane) = &options.lane {
        common.insert("lane".to_owned(), json!(lane));
    }
    let mut lines = serde_json::to_vec(&json!({"common": common}))?;
    let mut names = Vec::new();
    for file in files {
        names.push(file.display().to_string());
        let language = options.language.clone();
        let program = ProgramOptions { file, language, cpu_ms: None, memory_mb: None };
        lines.push(b'\n');
        serde_json::to_writer(&mut lines, &Value::Object(described(&program)?))?;
    }
    Ok(Entries { lines, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_searched_in_order_for_programs() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("more")).unwrap();
        for name in ["z.py", "a.cpp", "notes.txt", "more/b.py"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::os::unix::fs::symlink(".", folder.path().join("again")).unwrap();
        let known = BTreeSet::from(["py", "cpp"].map(str::to_owned));
        let mut found = Vec::new();
        search(folder.path(), &known, &mut found).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, ["a.cpp", "more/b.py", "z.py"].map(Path::new));
    }
}
