//! Settings: compiled-in defaults, then `gavel.toml`, then `GAVEL__SECTION__KEY` in the environment, or for secrets in a
//! file that `GAVEL__SECTION__KEY_FILE` names.
//!
//! Unknown keys are errors, and every mistake is reported at once.

mod load;
mod mistake;
mod print;
mod secret;

pub use load::{load, load_from};
pub use mistake::{Mistake, Require, SettingsError};
pub use print::{default_toml, redact, redact_all, redacted_toml};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// All settings of a process: sections, each of which belongs to a part.
pub trait Settings: Default + Serialize + DeserializeOwned {
    /// Keys whose value in the environment is a list, separated by commas.
    const LISTS: &'static [&'static str];

    /// Keys whose value is secret: the environment may name a file that holds it, in a variable that ends with `_FILE`.
    const SECRETS: &'static [&'static str];

    /// Tells everything that is of the right type and still cannot work.
    fn check(&self, require: &mut Require<'_>);
}
