//! `[languages]`

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::registry::{LanguageError, Languages};

/// `[languages]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LanguagesConfig {
    /// The folder whose sub-folders each hold a `language.toml`.
    pub dir: PathBuf,
    /// Those of them that this installation has: names of sets (`core`, `extended`, `all`) and of languages, with blanks
    /// between. Others are unknown to it, and none of their images is needed.
    pub set: String,
    /// The tag of their images: `gavel/<language>-run:<tag>`, as `images/build.sh` makes them. Two versions of Gavel on
    /// one machine have images of their own under two tags.
    pub tag: String,
}

impl Default for LanguagesConfig {
    fn default() -> Self {
        Self { dir: "images".into(), set: "core".to_owned(), tag: "latest".to_owned() }
    }
}

impl LanguagesConfig {
    /// The languages of this installation.
    ///
    /// # Errors
    /// [`LanguageError`]: a file that does not say what it should, or a choice that names nothing.
    pub fn load(&self) -> Result<Languages, LanguageError> {
        Languages::load(&self.dir)?.chosen(&self.set, &self.dir)
    }

    /// What types cannot say: tells whether a condition holds, the key, and what to say when it does not.
    pub fn check(&self, require: &mut dyn FnMut(bool, &str, &str)) {
        require(
            super::choice::words(&self.set).next().is_some(),
            "languages.set",
            "must name a set or a language",
        );
        require(
            is_tag(&self.tag),
            "languages.tag",
            "must be an image's tag: 1 to 128 letters, digits, `_`, `.` or `-`, and not begin with `.` or `-`",
        );
    }
}

/// Whether it can stand behind the colon of an image's name (Docker's reference grammar).
fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        && !tag.starts_with(['.', '-'])
}
