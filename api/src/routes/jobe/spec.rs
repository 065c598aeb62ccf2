//! `run_spec`: what is to be run.

use bytes::Bytes;
use gavel_model::language::LanguageSpec;
use serde_json::Value;

use super::Jobe;
use super::error::JobeError;
use super::files::is_id;
use super::parameters::{limits, list};
use crate::intake::{Request, RequestedProgram, RequestedWork};
use crate::principal::Owner;
use axum::http::StatusCode;

/// What no name of a source file may hold.
const FORBIDDEN: &str = "<>:\"\\|?*#[]@!$&'()+,;={}^~`/";

/// Reads the body of `POST runs`.
///
/// # Errors
/// 400 that says what is wrong, 404 where a file must be sent first.
pub(super) fn read(body: &[u8], door: &Jobe, owner: &Owner) -> Result<Request, JobeError> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| JobeError::bad("Non-JSON post data received"))?;
    let spec = &body["run_spec"];
    if !spec.is_object() {
        return Err(JobeError::bad("No run_spec attribute found in post data"));
    }
    let needed = |name: &str| {
        spec[name]
            .as_str()
            .ok_or_else(|| JobeError::bad(format!("run_spec is missing the required attribute '{name}'")))
    };
    let (source, id) = (needed("sourcecode")?, needed("language_id")?);
    let language = door
        .app
        .languages
        .by_jobe(id)
        .ok_or_else(|| JobeError::bad(format!("Language '{}' is not known", shown(id))))?;
    let name = match spec["sourcefilename"].as_str().filter(|name| !name.is_empty()) {
        Some(name) if is_source_name(name) => name.to_owned(),
        Some(_) => return Err(JobeError::bad("The sourcefilename for the run_spec is illegal")),
        None => usual_name(language),
    };
    let mut files = vec![(name, Bytes::from(source.to_owned()))];
    files.extend(file_list(&spec["file_list"], door, owner)?);
    let parameters = &spec["parameters"];
    if list(parameters, "interpreterargs")?.is_some_and(|words| !words.is_empty()) {
        return Err(JobeError::bad("parameter interpreterargs is not supported"));
    }
    let options = list(parameters, "compileargs")?.unwrap_or_else(|| language.ids.jobe_options.clone());
    let linked = list(parameters, "linkargs")?.unwrap_or_default();
    Ok(Request {
        language: Some(language.id.clone()),
        args: list(parameters, "runargs")?.unwrap_or_default(),
        compiler_options: options.into_iter().chain(linked).collect(),
        limits: limits(parameters, &door.app.intake.limits, language.run.address_space)?,
        work: RequestedWork::run(Bytes::from(spec["input"].as_str().unwrap_or_default().to_owned())),
        ..Request::new(RequestedProgram::Files(files))
    })
}

/// `[[id, name], ..]`
fn file_list(list: &Value, door: &Jobe, owner: &Owner) -> Result<Vec<(String, Bytes)>, JobeError> {
    let list = match list {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) => list,
        other => {
            return Err(JobeError::bad(format!("Invalid file specifier: {}", shown(&other.to_string()))));
        }
    };
    let mut files = Vec::with_capacity(list.len());
    for entry in list {
        let (id, name) = (entry[0].as_str().unwrap_or_default(), entry[1].as_str().unwrap_or_default());
        if !is_id(id) || !is_file_name(name) {
            return Err(JobeError::bad(format!("Invalid file specifier: {}", shown(&entry.to_string()))));
        }
        let bytes = door.files.get(owner, id).ok_or_else(|| {
            JobeError(
                StatusCode::NOT_FOUND,
                "One or more of the specified files is missing/unavailable".to_owned(),
            )
        })?;
        files.push((name.to_owned(), bytes));
    }
    Ok(files)
}

fn is_source_name(name: &str) -> bool {
    !name.starts_with(['.', '-']) && !name.contains(|c: char| FORBIDDEN.contains(c) || c.is_control())
}

fn is_file_name(name: &str) -> bool {
    let may = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && !name.starts_with(['.', '-']) && name.chars().all(may)
}

/// `prog.c` and the like, but for a language whose file is named after a class.
fn usual_name(language: &LanguageSpec) -> String {
    match language.extensions.first().filter(|_| language.source.starts_with(char::is_lowercase)) {
        Some(extension) => format!("prog.{extension}"),
        None => language.source.clone(),
    }
}

/// As far as it is read back.
fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}
