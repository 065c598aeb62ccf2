//! What is wrong or odd about a package, as a client is told.

use gavel_problem::archive::ArchiveError;
use gavel_problem::{Diagnostic, Severity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorCode};

/// The most notes of an answer.
const MAX_NOTES: usize = 1_000;

/// The longest name of a file that is read back, in characters.
const MAX_NAME: usize = 255;

/// One mistake in a package, or something odd about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackageNote {
    /// The file or folder, relative to the package; `.` is the package.
    #[schema(example = "problem.yaml")]
    pub file: String,
    /// The line, from 1, where it has one.
    pub line: Option<u32>,
    /// Whether the package can be judged by all the same.
    pub severity: NoteSeverity,
    /// What is wrong.
    pub message: String,
}

/// Whether a package can be judged by in spite of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoteSeverity {
    /// It cannot.
    Error,
    /// It can.
    Warning,
}

impl From<Diagnostic> for PackageNote {
    fn from(diagnostic: Diagnostic) -> Self {
        let Diagnostic { file, line, severity, message } = diagnostic;
        let severity = match severity {
            Severity::Error => NoteSeverity::Error,
            Severity::Warning => NoteSeverity::Warning,
        };
        Self { file: file.chars().take(MAX_NAME).collect(), line, severity, message }
    }
}

/// The first notes of a package that has very many.
#[must_use]
pub fn notes(diagnostics: Vec<Diagnostic>) -> Vec<PackageNote> {
    diagnostics.into_iter().take(MAX_NOTES).map(PackageNote::from).collect()
}

/// The answer to a package with mistakes. Errors are listed before warnings, each by file and line.
#[must_use]
pub fn refusal(mut diagnostics: Vec<Diagnostic>) -> ApiError {
    diagnostics.sort_by_key(|diagnostic| diagnostic.severity);
    let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error).count();
    let first = diagnostics.first().map(ToString::to_string).unwrap_or_default();
    let message = match errors {
        1 => format!("the package cannot be used: {first}"),
        _ => format!("the package has {errors} mistakes, the first: {first}"),
    };
    ApiError { problems: notes(diagnostics), ..ApiError::new(ErrorCode::InvalidPackage, message) }
}

/// A mistake of the package as a whole or of a file of it.
#[must_use]
pub fn mistake(file: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic { file: file.to_owned(), line: None, severity: Severity::Error, message: message.into() }
}

/// What is wrong with an archive; `None` when it is this machine's fault.
#[must_use]
pub fn of_archive(error: &ArchiveError) -> Option<Diagnostic> {
    match error {
        ArchiveError::Unreadable(cause) => Some(mistake(".", format!("not a readable zip archive: {cause}"))),
        ArchiveError::BrokenEntry { entry, cause } => {
            Some(mistake(entry, format!("cannot be unpacked: {cause}")))
        }
        ArchiveError::Name { entry, cause } | ArchiveError::Kind { entry, cause } => {
            Some(mistake(entry, format!("refused: {cause}")))
        }
        ArchiveError::TooLarge { entry, what, limit, unit } => {
            Some(mistake(entry, format!("refused: {what} more than {limit} {unit}")))
        }
        ArchiveError::TargetNotEmpty | ArchiveError::Write { .. } => None,
    }
}
