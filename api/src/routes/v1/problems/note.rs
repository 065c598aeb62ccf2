//! The notes of an answer about a package.

use gavel_problem::{Diagnostic, Severity};

use crate::error::{ApiError, ErrorCode, PackageNote};

/// The most notes of an answer.
const MAX_NOTES: usize = 1_000;

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
