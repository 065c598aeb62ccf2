//! Refusals in words. The sentences are shared, the names of the fields are each door's own.

use std::time::Duration;

use crate::error::{ApiError, ErrorCode};
use crate::intake::{Company, Field, IntakeError, KeyUse, MIN_PREFIX, Refusal, SHA256_DIGITS, Unit};

/// What a door calls the parts of a request; nothing for those it does not have.
pub type Names = fn(&Field) -> Option<String>;

/// The longest name that is read back, in characters.
const MAX_NAME: usize = 50;

/// The longest reference to a problem that is read back, in characters.
const MAX_REFERENCE: usize = 150;

/// The answer to work that was not accepted, and the place where faults on the way are logged.
pub fn answer(error: IntakeError, names: Names) -> ApiError {
    match error {
        IntakeError::Refused(refusal) => told(&refusal, names),
        IntakeError::TooMany(message, wait) => ApiError::too_many(message, wait),
        IntakeError::Full(full) => {
            ApiError { retry_after: Some(full.retry_after), ..ApiError::unavailable(full.to_string()) }
        }
        IntakeError::NoWorker { language, others } => no_worker(&language, &others, names),
        IntakeError::KeyUsed(usage) => key_used(usage),
        IntakeError::Store(error) => error.into(),
        IntakeError::Blobs(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the blob store does not take a payload"
            );
            ApiError::unavailable("the blob store does not answer, try again")
        }
        IntakeError::Language => ApiError::new(ErrorCode::Internal, "this language is not set up well"),
    }
}

/// The answer to work in a language that no worker takes now.
fn no_worker(language: &str, others: &[String], names: Names) -> ApiError {
    let queue = names(&Field::IfUnavailable);
    let queue = queue.map(|name| format!("; with {name:?}: \"queue\" it waits for one")).unwrap_or_default();
    let message =
        format!("no worker takes {language} now; those that are there take {}{queue}", others.join(", "));
    ApiError { field: names(&Field::Language), ..ApiError::new(ErrorCode::NoWorker, message) }
}

/// The answer to a key of a client that was used for something else.
pub fn key_used(usage: KeyUse) -> ApiError {
    let error = |message: &str| ApiError::of("Idempotency-Key", ErrorCode::KeyReused, message);
    match usage {
        KeyUse::Other => error("this key was used for another call or another body"),
        KeyUse::InProgress => ApiError {
            retry_after: Some(Duration::from_secs(1)),
            ..error("a call with this key is still being received, try again")
        },
    }
}

/// A refusal in a door's names.
pub fn told(refusal: &Refusal, names: Names) -> ApiError {
    ApiError { field: names(&refusal.field()), ..ApiError::new(code(refusal), message(refusal, names)) }
}

const fn code(refusal: &Refusal) -> ErrorCode {
    match refusal {
        Refusal::Misplaced(..) => ErrorCode::UnknownField,
        Refusal::TooLarge { .. } => ErrorCode::TooLarge,
        Refusal::Limits(_) => ErrorCode::LimitOutOfRange,
        Refusal::UnknownLanguage { .. } => ErrorCode::UnknownLanguage,
        Refusal::LanguageNotAllowed { .. } => ErrorCode::LanguageNotAllowed,
        Refusal::CompilerOption { .. } => ErrorCode::OptionNotAllowed,
        Refusal::UnknownProblem(_) | Refusal::UnknownVersion { .. } => ErrorCode::UnknownProblem,
        Refusal::Missing(_)
        | Refusal::Neither(..)
        | Refusal::Both(..)
        | Refusal::Empty(_)
        | Refusal::LimitsOfProblem
        | Refusal::AddressSpace { .. }
        | Refusal::NotBase64(..)
        | Refusal::FileName(..)
        | Refusal::IoFile(..)
        | Refusal::SameName { .. }
        | Refusal::FileAndFolder { .. }
        | Refusal::Callback(_)
        | Refusal::Nul(_)
        | Refusal::TestName(_)
        | Refusal::Tolerance { .. }
        | Refusal::LanguageNotTold { .. }
        | Refusal::SeveralVersions { .. }
        | Refusal::VersionForm(_) => ErrorCode::InvalidField,
    }
}

fn message(refusal: &Refusal, names: Names) -> String {
    let name = |field: &Field| names(field).unwrap_or_else(|| "the request".to_owned());
    match refusal {
        Refusal::Missing(field) => format!("{} is missing", name(field)),
        Refusal::Neither(one, other) => {
            format!("neither {} nor {} is given; one of them is needed", name(one), name(other))
        }
        Refusal::Both(one, other) => {
            format!("{} and {} are both given; one of them is needed", name(one), name(other))
        }
        Refusal::Misplaced(field, company) => {
            format!("{} does not go with {}", name(field), with(*company, names))
        }
        Refusal::Empty(field) => format!("{} is empty; one entry at least is needed", name(field)),
        Refusal::TooLarge { field, value, max, unit } => {
            format!("{} has {value} {}, the maximum is {max}", name(field), counted(*unit))
        }
        Refusal::Limits(errors) => errors
            .iter()
            .map(|error| {
                let limit = name(&Field::Limit(error.field));
                format!("{limit} is {}, it must be from {} to {}", error.value, error.min, error.max)
            })
            .collect::<Vec<_>>()
            .join("; "),
        Refusal::LimitsOfProblem => {
            format!("{} do not go with a stored problem: its package decides", name(&Field::Limits))
        }
        Refusal::NotBase64(field, error) => format!("{} is not base64: {error}", name(field)),
        Refusal::FileName(_, error) => error.to_string(),
        Refusal::IoFile(_, error) => error.to_string(),
        Refusal::SameName { name, .. } => format!("{name:?} is given twice"),
        Refusal::FileAndFolder { folder, name, .. } => {
            format!("{folder:?} is both a file and the folder of {name:?}")
        }
        Refusal::Callback(error) => format!("{}: {error}", name(&Field::CallbackUrl)),
        Refusal::Nul(_) => "an argument cannot hold a NUL".to_owned(),
        Refusal::TestName(_) => "a name is not empty and holds no control characters".to_owned(),
        Refusal::Tolerance { field, value } => format!("{} is {value}, it must be 0 or more", name(field)),
        Refusal::UnknownLanguage { name, known } => {
            format!("there is no language {:?}; there is: {known}", first(name, MAX_NAME))
        }
        Refusal::LanguageNotTold { known } => {
            format!("{} is missing, and no file name tells it; there is: {known}", name(&Field::Language))
        }
        Refusal::LanguageNotAllowed { problem, allowed, words, .. } if allowed.is_empty() => {
            format!(
                "the problem {problem:?} takes only {}, and there is none of these here",
                words.join(", ")
            )
        }
        Refusal::LanguageNotAllowed { problem, language, allowed, .. } => {
            format!("the problem {problem:?} does not take {language}; it takes: {}", allowed.join(", "))
        }
        Refusal::CompilerOption { option, language, allowed, .. } => {
            let option = first(option, MAX_NAME);
            if allowed.is_empty() {
                format!("{language} does not take {option:?}, nor any other option for its compiler")
            } else {
                format!("{language} does not take {option:?}; it takes: {}", allowed.join(", "))
            }
        }
        Refusal::AddressSpace { language } => {
            let limit = name(&refusal.field());
            format!(
                "{limit} does not go with {language}: its runtime reserves more address space than it uses"
            )
        }
        Refusal::UnknownProblem(problem) => {
            format!("there is no problem {:?}", first(problem, MAX_REFERENCE))
        }
        Refusal::UnknownVersion { problem, prefix } => {
            format!("there is no version {prefix} of a problem {problem:?}")
        }
        Refusal::SeveralVersions { problem, prefix } => {
            format!("more than one version of {problem:?} begins with {prefix}; give more digits")
        }
        Refusal::VersionForm(text) => format!(
            "{:?}: after `@` come {MIN_PREFIX} to {SHA256_DIGITS} hexadecimal digits of the version's SHA-256",
            first(text, MAX_REFERENCE)
        ),
    }
}

fn with(company: Company, names: Names) -> String {
    match company {
        Company::Work(kind) => format!("work of the kind {kind}"),
        Company::Checker(kind) => format!("a checker of the kind {kind}"),
        Company::NoExpectedOutput => {
            let expected = names(&Field::ExpectedOutput);
            format!("a run without {}", expected.as_deref().unwrap_or("an expected output"))
        }
    }
}

const fn counted(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "bytes",
        Unit::MessageBytes => "bytes as a message",
        Unit::Entries => "entries",
    }
}

/// A name as long as a novel need not be read back.
fn first(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
