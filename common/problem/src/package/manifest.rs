//! A problem package as the judge needs it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::expectation::Expectation;
use super::limits::Limits;
use crate::checker::Comparison;
use crate::file_io::FileIo;
use crate::grade::Grading;

/// A valid package: where its files are, and what they say.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    root: PathBuf,
    manifest: Manifest,
}

impl Package {
    /// A package from a description made earlier, for instance from a worker's cache. The files are trusted to
    /// be those that the description was made from.
    #[must_use]
    pub const fn from_manifest(root: PathBuf, manifest: Manifest) -> Self {
        Self { root, manifest }
    }

    /// The folder of the package.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the package says; all paths in it are relative to [`Package::root`], with `/`.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The place of a file of the manifest.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }
}

impl std::ops::Deref for Package {
    type Target = Manifest;

    fn deref(&self) -> &Manifest {
        &self.manifest
    }
}

/// Everything a judge needs to know of a package, apart from the contents of its files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format it is written in.
    pub format: FormatVersion,
    /// The name of its folder or archive.
    pub short_name: String,
    /// The problem's name: in English if it has one.
    pub name: Option<String>,
    /// The problem's UUID as written.
    pub uuid: Option<String>,
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// Limits as stated, or as the version of the format has them.
    pub limits: Limits,
    /// The files that submissions read and write in place of standard input and output.
    #[serde(default)]
    pub file_io: FileIo,
    /// Who decides whether an output is right.
    pub validation: Validation,
    /// Programs that say whether an input is one; submissions are judged without them.
    #[serde(default)]
    pub input_validators: Vec<ValidatorProgram>,
    /// The tests, in the order in which they are judged.
    pub tests: Vec<TestCase>,
    /// Their groups and how those are scored.
    pub grading: Grading,
    /// Files put over every submission, by language; `default` (`2025-09`) is for all. Paths are relative to
    /// the package, their place in the submission is what follows `include/LANGUAGE/`.
    pub include: BTreeMap<String, Vec<String>>,
    /// The languages submissions may be in, `None` for all.
    pub languages: Option<Vec<String>>,
    /// What replaces `{{name}}` and `{{name.variant}}` in validators, included files and example submissions
    /// (`2025-09`).
    pub constants: BTreeMap<String, String>,
    /// Example submissions and what must become of them.
    pub submissions: Vec<Submission>,
}

/// The formats, and the versions of Kattis'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormatVersion {
    /// `legacy`, or no version at all.
    #[serde(rename = "legacy")]
    Legacy,
    /// `legacy-icpc`, a subset of legacy.
    #[serde(rename = "legacy-icpc")]
    LegacyIcpc,
    /// `2023-07` and `2023-07-draft`: what became `2025-09`. Packages of that time mix in parts of legacy.
    #[serde(rename = "2023-07-draft")]
    Draft2023,
    /// `2025-09`.
    #[serde(rename = "2025-09")]
    V2025_09,
    /// A package of Polygon (`problem.xml`).
    #[serde(rename = "polygon")]
    Polygon,
    /// A problem of DMOJ (`init.yml`).
    #[serde(rename = "dmoj")]
    Dmoj,
}

impl FormatVersion {
    /// What `problem_format_version` says.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "legacy" => Some(Self::Legacy),
            "legacy-icpc" => Some(Self::LegacyIcpc),
            "2023-07" | "2023-07-draft" => Some(Self::Draft2023),
            "2025-09" | "2025-09-draft" => Some(Self::V2025_09),
            _ => None,
        }
    }

    /// Whether the rules of legacy hold.
    #[must_use]
    pub const fn is_legacy(self) -> bool {
        matches!(self, Self::Legacy | Self::LegacyIcpc)
    }

    /// The version's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::LegacyIcpc => "legacy-icpc",
            Self::Draft2023 => "2023-07-draft",
            Self::V2025_09 => "2025-09",
            Self::Polygon => "polygon",
            Self::Dmoj => "dmoj",
        }
    }

    /// The file that says what the package is.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Legacy | Self::LegacyIcpc | Self::Draft2023 | Self::V2025_09 => "problem.yaml",
            Self::Polygon => "problem.xml",
            Self::Dmoj => "init.yml",
        }
    }
}

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemKind {
    /// Accepted submissions get a score; otherwise the problem is pass-fail.
    pub scoring: bool,
    /// Program and validator talk while they run.
    pub interactive: bool,
    /// The program runs again on what the validator makes of its output.
    pub multi_pass: bool,
}

impl ProblemKind {
    /// Whether there is only right and wrong.
    #[must_use]
    pub const fn pass_fail(self) -> bool {
        !self.scoring
    }
}

/// Who decides whether an output is right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Validation {
    /// The default output validator, with the options of each test.
    Default,
    /// The package's own programs; all of them must accept.
    Custom {
        /// The programs, by name. In an interactive problem the first is the interactor; if it speaks testlib's protocol,
        /// the others judge the report that it writes.
        programs: Vec<ValidatorProgram>,
        /// Whether they may write a score (`custom score` of legacy; scoring problems of `2025-09`).
        score: bool,
    },
}

/// A checker, interactor or input validator of the package, not compiled yet: a file, or a folder of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorProgram {
    /// The base name of its file or folder.
    pub name: String,
    /// The folder its files lie in, relative to the package.
    pub folder: String,
    /// Its files, relative to `folder`.
    pub files: Vec<String>,
    /// The language by its files' extensions; `None` where `build` or `run` says how to start it.
    pub language: Option<String>,
    /// It has an executable `build`, to be run in a copy of its folder and to leave `run` behind.
    pub build: bool,
    /// It has an executable `run`.
    pub run: bool,
    /// How it is called and answers.
    #[serde(default)]
    pub protocol: ValidatorProtocol,
}

/// How a validator is called, and what its exit code means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidatorProtocol {
    /// As testlib has it if the sources include `testlib.h`, and else as the Kattis format has it.
    #[default]
    BySource,
    /// `checker INPUT OUTPUT ANSWER`, `interactor INPUT REPORT ANSWER`; the exit codes of testlib.
    Testlib,
    /// `checker INPUT OUTPUT ANSWER`, `interactor INPUT ANSWER`; 0 is right and 1 is wrong (DMOJ's `default`).
    Plain,
    /// A file of Python with `check(process_output, judge_output, **kwargs)` (DMOJ). The tests' arguments are the points of
    /// the test, `text` or `binary`, the checker's own arguments in JSON, and the file.
    PythonCheck,
}

/// Stands for an empty file where a test has no input or no answer.
pub const NOTHING: &str = "/dev/null";

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// The path below `data` without extension, such as `secret/group1/01`.
    pub name: String,
    /// The input, relative to the package.
    pub input: String,
    /// The answer, relative to the package.
    pub answer: String,
    /// Files for the working directory: place there, and place in the package (`NAME.files/`).
    pub files: Vec<TestFile>,
    /// Arguments of the submission.
    pub args: Vec<String>,
    /// Arguments of the output validator.
    pub validator_args: Vec<String>,
    /// Arguments of the input validators.
    #[serde(default)]
    pub input_args: Vec<String>,
    /// How the output is held against the answer, where no program of the package judges.
    pub checker: Option<Comparison>,
}

impl TestCase {
    /// Whether it is one of the samples.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.name.starts_with("sample/")
    }
}

/// A file given to the submission beside its input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestFile {
    /// Its place in the working directory.
    pub name: String,
    /// Its place in the package.
    pub path: String,
}

/// An example submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The path below `submissions`, such as `accepted/alice.py`.
    pub name: String,
    /// The folder its files lie in, relative to the package.
    pub folder: String,
    /// Its files, relative to `folder`.
    pub files: Vec<String>,
    /// The language: stated, or by the files' extensions.
    pub language: Option<String>,
    /// The entry point, if stated.
    pub entrypoint: Option<String>,
    /// Whether it is suitable to be published.
    pub model_solution: bool,
    /// What must become of it.
    pub expectation: Expectation,
}
