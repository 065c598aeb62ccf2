//! Languages, as data: one folder under `images/` each, described by its `language.toml`.

mod file;
mod registry;
mod spec;

pub use registry::{LanguageError, Languages};
pub use spec::{CompileSpec, CompileWhere, LanguageSpec, RunSpec, Values};
