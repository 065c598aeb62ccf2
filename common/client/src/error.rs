//! Why a call came to nothing.

use serde::{Deserialize, Serialize};
use url::Url;

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is none.
    #[error("{address:?} is no address such as http://127.0.0.1:3000")]
    Address {
        /// What was given.
        address: String,
        /// Why not.
        source: url::ParseError,
    },
    /// The connection could not be made, or ended before the answer.
    #[error("no Gavel at {url}: is `gavel up` running, and is this its address?")]
    Unreachable {
        /// Where it should.
        url: Url,
        /// Why not.
        source: reqwest::Error,
    },
    /// The service refused.
    #[error("{message}{}", of_field(.field.as_deref()))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The error's code, such as `not_found`; empty where whoever answered has none.
        code: String,
        /// What is wrong, for people.
        message: String,
        /// The field of the request that is wrong, if one is.
        field: Option<String>,
        /// Everything that is wrong or odd about a problem package.
        problems: Vec<PackageNote>,
    },
    /// Something answered that is not this version's service.
    #[error("the answer of {url} is not one of Gavel's")]
    Unexpected {
        /// Who answered.
        url: Url,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Something that is wrong or odd about a package.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PackageNote {
    /// The file, relative to the package.
    pub file: String,
    /// Where in it, from 1.
    pub line: Option<u64>,
    /// `error` or `warning`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
}

fn of_field(field: Option<&str>) -> String {
    field.map(|field| format!(" ({field})")).unwrap_or_default()
}

/// The envelope of every error.
#[derive(Deserialize)]
struct Envelope {
    error: Body,
}

#[derive(Deserialize)]
struct Body {
    code: String,
    message: String,
    field: Option<String>,
    #[serde(default)]
    problems: Vec<PackageNote>,
}

impl ClientError {
    /// What an answer says that is no success.
    pub(crate) fn refused(status: u16, text: &str) -> Self {
        match serde_json::from_str::<Envelope>(text) {
            Ok(Envelope { error: Body { code, message, field, problems } }) => {
                Self::Refused { status, code, message, field, problems }
            }
            // A proxy, most likely.
            Err(_) => Self::Refused {
                status,
                code: String::new(),
                message: format!("the service answered with status {status}"),
                field: None,
                problems: Vec::new(),
            },
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => matches!(*status, 429 | 502..=504),
            Self::Address { .. } | Self::Unexpected { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_read_and_its_field_is_named() {
        let text = r#"{"error":{"code":"bad_request","message":"`x` is no language","field":"language"}}"#;
        let error = ClientError::refused(400, text);
        assert_eq!(error.to_string(), "`x` is no language (language)");
        assert!(!error.is_temporary());
    }

    #[test]
    fn what_a_proxy_says_is_told_by_its_status() {
        let error = ClientError::refused(502, "<html>");
        assert_eq!(error.to_string(), "the service answered with status 502");
        assert!(error.is_temporary());
    }
}
