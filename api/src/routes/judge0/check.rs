//! From the attributes of a submission to what the intake is asked for.

use bytes::Bytes;
use gavel_model::language::LanguageSpec;
use gavel_model::{Checker, FileIo};

use super::attributes::Given;
use super::base64;
use super::error::Mistakes;
use super::files::unpack;
use super::limits::{choose, ours};
use super::note::Note;
use crate::intake::{Field, IntakeError, Refusal, Request, RequestedProgram, RequestedTest, RequestedWork};
use crate::routes::door::words;
use crate::routes::refusal;
use crate::state::AppState;

/// The longest options and arguments, in characters.
const MAX_LINE: usize = 512;

/// What a shell would read in its own way, and Judge0 drops.
const DROPPED: &str = "$&;<>|`";

/// The number of programs that are files alone, with scripts that compile and run them.
pub(super) const MULTI_FILE: u32 = 89;

/// Attributes that switch something on which this service does not have.
const NOT_ON_OFFER: [(&str, &str); 3] = [
    ("enable_per_process_and_thread_time_limit", "this option cannot be enabled"),
    ("enable_per_process_and_thread_memory_limit", "this option cannot be enabled"),
    ("enable_network", "enabling network is not allowed"),
];

/// What is asked for, and what is to be remembered of it.
#[derive(Debug)]
pub struct Checked {
    /// For the intake; its note is still to be written.
    pub request: Request,
    /// What is told again.
    pub note: Note,
    /// The zip of `additional_files`, which the note will name.
    pub zip: Option<Bytes>,
}

/// Checks the attributes of a submission.
///
/// # Errors
/// Everything that is wrong, by attribute.
pub fn check(given: &Given, base64: bool, app: &AppState) -> Result<Checked, Mistakes> {
    let mut mistakes = Mistakes::new();
    let text = |name: &str| {
        let text = given.text(name)?;
        Some(if base64 { base64::decode(&text).into() } else { Bytes::from(text) })
    };
    let source = text("source_code").filter(|source| !source.is_empty());
    let language = language(given, app, &mut mistakes);
    let multi_file = language.as_ref().is_some_and(|(id, _)| *id == MULTI_FILE);
    if source.is_some() == multi_file {
        let message = if multi_file { "must be blank" } else { "can't be blank" };
        mistakes.entry("source_code").or_default().push(message.to_owned());
    }
    let chosen = choose(given, &app.intake.limits, &mut mistakes);
    for (name, message) in NOT_ON_OFFER {
        if given.flag(name) {
            mistakes.entry(name).or_default().push(message.to_owned());
        }
    }
    let compiler_options = line(given, "compiler_options", &mut mistakes);
    let arguments = line(given, "command_line_arguments", &mut mistakes);
    if compiler_options.is_some() && language.as_ref().is_some_and(|(_, spec)| spec.artifact().is_none()) {
        let message = "setting compiler options is only allowed for compiled languages";
        mistakes.entry("compiler_options").or_default().push(message.to_owned());
    }
    let callback_url = given.text("callback_url").filter(|url| !url.is_empty());
    let zip = given.text("additional_files").map(|text| Bytes::from(base64::decode(&text)));
    let zip = zip.filter(|zip| !zip.is_empty());
    if multi_file && zip.is_none() {
        mistakes.entry("additional_files").or_default().push("can't be blank".to_owned());
    }
    let source_name = language.as_ref().filter(|_| !multi_file).map(|(_, spec)| spec.source.clone());
    let source_name = source_name.unwrap_or_default();
    let files = zip.as_ref().map(|zip| unpack(zip, &source_name)).transpose();
    let files = files.unwrap_or_else(|message| {
        mistakes.entry("additional_files").or_default().push(message);
        None
    });
    let (Some((language_id, spec)), true) = (language, mistakes.is_empty()) else { return Err(mistakes) };
    let expected = text("expected_output");
    let stdin = text("stdin");
    let note = Note {
        language_id,
        limits: chosen,
        stdin: stdin.is_some(),
        redirect_stderr_to_stdout: given.flag("redirect_stderr_to_stdout"),
        expects_nothing: expected.as_ref().is_some_and(Bytes::is_empty),
        additional_files: None,
        callback_url: callback_url.clone(),
        compiler_options: compiler_options.clone(),
        command_line_arguments: arguments.clone(),
    };
    let program = match files {
        None => RequestedProgram::Text(source.unwrap_or_default()),
        Some(files) => {
            let source = source.map(|source| (source_name, source));
            RequestedProgram::Files(source.into_iter().chain(files).collect())
        }
    };
    let request = Request {
        language: Some(spec.id.clone()),
        args: arguments.as_deref().map(words).unwrap_or_default(),
        compiler_options: compiler_options.as_deref().map(words).unwrap_or_default(),
        limits: ours(&note.limits),
        work: runs(&note, &stdin.unwrap_or_default(), expected.as_ref()),
        stdout: true,
        callback_url,
        ..Request::new(program)
    };
    Ok(Checked { request, note, zip })
}

/// The same run so many times; the first that is not right ends it.
fn runs(note: &Note, stdin: &Bytes, expected: Option<&Bytes>) -> RequestedWork {
    let one =
        RequestedTest { name: None, input: stdin.clone(), answer: expected.cloned().unwrap_or_default() };
    RequestedWork::Tests {
        tests: vec![one; note.runs()],
        checker: if expected.is_some() { Checker::Lines } else { Checker::Nothing },
        all_tests: false,
        file_io: FileIo { stderr_to_stdout: note.redirect_stderr_to_stdout, ..FileIo::default() },
    }
}

fn language(
    given: &Given,
    app: &AppState,
    mistakes: &mut Mistakes,
) -> Option<(u32, std::sync::Arc<LanguageSpec>)> {
    let said = given.text("language_id").filter(|text| !text.is_empty());
    let id = said.as_ref().and_then(|text| text.parse::<u32>().ok());
    let found = id.and_then(|id| Some((id, std::sync::Arc::clone(app.languages.by_judge0(id)?))));
    if found.is_none() {
        let messages = mistakes.entry("language_id").or_default();
        if said.is_none() {
            messages.push("can't be blank".to_owned());
        }
        messages.push(format!("language with id {} doesn't exist", said.unwrap_or_default()));
    }
    found
}

/// A line for a compiler or a program, without what a shell would take for its own.
fn line(given: &Given, name: &'static str, mistakes: &mut Mistakes) -> Option<String> {
    let line = given.text(name)?;
    if line.chars().count() > MAX_LINE {
        let message = format!("is too long (maximum is {MAX_LINE} characters)");
        mistakes.entry(name).or_default().push(message);
    }
    Some(line.chars().filter(|c| !DROPPED.contains(*c)).collect::<String>()).filter(|line| !line.is_empty())
}

/// What the intake says of a request, by attribute.
pub fn refused(refusal: &Refusal) -> Mistakes {
    let attribute = attribute(&refusal.field());
    let told = refusal::told(refusal, |field| Some(attribute_name(field))).message;
    let message = told
        .strip_prefix(attribute)
        .map_or(told.as_str(), |rest| rest.trim_start_matches([':', ' ']))
        .to_owned();
    Mistakes::from([(attribute, vec![message])])
}

/// The answer to work that was not accepted.
pub fn not_accepted(error: IntakeError) -> super::error::Judge0Error {
    use super::error::Judge0Error;
    match error {
        IntakeError::Refused(refusal) => Judge0Error::Attributes(refused(&refusal)),
        IntakeError::TooMany(..) | IntakeError::Full(_) => {
            Judge0Error::Text(axum::http::StatusCode::SERVICE_UNAVAILABLE, "queue is full".to_owned())
        }
        other => refusal::answer(other, |field| Some(attribute_name(field))).into(),
    }
}

fn attribute_name(field: &Field) -> String {
    attribute(field).to_owned()
}

fn attribute(field: &Field) -> &'static str {
    match field {
        Field::Language => "language_id",
        Field::Files | Field::FileName(_) | Field::FileContent(_) => "additional_files",
        Field::Args | Field::Arg(_) => "command_line_arguments",
        Field::CompilerOption(_) => "compiler_options",
        Field::Stdin | Field::TestInput(_) => "stdin",
        Field::ExpectedOutput | Field::TestAnswer(_) => "expected_output",
        Field::Limit("cpu_ms") => "cpu_time_limit",
        Field::Limit("wall_ms") => "wall_time_limit",
        Field::Limit("memory_mb") => "memory_limit",
        Field::Limit("output_kb") => "max_file_size",
        Field::Limit("processes") => "max_processes_and_or_threads",
        Field::CallbackUrl => "callback_url",
        Field::Data(inner) => attribute(inner),
        _ => "source_code",
    }
}
