//! How an output is held against an answer that travels with the submission.

use gavel_problem::checker::CheckerOptions;
use serde::{Deserialize, Serialize, Serializer};

/// What counts as the right output.
///
/// Token by token is written as the bare options, which is how it was before there was another one; without `kind` it
/// is what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub enum Checker {
    /// Token by token, as these options say.
    Tokens(CheckerOptions),
    /// Byte by byte.
    Exact,
    /// Line by line, without white space at the end of a line and of the whole.
    Lines,
    /// Not at all: every output is right.
    Nothing,
}

/// Whether numbers can be compared within this: 0 or more.
#[must_use]
pub fn is_tolerance(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

impl Default for Checker {
    fn default() -> Self {
        Self::Tokens(CheckerOptions::default())
    }
}

/// A kind that is not known is an error: to judge by another rule would be a wrong verdict.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Tokens,
    Exact,
    Lines,
    Nothing,
}

#[derive(Deserialize)]
struct Written {
    kind: Option<Kind>,
    #[serde(flatten)]
    options: CheckerOptions,
}

impl From<Written> for Checker {
    fn from(written: Written) -> Self {
        match written.kind {
            None | Some(Kind::Tokens) => Self::Tokens(written.options),
            Some(Kind::Exact) => Self::Exact,
            Some(Kind::Lines) => Self::Lines,
            Some(Kind::Nothing) => Self::Nothing,
        }
    }
}

impl Serialize for Checker {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Bare {
            kind: &'static str,
        }
        match self {
            Self::Tokens(options) => options.serialize(serializer),
            Self::Exact => Bare { kind: "exact" }.serialize(serializer),
            Self::Lines => Bare { kind: "lines" }.serialize(serializer),
            Self::Nothing => Bare { kind: "nothing" }.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Checker {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn bare_options_are_tokens_as_they_were_before_there_was_a_kind() {
        let options = CheckerOptions { case_sensitive: true, ..CheckerOptions::default() };
        assert_eq!(
            read(r#"{"case_sensitive":true,"space_change_sensitive":false}"#),
            Checker::Tokens(options)
        );
        assert_eq!(read(r#"{"kind":"tokens","case_sensitive":true}"#), Checker::Tokens(options));
        assert_eq!(read(r#"{"kind":null}"#), Checker::default());
        assert_eq!(read("{}"), Checker::default());
        let written = serde_json::to_value(Checker::Tokens(options)).unwrap();
        assert_eq!(written, serde_json::to_value(options).unwrap());
    }

    #[test]
    fn exact_comes_back_and_ignores_what_a_later_version_says_beside_it() {
        let written = serde_json::to_string(&Checker::Exact).unwrap();
        assert_eq!(written, r#"{"kind":"exact"}"#);
        assert_eq!(read(r#"{"kind":"exact","up_to":{"case":1}}"#), Checker::Exact);
        for (checker, text) in
            [(Checker::Lines, r#"{"kind":"lines"}"#), (Checker::Nothing, r#"{"kind":"nothing"}"#)]
        {
            assert_eq!((serde_json::to_string(&checker).unwrap().as_str(), read(text)), (text, checker));
        }
    }

    #[test]
    fn a_kind_that_is_not_known_is_not_taken_for_another() {
        assert!(serde_json::from_str::<Checker>(r#"{"kind":"fuzzy"}"#).is_err());
        assert!(serde_json::from_str::<Checker>(r#"{"float_tolerance":-1}"#).is_err());
    }
}
