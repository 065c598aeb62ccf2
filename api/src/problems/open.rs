//! From a zip to what is to be known of it. All of it blocks.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::settings::ApiConfig;
use gavel_model::language::Languages;
use gavel_model::{LimitsPolicy, milliseconds};
use gavel_problem::archive::{ArchiveLimits, unpack};
use gavel_problem::grade::{Child, Group, GroupRules};
use gavel_problem::{Diagnostic, LoadOptions, Loaded, Manifest, Package};

use super::calibrate::{AcceptedProgram, first_accepted};
use super::mistake::{mistake, of_archive};
use crate::store::{ProblemDetail, ProblemGroup};

/// What packages are measured by.
#[derive(Clone)]
pub struct PackageRules {
    pub limits: LimitsPolicy,
    pub languages: Languages,
    pub max_source_bytes: u64,
}

impl PackageRules {
    pub fn new(config: &ApiConfig, limits: LimitsPolicy, languages: Languages) -> Self {
        Self { limits, languages, max_source_bytes: config.max_source_kb.saturating_mul(1024) }
    }
}

/// A package that can be judged by.
#[derive(Debug)]
pub struct Opened {
    pub detail: ProblemDetail,
    /// The time limit, in milliseconds, if one is stated.
    pub time_limit_ms: Option<u64>,
    /// What to derive a time limit with, where none is stated.
    pub calibration: Option<AcceptedProgram>,
}

/// A package that is not taken.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It has mistakes.
    #[error("the package has mistakes")]
    Invalid(Vec<Diagnostic>),
    /// It cannot be unpacked or read here.
    #[error("unpacking a package")]
    Io(#[from] io::Error),
}

/// Unpacks a zip below `incoming`, reads it and removes it again.
pub fn open(zip: &Path, incoming: &Path, id: &str, rules: &PackageRules) -> Result<Opened, OpenError> {
    let folder = tempfile::Builder::new().prefix("unpacked-").tempdir_in(incoming)?;
    let unpacked = unpack(File::open(zip)?, folder.path(), &ArchiveLimits::default());
    let unpacked = unpacked.map_err(|error| match of_archive(&error) {
        Some(diagnostic) => OpenError::Invalid(vec![diagnostic]),
        None => OpenError::Io(io::Error::other(error)),
    })?;
    let short_name = unpacked.top_folder.unwrap_or_else(|| id.to_owned());
    let options = LoadOptions::new(rules.languages.extensions(), Some(short_name));
    let loaded = Package::load(folder.path(), &options);
    let Loaded { package, mut warnings } = loaded.map_err(|invalid| OpenError::Invalid(invalid.0))?;
    let excesses = rules.limits.excesses(&package.limits);
    let mut mistakes: Vec<_> =
        excesses.iter().map(|over| mistake(package.format.file(), over.to_string())).collect();
    let time_limit_ms = package.limits.time_limit.map(milliseconds);
    let mut calibration = None;
    if time_limit_ms.is_none() {
        calibration = first_accepted(&package, &rules.languages, rules.max_source_bytes)?;
        if calibration.is_none() {
            let message = format!(
                "the package states no time limit, and has no accepted program to derive one from \
                 in a language there is ({})",
                rules.languages.ids()
            );
            mistakes.push(mistake("submissions/accepted", message));
        }
    }
    if !mistakes.is_empty() {
        mistakes.append(&mut warnings);
        return Err(OpenError::Invalid(mistakes));
    }
    folder.close()?;
    Ok(Opened { detail: detail(&package, warnings), time_limit_ms, calibration })
}

fn detail(manifest: &Manifest, warnings: Vec<Diagnostic>) -> ProblemDetail {
    let mut groups = Vec::new();
    collect(&manifest.grading.root, manifest.kind.scoring, &mut groups);
    ProblemDetail {
        name: manifest.name.clone(),
        format: manifest.format,
        kind: manifest.kind,
        tests: manifest.tests.len(),
        groups,
        limits: manifest.limits.clone(),
        file_io: manifest.file_io.clone(),
        languages: manifest.languages.clone(),
        warnings,
    }
}

fn collect(group: &Group, scoring: bool, groups: &mut Vec<ProblemGroup>) {
    for child in &group.children {
        let Child::Group(inner) = child else { continue };
        let max_score = match &inner.rules {
            GroupRules::Legacy(rules) => rules.range.max,
            GroupRules::Modern(rules) => rules.max_score,
            GroupRules::Points(_) => Some(inner.max_points()),
        };
        groups.push(ProblemGroup { name: inner.name.clone(), max_score: max_score.filter(|_| scoring) });
        collect(inner, scoring, groups);
    }
}
