//! What a client is told of a problem.

use gavel_model::SubmissionId;
use gavel_problem::{Limits, ProblemKind};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::note::notes;
use crate::error::PackageNote;
use crate::store::{ProblemGroup, ProblemVersion};

/// A version of a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemView {
    /// What it is and how long it may take.
    #[serde(flatten)]
    pub summary: ProblemSummary,
    /// Groups of tests, each before the groups inside it.
    pub groups: Vec<GroupView>,
    /// Limits as the package states them.
    pub limits: ProblemLimits,
    /// The file in which a program finds the input; null for standard input.
    #[schema(example = "input.txt")]
    pub input_file: Option<String>,
    /// The file in which a program leaves its output; null for standard output.
    #[schema(example = "output.txt")]
    pub output_file: Option<String>,
    /// The languages that submissions may be in, in the package's words; null for all.
    pub languages: Option<Vec<String>>,
    /// What is odd about the package.
    pub warnings: Vec<PackageNote>,
    /// The submission from which the time limit is, or will be, derived; null where one is stated.
    pub calibration: Option<SubmissionId>,
}

/// A problem with all its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemWithVersions {
    /// The latest version.
    #[serde(flatten)]
    pub latest: ProblemView,
    /// All versions, the latest first.
    pub versions: Vec<VersionView>,
}

/// The latest version of a problem, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemSummary {
    /// Its id.
    #[schema(example = "sum")]
    pub id: String,
    /// When the version was first uploaded, how large it is, and its time limit.
    #[serde(flatten)]
    pub version: VersionView,
    /// The problem's name, in English if it has one.
    pub name: Option<String>,
    /// The version of the Kattis package format, or `polygon`, or `dmoj`.
    #[schema(example = "2025-09")]
    pub format: &'static str,
    /// `pass-fail` or `scoring`, then `interactive` and `multi-pass` if it is that.
    #[schema(example = json!(["pass-fail"]))]
    pub kind: Vec<&'static str>,
    /// How many tests there are.
    pub tests: usize,
}

/// One package of a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// The hash of the zip, by which submissions may name the version: `id@sha256`.
    pub sha256: String,
    /// The size of the zip, in bytes.
    pub size: u64,
    /// CPU time of each test, in milliseconds, before the language's factor; null while it is not known.
    pub time_limit_ms: Option<u64>,
    /// Where it comes from.
    pub time_limit_source: TimeLimitSource,
    /// When it was first uploaded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Where a time limit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TimeLimitSource {
    /// The package states it.
    Stated,
    /// A worker derived it from the accepted programs.
    Derived,
    /// No worker has derived it yet.
    Pending,
}

/// A group of tests.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// The path below `data`.
    #[schema(example = "secret/group1")]
    pub name: String,
    /// The most points there are, where there are points and a bound.
    pub max_score: Option<f64>,
}

/// Limits as the package states them; null is the default of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemLimits {
    /// Memory of a program, in MiB.
    pub memory_mb: Option<u64>,
    /// Output of a program, in MiB.
    pub output_mb: Option<u64>,
    /// Source code, in KiB.
    pub code_kb: Option<u64>,
    /// Time to compile, in seconds.
    pub compilation_s: Option<u64>,
    /// Memory to compile in, in MiB.
    pub compilation_memory_mb: Option<u64>,
    /// Time of the output validator, in seconds.
    pub validation_s: Option<u64>,
    /// Memory of the output validator, in MiB.
    pub validation_memory_mb: Option<u64>,
    /// Output of the output validator, in MiB.
    pub validation_output_mb: Option<u64>,
    /// Passes of a multi-pass problem.
    pub validation_passes: u32,
}

impl From<ProblemVersion> for ProblemView {
    fn from(mut version: ProblemVersion) -> Self {
        let groups = std::mem::take(&mut version.detail.groups);
        let warnings = std::mem::take(&mut version.detail.warnings);
        Self {
            groups: groups.into_iter().map(GroupView::from).collect(),
            limits: ProblemLimits::from(&version.detail.limits),
            input_file: version.detail.file_io.input_file.take().map(String::from),
            output_file: version.detail.file_io.output_file.take().map(String::from),
            languages: version.detail.languages.take(),
            warnings: notes(warnings),
            calibration: version.calibration,
            summary: version.into(),
        }
    }
}

impl From<ProblemVersion> for ProblemSummary {
    fn from(version: ProblemVersion) -> Self {
        Self {
            version: VersionView::from(&version),
            id: version.problem,
            format: version.detail.format.as_str(),
            kind: words(version.detail.kind),
            tests: version.detail.tests,
            name: version.detail.name,
        }
    }
}

impl From<&ProblemVersion> for VersionView {
    fn from(version: &ProblemVersion) -> Self {
        let stated = version.detail.limits.time_limit.is_some();
        Self {
            sha256: version.sha256.to_string(),
            size: version.size,
            time_limit_ms: version.time_limit_ms,
            time_limit_source: match version.time_limit_ms {
                Some(_) if stated => TimeLimitSource::Stated,
                Some(_) => TimeLimitSource::Derived,
                None => TimeLimitSource::Pending,
            },
            created_at: version.created_at,
        }
    }
}

impl From<ProblemGroup> for GroupView {
    fn from(ProblemGroup { name, max_score }: ProblemGroup) -> Self {
        Self { name, max_score }
    }
}

impl From<&Limits> for ProblemLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            memory_mb: limits.memory,
            output_mb: limits.output,
            code_kb: limits.code,
            compilation_s: limits.compilation_time,
            compilation_memory_mb: limits.compilation_memory,
            validation_s: limits.validation_time,
            validation_memory_mb: limits.validation_memory,
            validation_output_mb: limits.validation_output,
            validation_passes: limits.validation_passes,
        }
    }
}

/// The words of `type` in `2025-09`.
fn words(kind: ProblemKind) -> Vec<&'static str> {
    let score = if kind.scoring { "scoring" } else { "pass-fail" };
    let rest = [("interactive", kind.interactive), ("multi-pass", kind.multi_pass)];
    std::iter::once(score).chain(rest.into_iter().filter(|(_, is)| *is).map(|(word, _)| word)).collect()
}
