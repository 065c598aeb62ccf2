//! From what is asked for to what may be judged: everything that needs no outside world.

use bytes::Bytes;
use gavel_model::language::{LanguageSpec, Languages};
use gavel_model::{DoorNote, FileName, Lane, Limits, LimitsPolicy, LimitsRequest, MAX_ARGS, MAX_ARGS_BYTES};

use super::accept::IntakeError;
use super::files::{check_files, check_size};
use super::language::{check_address_space, check_options, find};
use super::refusal::{Field, Refusal};
use super::request::{Request, RequestedProgram, RequestedWork};
use super::work::{CheckedWork, InlineWork, check_work};
use crate::callback::CallbackUrl;
use crate::settings::{ApiConfig, IfUnavailable};

/// A submission that may be judged, its bytes not yet packed.
pub struct Checked<'a> {
    pub language: &'a LanguageSpec,
    pub files: Vec<(FileName, Bytes)>,
    /// The field that the files came in.
    pub field: Field,
    pub args: Vec<String>,
    pub compiler_options: Vec<String>,
    pub lane: Lane,
    pub limits: Limits,
    pub address_space_mb: Option<u64>,
    pub work: CheckedWork,
    pub stdout: bool,
    pub callback: Option<CallbackUrl>,
    pub if_unavailable: IfUnavailable,
    pub note: Option<DoorNote>,
}

/// What submissions are measured by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub config: &'a ApiConfig,
    pub limits: &'a LimitsPolicy,
    pub languages: &'a Languages,
    /// Whether private addresses may be called.
    pub call_private: bool,
}

impl Rules<'_> {
    /// A place that a client wants to be called at.
    ///
    /// # Errors
    /// When it is none.
    pub fn callback(&self, url: &str) -> Result<CallbackUrl, Refusal> {
        CallbackUrl::parse(url, self.call_private).map_err(Refusal::Callback)
    }
}

/// Checks a request.
pub fn check(request: Request, rules: Rules<'_>) -> Result<Checked<'_>, IntakeError> {
    let Request {
        language,
        program,
        args,
        compiler_options,
        lane,
        limits,
        work,
        stdout,
        callback_url,
        if_unavailable,
        note,
    } = request;
    if matches!(work, RequestedWork::Problem { .. }) && limits != LimitsRequest::default() {
        return Err(Refusal::LimitsOfProblem.into());
    }
    let callback = callback_url.map(|url| rules.callback(&url)).transpose()?;
    let field = if matches!(program, RequestedProgram::Text(_)) { Field::Source } else { Field::Files };
    let (language, files) = read(language.as_deref(), program, rules)?;
    check_args(&args)?;
    let work = check_work(work, rules.config)?;
    check_apart(&work, &files)?;
    Ok(Checked {
        language,
        files,
        field,
        args,
        compiler_options: check_options(language, compiler_options)?,
        lane,
        limits: rules.limits.resolve(&limits).map_err(Refusal::Limits)?,
        address_space_mb: check_address_space(language, limits.address_space_mb)?,
        work,
        stdout,
        callback,
        if_unavailable: if_unavailable.unwrap_or(rules.config.if_unavailable),
        note,
    })
}

type Sources<'a> = (&'a LanguageSpec, Vec<(FileName, Bytes)>);

fn read<'a>(
    name: Option<&str>,
    program: RequestedProgram,
    rules: Rules<'a>,
) -> Result<Sources<'a>, IntakeError> {
    match program {
        RequestedProgram::Text(source) => {
            check_size(Field::Source, source.len() as u64, rules.config)?;
            let language = find(rules.languages, name, &[])?;
            let file = FileName::try_from(language.source.clone()).map_err(|error| {
                tracing::error!(language = language.id, %error, "a language's source file name is unusable");
                IntakeError::Language
            })?;
            Ok((language, vec![(file, source)]))
        }
        RequestedProgram::Files(files) => {
            let files = check_files(files, rules.config)?;
            let names: Vec<_> = files.iter().map(|(name, _)| name.clone()).collect();
            Ok((find(rules.languages, name, &names)?, files))
        }
    }
}

/// A file for input or output is none that the program brings.
fn check_apart(work: &CheckedWork, files: &[(FileName, Bytes)]) -> Result<(), Refusal> {
    let CheckedWork::Inline(InlineWork::Run { file_io, .. } | InlineWork::Tests { file_io, .. }) = work
    else {
        return Ok(());
    };
    let (input, output) = file_io.brought(|name| files.iter().any(|(file, _)| file.as_str() == name));
    let (field, name) = match (input, output) {
        (Some(name), _) => (Field::InputFile, name),
        (None, Some(name)) => (Field::OutputFile, name),
        (None, None) => return Ok(()),
    };
    Err(Refusal::SameName { field, name: name.as_str().to_owned() })
}

fn check_args(args: &[String]) -> Result<(), Refusal> {
    if args.len() > MAX_ARGS {
        return Err(Refusal::too_many_entries(Field::Args, args.len(), MAX_ARGS));
    }
    let size = args.iter().map(|arg| arg.len() as u64).sum();
    if size > MAX_ARGS_BYTES {
        return Err(Refusal::too_many_bytes(Field::Args, size, MAX_ARGS_BYTES));
    }
    match args.iter().position(|arg| arg.contains('\0')) {
        Some(k) => Err(Refusal::Nul(Field::Arg(k))),
        None => Ok(()),
    }
}
