//! What is wrong with a package: every mistake at once, each with its place.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest message, in characters: some quote what a file holds.
const MAX_MESSAGE: usize = 300;

/// One mistake in a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The file or folder, relative to the package.
    pub file: String,
    /// The line, counted from 1, where the mistake has one.
    pub line: Option<u32>,
    /// Whether the package can be judged all the same.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
}

/// Whether a package can be judged in spite of a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can.
    Warning,
}

impl Severity {
    /// The word for logs and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}: {}", self.severity.as_str(), self.message)
    }
}

/// A package that cannot be judged, with all its mistakes and warnings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the package has {} mistakes, the first: {}", .0.iter().filter(|d| d.severity == Severity::Error).count(), FirstError(.0))]
pub struct InvalidPackage(pub Vec<Diagnostic>);

struct FirstError<'a>(&'a [Diagnostic]);

impl fmt::Display for FirstError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
            Some(first) => first.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// Collects mistakes while a package is read.
#[derive(Debug, Default)]
pub(super) struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub fn error(&mut self, file: impl Into<String>, line: Option<u32>, message: impl Into<String>) {
        self.add(file.into(), line, Severity::Error, message.into());
    }

    pub fn warning(&mut self, file: impl Into<String>, line: Option<u32>, message: impl Into<String>) {
        self.add(file.into(), line, Severity::Warning, message.into());
    }

    /// Takes over what was found about programs that judge nothing: one that cannot be run keeps no package out.
    pub fn not_run(&mut self, found: Self) {
        for Diagnostic { file, line, severity, message } in found.diagnostics {
            match severity {
                Severity::Error => self.warning(file, line, format!("not run: {message}")),
                Severity::Warning => self.warning(file, line, message),
            }
        }
    }

    /// A warning about something that many files of a package may share: the first of them is named.
    pub fn warning_once(&mut self, file: &str, line: Option<u32>, message: &str) {
        let known = |diagnostic: &Diagnostic| diagnostic.message == message;
        if !self.diagnostics.iter().any(known) {
            self.warning(file, line, message);
        }
    }

    /// The same mistake seen from two places is told once.
    fn add(&mut self, file: String, line: Option<u32>, severity: Severity, mut message: String) {
        if let Some((cut, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(cut);
            message.push_str("...");
        }
        let diagnostic = Diagnostic { file, line, severity, message };
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// How many mistakes and oddities there are so far.
    pub fn len(&self) -> usize {
        self.diagnostics.len()
    }

    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// All mistakes by file and line.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort();
        self.diagnostics
    }
}
