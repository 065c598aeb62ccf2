//! Who asks, and what they may do.

use std::fmt;

/// Whose a request is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner(String);

impl Owner {
    /// Everybody, where no key is asked for.
    #[must_use]
    pub fn anonymous() -> Self {
        Self("anonymous".to_owned())
    }

    /// The holder of the key with this SHA-256: `key:` and its first 8 hexadecimal digits. It names the key in logs
    /// without helping anybody to guess it.
    #[must_use]
    pub(super) fn of_key(sha256: &[u8; 32]) -> Self {
        let [a, b, c, d, ..] = *sha256;
        Self(format!("key:{:08x}", u32::from_be_bytes([a, b, c, d])))
    }

    /// As it is stored and logged.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that a principal may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Ask for submissions and their results, problems, languages and workers.
    Read,
    /// Have programs judged.
    Submit,
    /// Upload and delete problems.
    Problems,
}

impl Scope {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What a principal may do: a set of [`Scope`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// All of them; what every key has today.
    pub const ALL: Self = Self::of(&[Scope::Read, Scope::Submit, Scope::Problems]);

    /// These.
    #[must_use]
    pub const fn of(scopes: &[Scope]) -> Self {
        let (mut bits, mut k) = (0, 0);
        while k < scopes.len() {
            bits |= scopes[k].bit();
            k += 1;
        }
        Self(bits)
    }

    /// Whether one is among them.
    #[must_use]
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }
}

/// Who asks; an extension of every request that came past [`authenticate`](super::authenticate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Whose the request is.
    pub owner: Owner,
    /// What they may do.
    pub scopes: Scopes,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_made_of() {
        let some = Scopes::of(&[Scope::Read, Scope::Problems]);
        assert!(
            some.contains(Scope::Read) && some.contains(Scope::Problems) && !some.contains(Scope::Submit)
        );
        for scope in [Scope::Read, Scope::Submit, Scope::Problems] {
            assert!(Scopes::ALL.contains(scope) && !Scopes::default().contains(scope), "{scope:?}");
        }
    }
}
