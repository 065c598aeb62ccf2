//! The keys of the settings.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

use crate::principal::{Owner, Principal, Scopes};

/// The fewest characters of a key: what nobody guesses over a network.
const SHORTEST: usize = 16;

/// The most; more would only make requests larger.
const LONGEST: usize = 256;

/// Whether a key is long enough and can be sent in a header as it is.
#[must_use]
pub fn is_acceptable(key: &SecretString) -> bool {
    let key = key.expose_secret();
    (SHORTEST..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The keys clients may use, as hashes of equal length.
#[derive(Clone)]
pub struct Keys(Arc<[[u8; 32]]>);

impl Keys {
    /// Takes the keys of the settings.
    #[must_use]
    pub fn new(keys: &[SecretString]) -> Self {
        Self(keys.iter().map(|key| hash(key.expose_secret())).collect())
    }

    /// Whether no key is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whose key this is; takes the same time whichever it is and however much of it is right.
    #[must_use]
    pub fn principal(&self, sha256: &[u8; 32]) -> Option<Principal> {
        // One more than its place in the list; 0 while it is none of them.
        let mut found = 0_u64;
        for (place, known) in (1_u64..).zip(self.0.iter()) {
            found.conditional_assign(&place, known.ct_eq(sha256));
        }
        (found > 0).then(|| Principal { owner: Owner::of_key(sha256), scopes: Scopes::ALL })
    }
}

/// What is known of a key.
#[must_use]
pub fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test]
    fn a_key_holds_only_as_a_whole_and_names_its_owner() {
        let keys = Keys::new(&["the-first-key-of-two".into(), "the-second-key-of-two".into()]);
        let owner = |key| keys.principal(&hash(key)).map(|principal| principal.owner.to_string());
        // printf %s the-first-key-of-two | sha256sum
        assert_eq!(owner("the-first-key-of-two").unwrap(), "key:0c362368");
        assert_eq!(owner("the-second-key-of-two").unwrap(), "key:8e3586fe");
        for wrong in ["", "the-first-key-of-tw", "the-first-key-of-two ", "THE-FIRST-KEY-OF-TWO"] {
            assert_eq!(owner(wrong), None, "{wrong:?}");
        }
    }

    #[test_case("0123456789abcdef", true; "sixteen are enough")]
    #[test_case("0123456789abcde", false; "fifteen are not")]
    #[test_case("0123456789 abcdef", false; "with a space")]
    #[test_case("0123456789abcdéf", false; "not ascii")]
    #[test_case(&"k".repeat(257), false; "too long")]
    fn a_key_is_long_enough_and_fits_a_header(key: &str, acceptable: bool) {
        assert_eq!(is_acceptable(&key.into()), acceptable);
    }
}
