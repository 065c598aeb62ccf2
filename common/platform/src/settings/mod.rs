//! Settings: compiled-in defaults, then `gavel.toml`, then `GAVEL__SECTION__KEY` in the environment.
//!
//! Unknown keys are errors, and every mistake is reported at once.

mod load;
mod mistake;
mod print;

pub use load::{load, load_from};
pub use mistake::{Mistake, Require, SettingsError};
pub use print::{default_toml, redact, redact_all, redacted_toml};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// All settings of a process: sections, each of which belongs to a part.
pub trait Settings: Default + Serialize + DeserializeOwned {
    /// Keys whose value in the environment is a list, separated by commas.
    const LISTS: &'static [&'static str];

    /// Tells everything that is of the right type and still cannot work.
    fn check(&self, require: &mut Require<'_>);
}
