//! What is wrong with a package as a whole.

use gavel_problem::archive::ArchiveError;
use gavel_problem::{Diagnostic, Severity};

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
