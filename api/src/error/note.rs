//! What is wrong or odd about a package, as a client is told.

use gavel_problem::{Diagnostic, Severity};
use serde::Serialize;
use utoipa::ToSchema;

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
