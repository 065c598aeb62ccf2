//! What other systems call a language: their clients send those names.

use serde::{Deserialize, Serialize};

/// The section `[ids]` of a `language.toml`: what other systems call the language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ids {
    /// The numbers that Judge0's clients send for it, older and newer versions of the language among them.
    pub judge0: Vec<u32>,
    /// Its name in Piston, and behind it Piston's aliases.
    pub piston: Vec<String>,
    /// Its name in Jobe.
    pub jobe: Option<String>,
    /// What Jobe tells the compiler when a run says nothing; words of `compile.allowed_options`.
    pub jobe_options: Vec<String>,
}

impl Ids {
    /// Whether no other system has a name for it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// Every name of a system of its own, in which no two languages may share one.
    ///
    /// Piston tells languages of one name apart by their release.
    pub(super) fn claims(&self, release: &str) -> impl Iterator<Item = String> {
        let judge0 = self.judge0.iter().map(|id| format!("judge0 {id}"));
        let piston = self.piston.iter().map(move |name| format!("piston {name}-{release}"));
        judge0.chain(piston).chain(self.jobe.iter().map(|name| format!("jobe {name}")))
    }
}

/// Whether a text is two or three numbers with dots between them.
pub(super) fn is_release(text: &str) -> bool {
    let numbers = text.split('.').map(|part| part.parse::<u32>().is_ok() && !part.starts_with('+'));
    (2..=3).contains(&text.split('.').count()) && numbers.into_iter().all(|is_number| is_number)
}
