//! What problems are called.

/// The longest id, in characters.
pub const MAX_PROBLEM_ID: usize = 64;

/// The fewest digits of a hash that name a version.
pub const MIN_PREFIX: usize = 12;

/// The digits of a whole hash.
pub const SHA256_DIGITS: usize = 64;

/// Whether a problem can be called that: `[a-z0-9][a-z0-9_-]{0,63}`.
#[must_use]
pub fn is_problem_id(id: &str) -> bool {
    let first = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    id.len() <= MAX_PROBLEM_ID
        && id.bytes().next().is_some_and(first)
        && id.bytes().all(|b| first(b) || matches!(b, b'-' | b'_'))
}

/// `id`, or `id@sha256` for one version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The problem.
    pub id: String,
    /// The first digits of the version's hash, empty for the latest.
    pub sha256_prefix: String,
}

/// What names no version of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// No problem can be called that.
    #[error("no problem can be called that")]
    Id,
    /// What follows `@` is no beginning of a hash.
    #[error("after `@` come {MIN_PREFIX} to {SHA256_DIGITS} hexadecimal digits")]
    Version,
}

impl Reference {
    /// Reads what a request names.
    ///
    /// # Errors
    /// When no problem can be called that, or what follows `@` is no beginning of a hash.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let (id, version) = text.split_once('@').map_or((text, None), |(id, version)| (id, Some(version)));
        if !is_problem_id(id) {
            return Err(ReferenceError::Id);
        }
        let prefix = version.unwrap_or_default().to_ascii_lowercase();
        let fits = (MIN_PREFIX..=SHA256_DIGITS).contains(&prefix.len())
            && prefix.bytes().all(|b| b.is_ascii_hexdigit());
        if version.is_some() && !fits {
            return Err(ReferenceError::Version);
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
        is_problem_id(id)
    }

    #[test]
    fn an_id_has_64_characters_at_most() {
        assert!(is_problem_id(&"x".repeat(64)) && !is_problem_id(&"x".repeat(65)));
    }

    #[test_case("sum", Ok("sum @"); "latest")]
    #[test_case("sum@0123456789AB", Ok("sum @0123456789ab"); "a prefix in capitals")]
    #[test_case("sum@0123456789a", Err(ReferenceError::Version); "too short")]
    #[test_case("sum@", Err(ReferenceError::Version); "nothing")]
    #[test_case("sum@0123456789ag", Err(ReferenceError::Version); "not hex")]
    #[test_case("sum@0123456789ab@0123456789ab", Err(ReferenceError::Version); "twice")]
    #[test_case("Sum", Err(ReferenceError::Id); "no id")]
    fn a_version_follows_an_at_sign(text: &str, expected: Result<&str, ReferenceError>) {
        let told = Reference::parse(text).map(|read| format!("{} @{}", read.id, read.sha256_prefix));
        assert_eq!(told.as_deref().map_err(|error| *error), expected);
    }
}
