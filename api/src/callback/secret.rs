//! Signatures: how a client knows who calls.

use ring::hmac::{Context, HMAC_SHA256, Key};
use secrecy::{ExposeSecret as _, SecretString};

use crate::principal::Owner;

/// What the secret that all others follow from is called in the store.
pub const MASTER: &str = "webhooks";

/// The secret that an owner's calls are signed with. No owner's tells that of another.
pub struct Secret(SecretString);

impl Secret {
    /// Follows from the service's own secret.
    #[must_use]
    pub fn of(master: &[u8; 32], owner: &Owner) -> Self {
        let digits = hex::encode(mac(master, &[owner.as_str().as_bytes()]));
        Self(format!("gavel_whsec_{digits}").into())
    }

    /// As its owner is told.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Signs a body at a time, in seconds since 1970: the HMAC-SHA256 of `time.body`, in hexadecimal digits.
    #[must_use]
    pub fn sign(&self, time: i64, body: &[u8]) -> String {
        hex::encode(mac(self.expose().as_bytes(), &[time.to_string().as_bytes(), b".", body]))
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> impl AsRef<[u8]> {
    let mut mac = Context::with_key(&Key::new(HMAC_SHA256, key));
    parts.iter().for_each(|part| mac.update(part));
    mac.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        // Test case 2.
        assert_eq!(
            hex::encode(mac(b"Jefe", &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn each_owner_has_a_secret_of_its_own_and_time_and_body_matter() {
        let of = |name: &str| Secret::of(&[7; 32], &name.parse().unwrap());
        let (a, b) = (of("a"), of("b"));
        assert_ne!(a.expose(), b.expose());
        let signed = a.sign(1, b"x");
        assert_eq!(signed, of("a").sign(1, b"x"));
        assert!(![a.sign(2, b"x"), a.sign(1, b"y"), b.sign(1, b"x")].contains(&signed));
    }
}
