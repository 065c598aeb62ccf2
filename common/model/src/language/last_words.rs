//! What a runtime says when it ends because an allocation was refused.

use regex::Regex;
use serde::{Deserialize, Serialize};

/// How a runtime ends when it cannot have the memory it asked for: with which status, and with which last words.
///
/// Programs print such words too - in a log, in the text of another error, with an input that holds them - and go on or
/// fail for another reason. So the exit status must be the runtime's own and the pattern describes the end of standard
/// error, as the runtime alone writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct LastWords {
    /// The exit code it ends with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The signal it ends with; one of the two is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// Matches standard error, from which white space at the end was removed: `$` is its end.
    pub stderr: Pattern,
    /// Unless this matches, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless: Option<Pattern>,
}

impl LastWords {
    /// Whether a process ended so: its exit code or signal, and the end of its standard error.
    #[must_use]
    pub fn fit(&self, exit_code: Option<i32>, signal: Option<i32>, stderr: &str) -> bool {
        let stderr = stderr.trim_end();
        let matches = |pattern: &Pattern| pattern.0.is_match(stderr);
        (self.exit_code, self.signal) == (exit_code, signal)
            && matches(&self.stderr)
            && !self.unless.as_ref().is_some_and(matches)
    }
}

/// A regular expression.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(pattern: String) -> Result<Self, regex::Error> {
        Regex::new(&pattern).map(Self)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0.as_str().to_owned()
    }
}

/// As it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    exit_code: Option<i32>,
    signal: Option<i32>,
    stderr: Pattern,
    unless: Option<Pattern>,
}

impl TryFrom<Written> for LastWords {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let Written { exit_code, signal, stderr, unless } = written;
        if exit_code.is_some() == signal.is_some() {
            return Err("out_of_memory needs exit_code or signal, and not both");
        }
        if exit_code == Some(0) {
            return Err("out_of_memory: exit code 0 is no failure");
        }
        Ok(Self { exit_code, signal, stderr, unless })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn parse(text: &str) -> Result<LastWords, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn status_and_the_end_of_standard_error_must_fit() {
        let words = parse("exit_code = 1\nstderr = '(?:^|\\n)no memory$'\nunless = 'tired'").unwrap();
        assert!(words.fit(Some(1), None, "a log\nno memory\n"));
        assert!(!words.fit(Some(2), None, "no memory"));
        assert!(!words.fit(None, Some(6), "no memory"));
        assert!(!words.fit(Some(1), None, "no memory\nand more"));
        assert!(!words.fit(Some(1), None, "tired\nno memory"));
    }

    #[test_case("stderr = 'x'"; "no status")]
    #[test_case("exit_code = 1\nsignal = 6\nstderr = 'x'"; "two of them")]
    #[test_case("exit_code = 0\nstderr = 'x'"; "success")]
    #[test_case("exit_code = 1\nstderr = '('"; "no regular expression")]
    #[test_case("exit_code = 1"; "no text")]
    #[test_case("exit_code = 1\nstderr = 'x'\nstdout = 'x'"; "unknown key")]
    fn what_says_nothing_clear_is_refused(text: &str) {
        assert!(parse(text).is_err());
    }
}
