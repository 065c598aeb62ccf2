//! `gavel problems`: the packages of a running Gavel.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use gavel_client::{Client, ClientError, PackageNote, Problem};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::server::{connect, ended};
use crate::args::{ListOptions, ProblemsAction};
use crate::exit;
use crate::table::{self, Column};

/// Uploads, lists, shows or forgets.
pub async fn problems(settings: Option<&Path>, action: ProblemsAction) -> ExitCode {
    ended(match action {
        ProblemsAction::Put { id, package, options } => match connect(settings, &options.server) {
            Ok(client) => put(&client, id.as_deref(), &package, &options).await,
            Err(error) => Err(error),
        },
        ProblemsAction::List(options) => list(settings, &options).await,
        ProblemsAction::Show { id, options } => show(settings, &id, &options).await,
        ProblemsAction::Rm { id, yes, options } => remove(settings, &id, yes, &options).await,
    })
}

async fn put(
    client: &Client,
    id: Option<&str>,
    package: &Path,
    options: &ListOptions,
) -> anyhow::Result<ExitCode> {
    let id = match id {
        Some(id) => id.to_owned(),
        None => name_of(package)?,
    };
    let from = package.to_owned();
    let zip = tokio::task::spawn_blocking(move || zipped(&from)).await??;
    let size = zip.metadata()?.len();
    let body = reqwest::Body::wrap_stream(tokio_util::io::ReaderStream::new(tokio::fs::File::from_std(zip)));
    match client.put_problem(&id, body, size).await {
        Ok(problem) if options.json => println!("{}", serde_json::to_string(&problem)?),
        Ok(problem) => {
            tell(&problem.warnings);
            println!("{}", described(&problem));
        }
        Err(ClientError::Refused { problems, message, .. }) if !problems.is_empty() => {
            tell(&problems);
            bail!("{id} was not taken: {message}");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(notes: &[PackageNote]) {
    for PackageNote { file, line, severity, message } in notes {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        eprintln!("{file}{line}: {severity}: {message}");
    }
}

fn described(problem: &Problem) -> String {
    let Problem { id, sha256, name, tests, time_limit_ms, time_limit_source, .. } = problem;
    let limit = match time_limit_ms {
        Some(limit) => format!("{limit} ms ({time_limit_source})"),
        None => "its time limit is being found out".to_owned(),
    };
    format!("{id}: {name}, {tests} tests, {limit}\n{id}@{sha256}")
}

/// The name of a folder or a zip, as an id.
fn name_of(package: &Path) -> anyhow::Result<String> {
    let whole = package.canonicalize().with_context(|| format!("{}", package.display()))?;
    let name = if whole.is_dir() { whole.file_name() } else { whole.file_stem() };
    let name = name.context("this has no name; say one with --id")?;
    Ok(name.to_string_lossy().to_lowercase())
}

/// A zip as it is, or one of a folder: a file that nobody else sees, so that a package of any size fits.
fn zipped(package: &Path) -> anyhow::Result<File> {
    let told = || format!("{}", package.display());
    if !package.is_dir() {
        return File::open(package).with_context(told);
    }
    let mut writer = ZipWriter::new(tempfile::tempfile()?);
    add(&mut writer, package, "").with_context(told)?;
    let mut file = writer.finish()?;
    file.flush()?;
    file.rewind()?;
    Ok(file)
}

/// Adds what is in a folder, in the order of names: the same folder is the same zip.
fn add(writer: &mut ZipWriter<File>, folder: &Path, inside: &str) -> anyhow::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    // Without times, and large where a test is.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default()).large_file(true);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_str().with_context(|| format!("{}: no name in UTF-8", entry.path().display()))?;
        // Of version control and editors.
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{inside}{name}");
        let kind = std::fs::metadata(entry.path())?;
        if kind.is_dir() {
            writer.add_directory(&path, options)?;
            add(writer, &entry.path(), &format!("{path}/"))?;
        } else {
            writer.start_file(&path, options)?;
            std::io::copy(&mut File::open(entry.path())?, writer)?;
        }
    }
    Ok(())
}

async fn list(settings: Option<&Path>, options: &ListOptions) -> anyhow::Result<ExitCode> {
    let client = connect(settings, &options.server)?;
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let part = client.problems(after.as_deref()).await?;
        all.extend(part.problems);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    if options.json {
        println!("{}", serde_json::to_string(&all)?);
    } else if all.is_empty() {
        println!("there are no problems; `gavel problems put FOLDER` uploads one");
    } else {
        println!("{}", draw(&all));
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(settings: Option<&Path>, id: &str, options: &ListOptions) -> anyhow::Result<ExitCode> {
    let problem = connect(settings, &options.server)?.problem(id).await?;
    println!("{}", serde_json::to_string_pretty(&problem)?);
    Ok(ExitCode::SUCCESS)
}

async fn remove(
    settings: Option<&Path>,
    id: &str,
    yes: bool,
    options: &ListOptions,
) -> anyhow::Result<ExitCode> {
    if !yes {
        eprintln!("gavel: all versions of {id} are forgotten for good; say it again with --yes");
        return Ok(ExitCode::from(exit::USAGE));
    }
    connect(settings, &options.server)?.remove_problem(id).await?;
    if options.json {
        println!("{}", serde_json::json!({"removed": id}));
    } else {
        println!("{id} is forgotten");
    }
    Ok(ExitCode::SUCCESS)
}

fn draw(problems: &[Problem]) -> String {
    let columns = [
        Column::new("problem", 0),
        Column::new("name", 1),
        Column::new("kind", 2),
        Column::numbers("tests", 0),
        Column::numbers("limit", 0),
        Column::numbers("bytes", 3),
        Column::new("version", 2),
    ];
    let rows = problems.iter().map(|problem| {
        let limit = problem.time_limit_ms.map(|limit| format!("{limit} ms"));
        [
            problem.id.clone(),
            problem.name.clone(),
            problem.kind.join(", "),
            problem.tests.to_string(),
            limit.unwrap_or_else(|| problem.time_limit_source.clone()),
            problem.size.to_string(),
            problem.sha256.chars().take(12).collect(),
        ]
    });
    table::draw(columns, rows)
}
