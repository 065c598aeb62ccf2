//! From what a client sends to what may be judged: everything that needs no outside world.

use std::collections::BTreeSet;

use crate::settings::ApiConfig;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use gavel_model::language::{LanguageSpec, Languages};
use gavel_model::{Encoding, FileName, Lane};
use gavel_model::{LimitError, Limits, LimitsPolicy, LimitsRequest};

use super::language;
use super::request::{FileRequest, SubmissionRequest, WorkRequest};
use super::work::{CheckedWork, check_work};
use crate::error::{ApiError, ErrorCode};

/// The most arguments a program gets.
const MAX_ARGS: usize = 256;

/// The most bytes all arguments have together.
const MAX_ARGS_BYTES: u64 = 16 * 1024;

/// A submission that may be judged, its bytes not yet packed.
pub struct Checked<'a> {
    pub language: &'a LanguageSpec,
    pub files: Vec<(FileName, Bytes)>,
    /// The field that the files came in.
    pub field: &'static str,
    pub args: Vec<String>,
    pub lane: Lane,
    pub limits: Limits,
    pub work: CheckedWork,
    pub stdout: bool,
}

/// What submissions are measured by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub config: &'a ApiConfig,
    pub limits: &'a LimitsPolicy,
    pub languages: &'a Languages,
}

/// Checks a request.
pub fn check(request: SubmissionRequest, rules: Rules<'_>) -> Result<Checked<'_>, ApiError> {
    let SubmissionRequest { language, source, files, args, lane, limits, work, stdout } = request;
    if matches!(work, WorkRequest::Problem { .. }) && limits != LimitsRequest::default() {
        return Err(ApiError::invalid(
            "limits",
            "limits do not go with a stored problem: its package decides",
        ));
    }
    let field = if source.is_some() { "source" } else { "files" };
    let (language, files) = program(language.as_deref(), source, files, rules)?;
    check_args(&args)?;
    Ok(Checked {
        language,
        files,
        field,
        args,
        lane: lane.into(),
        limits: rules.limits.resolve(&limits).map_err(|errors| limit_error(&errors))?,
        work: check_work(work, rules.config)?,
        stdout,
    })
}

type Program<'a> = (&'a LanguageSpec, Vec<(FileName, Bytes)>);

fn program<'a>(
    name: Option<&str>,
    source: Option<String>,
    files: Option<Vec<FileRequest>>,
    rules: Rules<'a>,
) -> Result<Program<'a>, ApiError> {
    match (source, files) {
        (Some(source), None) => {
            check_source_size("source", source.len() as u64, rules.config)?;
            let language = language::find(rules.languages, name, &[])?;
            let file = FileName::try_from(language.source.clone()).map_err(|error| {
                tracing::error!(language = language.id, %error, "a language's source file name is unusable");
                ApiError::new(ErrorCode::Internal, "this language is not set up well")
            })?;
            Ok((language, vec![(file, source.into())]))
        }
        (None, Some(files)) => {
            let files = check_files(files, rules.config)?;
            let names: Vec<_> = files.iter().map(|(name, _)| name.clone()).collect();
            Ok((language::find(rules.languages, name, &names)?, files))
        }
        (Some(_), Some(_)) => {
            Err(ApiError::invalid("source", "source and files are both given; one of them is needed"))
        }
        (None, None) => {
            Err(ApiError::invalid("source", "neither source nor files is given; one of them is needed"))
        }
    }
}

fn check_files(files: Vec<FileRequest>, config: &ApiConfig) -> Result<Vec<(FileName, Bytes)>, ApiError> {
    if files.is_empty() {
        return Err(ApiError::invalid("files", "files is empty; one file at least is needed"));
    }
    if files.len() > config.max_files {
        return Err(ApiError::too_large("files", files.len() as u64, config.max_files as u64, "entries"));
    }
    let mut checked = Vec::with_capacity(files.len());
    for (k, FileRequest { name, content, encoding }) in files.into_iter().enumerate() {
        let name = FileName::try_from(name)
            .map_err(|error| ApiError::invalid(format!("files[{k}].name"), error.to_string()))?;
        let content = match encoding {
            Encoding::Utf8 => Bytes::from(content),
            Encoding::Base64 => BASE64
                .decode(content)
                .map_err(|error| {
                    ApiError::invalid(format!("files[{k}].content"), format!("not base64: {error}"))
                })?
                .into(),
        };
        checked.push((name, content));
    }
    check_source_size("files", checked.iter().map(|(_, content)| content.len() as u64).sum(), config)?;
    check_names(&checked)?;
    Ok(checked)
}

/// No name twice, and no file where another file needs a folder.
fn check_names(files: &[(FileName, Bytes)]) -> Result<(), ApiError> {
    let mut taken = BTreeSet::new();
    for (k, (name, _)) in files.iter().enumerate() {
        if !taken.insert(name.as_str()) {
            let message = format!("{:?} is given twice", name.as_str());
            return Err(ApiError::invalid(format!("files[{k}].name"), message));
        }
    }
    for (k, (name, _)) in files.iter().enumerate() {
        let folders = name.as_str().match_indices('/').map(|(end, _)| &name.as_str()[..end]);
        for folder in folders {
            if taken.contains(folder) {
                let message = format!("{folder:?} is both a file and the folder of {:?}", name.as_str());
                return Err(ApiError::invalid(format!("files[{k}].name"), message));
            }
        }
    }
    Ok(())
}

fn check_source_size(field: &str, size: u64, config: &ApiConfig) -> Result<(), ApiError> {
    let max = config.max_source_kb.saturating_mul(1024);
    if size > max { Err(ApiError::too_large(field, size, max, "bytes")) } else { Ok(()) }
}

fn check_args(args: &[String]) -> Result<(), ApiError> {
    if args.len() > MAX_ARGS {
        return Err(ApiError::too_large("args", args.len() as u64, MAX_ARGS as u64, "entries"));
    }
    let size = args.iter().map(|arg| arg.len() as u64).sum();
    if size > MAX_ARGS_BYTES {
        return Err(ApiError::too_large("args", size, MAX_ARGS_BYTES, "bytes"));
    }
    match args.iter().position(|arg| arg.contains('\0')) {
        Some(k) => Err(ApiError::invalid(format!("args[{k}]"), "an argument cannot hold a NUL")),
        None => Ok(()),
    }
}

/// One error for all limits that do not fit: the first is the field, the message tells of each.
fn limit_error(errors: &[LimitError]) -> ApiError {
    let message = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let code = ErrorCode::LimitOutOfRange;
    match errors.first() {
        Some(first) => ApiError::of(format!("limits.{}", first.field), code, message),
        None => ApiError::of("limits", code, message),
    }
}
