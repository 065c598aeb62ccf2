//! What a client sends.

use gavel_model::{Encoding, Lane, LimitsRequest};
use gavel_problem::checker::CheckerOptions;
use serde::Deserialize;
use utoipa::ToSchema;

/// A program and what to do with it. `{"language","source"}` alone runs it with empty input.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"language": "python", "source": "print('Hello')"}))]
pub struct SubmissionRequest {
    /// The language's id or one of its aliases. May be left out when a file's extension tells it.
    pub language: Option<String>,
    /// The program as one text; or `files`, never both.
    pub source: Option<String>,
    /// The program as files; the first is the entry.
    pub files: Option<Vec<FileRequest>>,
    /// Arguments of the program.
    #[serde(default)]
    pub args: Vec<String>,
    /// Who is served first.
    #[serde(default)]
    pub lane: LaneRequest,
    /// Limits of each run; what is left out is the default. A stored problem decides its own.
    #[serde(default)]
    pub limits: LimitsRequest,
    /// What to do with the program; without it, one run with empty input.
    #[serde(default)]
    pub work: WorkRequest,
    /// Whether the result carries what the program printed, also for `tests` and `problem` work.
    #[serde(default)]
    pub stdout: bool,
}

/// One file of a program.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRequest {
    /// A relative path below the program's folder.
    #[schema(example = "main.cpp", max_length = 255)]
    pub name: String,
    /// What is in it.
    pub content: String,
    /// How `content` is written.
    #[serde(default)]
    pub encoding: Encoding,
}

/// The lanes that clients may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LaneRequest {
    /// A running contest: judged first.
    Contest,
    /// Everything else people wait for.
    #[default]
    Practice,
}

impl From<LaneRequest> for Lane {
    fn from(lane: LaneRequest) -> Self {
        match lane {
            LaneRequest::Contest => Self::Contest,
            LaneRequest::Practice => Self::Practice,
        }
    }
}

/// What to do with a program.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum WorkRequest {
    /// One run with one standard input.
    Run {
        /// Standard input.
        #[serde(default)]
        stdin: String,
        /// When given, the output is compared with it token by token.
        #[serde(default)]
        expected_output: Option<String>,
    },
    /// Test cases that travel with the submission.
    Tests {
        /// The cases, in order.
        tests: Vec<TestRequest>,
        /// How outputs are compared; without it, token by token.
        #[serde(default)]
        checker: CheckerRequest,
        /// Judge on after the first failure.
        #[serde(default)]
        all_tests: bool,
    },
    /// A stored problem package.
    Problem {
        /// `id`, or `id@sha256` for one version of it; 12 digits of the hash are enough.
        problem: String,
        /// Judge on after the first failure.
        #[serde(default)]
        all_tests: bool,
    },
}

impl Default for WorkRequest {
    fn default() -> Self {
        Self::Run { stdin: String::new(), expected_output: None }
    }
}

/// One input with its answer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestRequest {
    /// What results call it; without it, its place in the list, from 1.
    pub name: Option<String>,
    /// Standard input.
    pub input: String,
    /// The right output.
    pub answer: String,
}

/// How outputs are compared.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CheckerRequest {
    /// Token by token.
    Tokens(CheckerOptions),
}

impl Default for CheckerRequest {
    fn default() -> Self {
        Self::Tokens(CheckerOptions::default())
    }
}
