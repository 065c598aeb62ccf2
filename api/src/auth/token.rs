//! New keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::SecretString;

use super::keys::hash;
use crate::principal::{Owner, Scopes};
use crate::store::ApiKey;

/// What every key begins with, so that people and scanners of leaked secrets know it.
const BEGIN: &str = "gavel_";

/// How many digits of its hash name a key.
const ID_DIGITS: usize = 12;

/// A key that was just made.
pub struct IssuedKey {
    /// The key: told once, to its holder, and kept nowhere.
    pub secret: SecretString,
    /// What the store keeps of it.
    pub stored: ApiKey,
}

/// Makes a key of 256 random bits.
#[must_use]
pub fn issue(owner: Owner, scopes: Scopes, now: Timestamp) -> IssuedKey {
    let secret = format!("{BEGIN}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    let sha256 = hash(&secret);
    let id = sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let stored = ApiKey {
        id: id.chars().take(ID_DIGITS).collect(),
        sha256,
        owner,
        scopes,
        created_at: now,
        used_at: None,
        revoked_at: None,
    };
    IssuedKey { secret: secret.into(), stored }
}

#[cfg(test)]
mod tests {
    use super::super::keys::is_acceptable;
    use super::*;

    #[test]
    fn each_key_is_another_and_its_hash_is_kept() {
        let make = || issue("someone".parse().unwrap(), Scopes::ALL, Timestamp::UNIX_EPOCH);
        let (one, other) = (make(), make());
        assert_ne!(one.stored.sha256, other.stored.sha256);
        assert!(is_acceptable(&one.secret));
        assert_eq!(one.stored.id.len(), ID_DIGITS);
    }
}
