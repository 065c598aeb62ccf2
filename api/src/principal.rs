//! Who asks, and what they may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest name of an owner, in characters.
const LONGEST: usize = 64;

/// Whose a request or a submission is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner(String);

/// A name that no owner can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an owner's name has 1 to 64 lowercase letters, digits and `.`, `_`, `-`, begins with a letter or digit, and is not \
     `anonymous`"
)]
pub struct NoOwner;

impl Owner {
    /// Everybody, where no key is asked for.
    #[must_use]
    pub fn anonymous() -> Self {
        Self("anonymous".to_owned())
    }

    /// The holder of the key of the settings with this SHA-256: `key:` and its first 8 hexadecimal digits. It names the
    /// key in logs without helping anybody to guess it.
    #[must_use]
    pub fn of_key(sha256: &[u8; 32]) -> Self {
        let [a, b, c, d, ..] = *sha256;
        Self(format!("key:{:08x}", u32::from_be_bytes([a, b, c, d])))
    }

    /// One that the store holds.
    #[must_use]
    pub const fn stored(name: String) -> Self {
        Self(name)
    }

    /// As it is stored and logged.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Owner {
    type Err = NoOwner;

    /// A name that is given to somebody; those that Gavel gives itself are none.
    fn from_str(name: &str) -> Result<Self, NoOwner> {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = name.len() <= LONGEST
            && name.starts_with(alphanumeric)
            && name.chars().all(|c| alphanumeric(c) || "._-".contains(c));
        let owner = Self(name.to_owned());
        (fits && owner != Self::anonymous()).then_some(owner).ok_or(NoOwner)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that a key is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Ask for one's own submissions and their results, and for problems, languages and workers.
    Read,
    /// Have programs judged.
    Submit,
    /// Everything: all submissions, problems, keys.
    Admin,
}

impl Scope {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Read, Self::Submit, Self::Admin];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Admin => "admin",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A word that is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is `read`, `submit` or `admin`")]
pub struct NoScope;

impl FromStr for Scope {
    type Err = NoScope;

    fn from_str(word: &str) -> Result<Self, NoScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or(NoScope)
    }
}

/// What a principal may do: a set of [`Scope`]s. [`Scope::Admin`] stands for all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// All of them.
    pub const ALL: Self = Self::of(&Scope::ALL);

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
        self.0 & (scope.bit() | Scope::Admin.bit()) != 0
    }

    /// As they were given.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0 & scope.bit() != 0)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().map(Scope::as_str).collect::<Vec<_>>().join(","))
    }
}

impl FromStr for Scopes {
    type Err = NoScope;

    /// As [`Display`](fmt::Display) writes them; none is no set.
    fn from_str(words: &str) -> Result<Self, NoScope> {
        let scopes = words.split(',').map(str::parse).collect::<Result<Vec<Scope>, _>>()?;
        Ok(Self::of(&scopes))
    }
}

/// Who asks; an extension of every request that came past [`authenticate`](crate::auth::authenticate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Whose the request is.
    pub owner: Owner,
    /// What they may do.
    pub scopes: Scopes,
}

impl Principal {
    /// Whether everything is allowed.
    #[must_use]
    pub const fn is_admin(&self) -> bool {
        self.scopes.contains(Scope::Admin)
    }

    /// Whether what belongs to an owner, or to none, may be seen.
    #[must_use]
    pub fn may_see(&self, owner: Option<&Owner>) -> bool {
        self.is_admin() || owner == Some(&self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test]
    fn a_set_holds_what_it_was_made_of_and_admin_is_everything() {
        let some = Scopes::of(&[Scope::Read]);
        assert!(some.contains(Scope::Read) && !some.contains(Scope::Submit) && !some.contains(Scope::Admin));
        let admin: Scopes = "admin".parse().unwrap();
        for scope in Scope::ALL {
            assert!(admin.contains(scope) && !Scopes::default().contains(scope), "{scope:?}");
        }
        assert_eq!("submit,read".parse::<Scopes>().unwrap().to_string(), "read,submit");
        for wrong in ["", "root", "read,", "READ"] {
            assert!(wrong.parse::<Scopes>().is_err(), "{wrong:?}");
        }
    }

    #[test_case("contest-2026" => true)]
    #[test_case("a" => true)]
    #[test_case("anonymous" => false; "taken by everybody")]
    #[test_case("key:0c362368" => false; "taken by keys of the settings")]
    #[test_case("" => false; "nothing")]
    #[test_case("-a" => false; "looks like an option")]
    #[test_case("A" => false; "upper case")]
    #[test_case(&"a".repeat(65) => false; "too long")]
    fn a_name_fits_everywhere(name: &str) -> bool {
        name.parse::<Owner>().is_ok()
    }
}
