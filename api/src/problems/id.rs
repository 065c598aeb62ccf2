//! What problems are called.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use crate::error::{ApiError, ErrorCode};

/// The longest id, in characters.
const MAX_ID: usize = 64;

/// The fewest digits of a hash that name a version.
const MIN_PREFIX: usize = 12;

const SHA256_DIGITS: usize = 64;

/// The problem a path names.
///
/// # Errors
/// When no problem can be called that.
pub fn of_path(path: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    path.ok().map(|Path(id)| id).filter(|id| is_id(id)).ok_or_else(|| {
        let message = format!(
            "the id of a problem has 1 to {MAX_ID} lowercase letters, digits, `-` and `_`, \
             and begins with a letter or a digit"
        );
        ApiError::invalid("id", message)
    })
}

/// Whether a problem can be called that: `[a-z0-9][a-z0-9_-]{0,63}`.
fn is_id(id: &str) -> bool {
    let first = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    id.len() <= MAX_ID
        && id.bytes().next().is_some_and(first)
        && id.bytes().all(|b| first(b) || matches!(b, b'-' | b'_'))
}

/// There is no problem of that name.
#[must_use]
pub fn unknown(id: &str) -> ApiError {
    ApiError::new(ErrorCode::UnknownProblem, format!("there is no problem {:?}", shown(id)))
}

/// A name as long as a novel need not be read back.
fn shown(name: &str) -> String {
    name.chars().take(150).collect()
}

/// `id`, or `id@sha256` for one version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The problem.
    pub id: String,
    /// The first digits of the version's hash, empty for the latest.
    pub sha256_prefix: String,
}

impl Reference {
    /// Reads what `work.problem` says.
    ///
    /// # Errors
    /// When no problem can be called that, or what follows `@` is no beginning of a hash.
    pub fn parse(text: &str, field: &str) -> Result<Self, ApiError> {
        let (id, version) = text.split_once('@').map_or((text, None), |(id, version)| (id, Some(version)));
        if !is_id(id) {
            return Err(ApiError { field: Some(field.to_owned()), ..unknown(id) });
        }
        let prefix = version.unwrap_or_default().to_ascii_lowercase();
        let fits = (MIN_PREFIX..=SHA256_DIGITS).contains(&prefix.len())
            && prefix.bytes().all(|b| b.is_ascii_hexdigit());
        if version.is_some() && !fits {
            let message = format!(
                "{:?}: after `@` come {MIN_PREFIX} to {SHA256_DIGITS} hexadecimal digits of the version's SHA-256",
                shown(text)
            );
            return Err(ApiError::invalid(field, message));
        }
        Ok(Self { id: id.to_owned(), sha256_prefix: prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("a" => true)]
    #[test_case("0-sum_2" => true)]
    #[test_case("" => false; "empty")]
    #[test_case("-a" => false; "dash first")]
    #[test_case("Sum" => false; "capital")]
    #[test_case("a.b" => false; "dot")]
    #[test_case("../a" => false; "path")]
    #[test_case("å" => false; "letter of another alphabet")]
    fn ids_are_lowercase_words(id: &str) -> bool {
        is_id(id)
    }

    #[test]
    fn an_id_has_64_characters_at_most() {
        assert!(is_id(&"x".repeat(64)) && !is_id(&"x".repeat(65)));
    }

    #[test_case("sum", Ok("sum @"); "latest")]
    #[test_case("sum@0123456789AB", Ok("sum @0123456789ab"); "a prefix in capitals")]
    #[test_case("sum@0123456789a", Err(ErrorCode::InvalidField); "too short")]
    #[test_case("sum@", Err(ErrorCode::InvalidField); "nothing")]
    #[test_case("sum@0123456789ag", Err(ErrorCode::InvalidField); "not hex")]
    #[test_case("sum@0123456789ab@0123456789ab", Err(ErrorCode::InvalidField); "twice")]
    #[test_case("Sum", Err(ErrorCode::UnknownProblem); "no id")]
    fn a_version_follows_an_at_sign(text: &str, expected: Result<&str, ErrorCode>) {
        let read = Reference::parse(text, "work.problem");
        let told = read.map(|read| format!("{} @{}", read.id, read.sha256_prefix));
        assert_eq!(told.as_deref().map_err(|error| error.code), expected);
    }
}
