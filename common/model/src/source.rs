//! Source files and the names they may have.

use serde::{Deserialize, Serialize};

use crate::payload::Payload;

/// One file of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Where it goes below `/app/work`.
    pub name: FileName,
    /// What is in it.
    pub content: Payload,
}

/// A relative path that stays below the folder it is given for.
///
/// Components are separated by `/`; letters, digits, `_`, `.`, `-`, `+` and spaces are allowed, and no component is
/// empty, `.` or `..` or begins with `-` (a compiler would take it for a flag).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

/// The longest file name accepted, in bytes.
pub const MAX_FILE_NAME: usize = 255;

/// The most parts of a file name; the runner follows no deeper path.
pub const MAX_PARTS: usize = 10;

/// A file name that was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// Nothing there.
    #[error("a file name must not be empty")]
    Empty,
    /// Over [`MAX_FILE_NAME`].
    #[error("a file name has at most {MAX_FILE_NAME} bytes, this one has {0}")]
    TooLong(usize),
    /// It would leave the folder, or be ambiguous.
    #[error("{0:?} must be a relative path without empty, `.` or `..` parts")]
    Leaves(String),
    /// Over [`MAX_PARTS`].
    #[error("a file name has at most {MAX_PARTS} parts, this one has {0}")]
    TooDeep(usize),
    /// A character that some tool would read in its own way.
    #[error("{name:?} holds {bad:?}; allowed are letters, digits and any of `_ . - + /` and the space")]
    Character {
        /// The name.
        name: String,
        /// The first offender.
        bad: char,
    },
    /// It would look like an option.
    #[error("no part of {0:?} may begin with `-`")]
    Dash(String),
}

impl FileName {
    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the last dot of the last component, if anything does.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        let last = self.0.rsplit('/').next().unwrap_or_default();
        last.rsplit_once('.').map(|(_, extension)| extension)
    }
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name.is_empty() {
            return Err(FileNameError::Empty);
        }
        if name.len() > MAX_FILE_NAME {
            return Err(FileNameError::TooLong(name.len()));
        }
        let parts = name.split('/').count();
        if parts > MAX_PARTS {
            return Err(FileNameError::TooDeep(parts));
        }
        if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(FileNameError::Leaves(name));
        }
        let bad = name.chars().find(|c| !(c.is_alphanumeric() || "_.-+/ ".contains(*c)));
        if let Some(bad) = bad {
            return Err(FileNameError::Character { name, bad });
        }
        if name.split('/').any(|part| part.starts_with('-')) {
            return Err(FileNameError::Dash(name));
        }
        Ok(Self(name))
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("main.cpp")]
    #[test_case("src/deep/a-b_c.d.h")]
    #[test_case("naïve.py")]
    #[test_case(".hidden")]
    fn good_names_pass(name: &str) {
        assert_eq!(FileName::try_from(name.to_owned()).unwrap().as_str(), name);
    }

    #[test_case(""; "empty")]
    #[test_case("../x"; "parent")]
    #[test_case("a/../../x"; "parent inside")]
    #[test_case("/etc/x"; "absolute")]
    #[test_case("a//b"; "empty part")]
    #[test_case("./a"; "dot")]
    #[test_case("a\nb"; "newline")]
    #[test_case("a\0b"; "nul")]
    #[test_case("a\\b"; "backslash")]
    #[test_case("-rf"; "option")]
    #[test_case("a/-o"; "option inside")]
    #[test_case("@args"; "argument file")]
    #[test_case("a/b/c/d/e/f/g/h/i/j/k"; "deep")]
    fn bad_names_are_refused(name: &str) {
        assert!(FileName::try_from(name.to_owned()).is_err());
    }

    #[test]
    fn five_thousand_characters_are_too_many() {
        assert_eq!(FileName::try_from("a".repeat(5000)), Err(FileNameError::TooLong(5000)));
    }
}
