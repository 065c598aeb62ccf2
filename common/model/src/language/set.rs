//! The named sets of languages.

use serde::{Deserialize, Serialize};

/// The smallest named set that a language is in; each holds those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageSet {
    /// What every installation has unless it says otherwise.
    #[default]
    Core,
    /// Those that people ask for.
    Extended,
    /// Everything there is.
    All,
}

impl LanguageSet {
    /// The set of this name, if it is one.
    pub(super) fn named(word: &str) -> Option<Self> {
        match word {
            "core" => Some(Self::Core),
            "extended" => Some(Self::Extended),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}
