//! Files in place of standard input and output, as `input.txt` and `output.txt` of many contests.

use serde::{Deserialize, Serialize};

/// Which files of its working directory a program reads and writes in place of standard input and output, and where standard error
/// goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIo {
    /// Where it finds the input; standard input is then empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_file: Option<IoFile>,
    /// Where it leaves the output; what it writes to standard output is then not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_file: Option<IoFile>,
    /// Whether what it writes to standard error goes to standard output, in between; there is no standard error then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stderr_to_stdout: bool,
}

impl FileIo {
    /// Whether there is any such file.
    #[must_use]
    pub const fn is_used(&self) -> bool {
        self.input_file.is_some() || self.output_file.is_some()
    }

    /// The name that is given to both: then neither could be told from the other.
    #[must_use]
    pub fn shared(&self) -> Option<&IoFile> {
        self.input_file.as_ref().filter(|input| Some(*input) == self.output_file.as_ref())
    }

    /// Those that the program brings itself, the input first: `is_own` tells whether a name is one of its files.
    pub fn brought(&self, is_own: impl Fn(&str) -> bool) -> (Option<&IoFile>, Option<&IoFile>) {
        let brought = |name: &&IoFile| is_own(name.as_str());
        (self.input_file.as_ref().filter(brought), self.output_file.as_ref().filter(brought))
    }
}

/// The name of such a file: what the package format allows for names, in no folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IoFile(String);

/// The longest name, in bytes (spec `2025-09`, "General Requirements").
const MAX_NAME: usize = 255;

/// A name that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be such a file: its name has 1 to {MAX_NAME} ASCII letters, digits and any of `_ . -`, and begins \
     with none of `.` and `-`"
)]
pub struct IoFileError(String);

impl IoFile {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IoFile {
    type Error = IoFileError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        let fits = !name.is_empty()
            && name.len() <= MAX_NAME
            && !name.starts_with(['.', '-'])
            && name.bytes().all(allowed);
        if fits { Ok(Self(name)) } else { Err(IoFileError(name.chars().take(MAX_NAME).collect())) }
    }
}

impl From<IoFile> for String {
    fn from(name: IoFile) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("input.txt", true)]
    #[test_case("SUM.IN", true)]
    #[test_case("_a-b.1", true)]
    #[test_case("", false; "empty")]
    #[test_case(".", false; "the folder itself")]
    #[test_case(".hidden", false)]
    #[test_case("-o", false; "an option")]
    #[test_case("a/b", false; "in a folder")]
    #[test_case("../a", false; "outside")]
    #[test_case("a b", false; "a blank")]
    #[test_case("a\0", false; "a NUL")]
    #[test_case("ä", false; "not ASCII")]
    fn a_name_may_be(name: &str, fits: bool) {
        assert_eq!(IoFile::try_from(name.to_owned()).is_ok(), fits);
    }

    #[test]
    fn a_name_has_255_bytes_at_most() {
        assert!(IoFile::try_from("a".repeat(255)).is_ok());
        assert!(IoFile::try_from("a".repeat(256)).is_err());
    }
}
