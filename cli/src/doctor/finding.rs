//! What was looked at, and how it is.

use serde::Serialize;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it is.
    pub state: State,
    /// What it is.
    pub name: String,
    /// What was found.
    pub found: String,
    /// What to do; nothing where it is as it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and could be better.
    Warn,
    /// It does not.
    Fail,
}

impl State {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

impl Finding {
    /// It is as it should be.
    pub fn ok(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self { state: State::Ok, name: name.into(), found: found.into(), remedy: None }
    }

    /// It works, and could be better.
    pub fn warn(name: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Warn, remedy: Some(remedy.into()), ..Self::ok(name, found) }
    }

    /// It does not work.
    pub fn fail(name: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Fail, ..Self::warn(name, found, remedy) }
    }

    /// As it should be if `good`, else as `otherwise` says of what was found.
    pub fn when(
        good: bool,
        name: &str,
        found: impl Into<String>,
        otherwise: fn(String, String, String) -> Self,
        remedy: &str,
    ) -> Self {
        if good { Self::ok(name, found) } else { otherwise(name.to_owned(), found.into(), remedy.to_owned()) }
    }
}
