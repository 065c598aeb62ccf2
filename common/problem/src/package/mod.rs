//! Problem packages: of the Kattis format (`legacy`, `legacy-icpc`, `2025-09` and the `2023-07` drafts between), of Polygon
//! (`polygon`) and of DMOJ (`dmoj`).
//!
//! [`archive`] unpacks an uploaded zip, [`Package::load`] reads and validates a folder. What a package says is
//! its [`Manifest`], which can be stored and read back without looking at the package again.

pub mod archive;
mod archive_inner;
mod archive_names;
mod constants;
mod diagnostic;
mod dmoj;
mod domjudge;
mod encoding;
mod expectation;
mod expected_results;
mod fields;
mod files;
mod glob;
mod group_config;
mod input_validators;
mod io_files;
mod language;
mod limits;
mod litter;
mod load;
mod manifest;
mod metadata;
mod polygon;
mod program;
mod scoring;
mod script;
mod strays;
mod submissions;
mod submissions_yaml;
mod testdata;
mod text;
mod validators;
mod yaml;

#[cfg(test)]
mod tests;

pub use constants::substitute_constants;
pub use diagnostic::{Diagnostic, InvalidPackage, Severity};
pub use expectation::{Expectation, ExpectedScore, Observed, ObservedTest, Rule, TimeBound, UseForTimeLimit};
pub use glob::{GlobError, glob_matches};
pub use language::{LanguageError, LanguageExtensions, detect_language};
pub use limits::{Limits, TimeLimitMismatch, check_time_limit, derive_time_limit};
pub use load::{LoadOptions, Loaded};
pub use manifest::{
    FormatVersion, Manifest, Package, ProblemKind, Submission, TestCase, TestFile, Validation,
    ValidatorProgram, ValidatorProtocol,
};
