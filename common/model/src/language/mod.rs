//! Languages, as data: one folder under `images/` each, described by its `language.toml`.

mod choice;
mod config;
mod file;
mod ids;
mod last_words;
mod placeholder;
mod registry;
mod set;
mod spec;

pub use config::LanguagesConfig;
pub use ids::Ids;
pub use last_words::{LastWords, Pattern};
pub use registry::{LanguageError, LanguageLabel, Languages};
pub use set::LanguageSet;
pub use spec::{CompileSpec, CompileWhen, CompileWhere, LanguageSpec, RunSpec, Values};
