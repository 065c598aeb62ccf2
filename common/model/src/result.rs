//! What a worker found out about a submission.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::captured::Captured;
use crate::lane::Lane;
use crate::limits::Limits;
use crate::submission::SubmissionId;
use gavel_problem::Verdict;

/// The final result of one attempt at a submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct JudgeResult {
    /// The submission.
    pub id: SubmissionId,
    /// The lane it came through.
    pub lane: Lane,
    /// The language's id.
    pub language: String,
    /// The verdict of the whole.
    pub verdict: Verdict,
    /// Points, where the work gives points.
    #[serde(default)]
    pub score: Option<f64>,
    /// The most points there are, where there is a bound.
    #[serde(default)]
    pub max_score: Option<f64>,
    /// Groups of tests, for problem packages: each after the groups inside it.
    #[serde(default)]
    pub groups: Vec<GroupReport>,
    /// The limits each run was held against, before the language's factor.
    #[serde(default)]
    pub limits: Option<Limits>,
    /// The compile step; absent for a language that has none.
    #[serde(default)]
    pub compile: Option<CompileReport>,
    /// One entry per test that was run, in order.
    #[serde(default)]
    pub tests: Vec<TestReport>,
    /// The largest CPU time of a test, in milliseconds.
    pub cpu_ms: f64,
    /// The largest peak memory of a test, in bytes; absent when no test ran.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Which try this is, from 1; 0 of a submission that was canceled.
    pub attempt: u32,
    /// The worker that judged it; empty when none did.
    pub worker: String,
    /// Id of the image the program ran in.
    #[serde(default)]
    pub image: Option<String>,
    /// First line of what the compiler or interpreter says of its version.
    #[serde(default)]
    pub compiler: Option<String>,
    /// When the API took the submission.
    #[schema(value_type = String)]
    pub created_at: jiff::Timestamp,
    /// When the worker began.
    #[schema(value_type = String)]
    pub started_at: jiff::Timestamp,
    /// When the worker was done.
    #[schema(value_type = String)]
    pub finished_at: jiff::Timestamp,
    /// Where the time went.
    pub timings: Timings,
    /// Why the verdict is `JE`.
    #[serde(default)]
    pub error: Option<String>,
    /// Whether the result was cut to fit into a message: texts, whose own flags say so, or tests, see `left_out`.
    #[serde(default)]
    pub truncated: bool,
    /// What there was no room for.
    #[serde(default)]
    pub left_out: Option<LeftOut>,
}

/// Tests and groups that a result has no room for; those that failed go last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LeftOut {
    /// How many tests that were run are not listed.
    pub tests: u64,
    /// How many of them had which verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many groups are not listed.
    pub groups: u64,
}

impl JudgeResult {
    /// The result of a submission that nobody could judge.
    #[must_use]
    pub fn judge_error(submission: SubmissionRef<'_>, worker: &str, attempt: u32, error: String) -> Self {
        Self {
            attempt,
            worker: worker.to_owned(),
            error: Some(error),
            ..Self::unjudged(submission, Verdict::Je)
        }
    }

    /// The final answer of a submission that was canceled: attempt 0, of no worker.
    #[must_use]
    pub fn canceled(submission: SubmissionRef<'_>) -> Self {
        Self::unjudged(submission, Verdict::Canceled)
    }

    fn unjudged(submission: SubmissionRef<'_>, verdict: Verdict) -> Self {
        let now = jiff::Timestamp::now();
        Self {
            id: submission.id,
            lane: submission.lane,
            language: submission.language.to_owned(),
            verdict,
            score: None,
            max_score: None,
            groups: Vec::new(),
            limits: None,
            compile: None,
            tests: Vec::new(),
            cpu_ms: 0.0,
            memory_bytes: None,
            attempt: 0,
            worker: String::new(),
            image: None,
            compiler: None,
            created_at: submission.created_at,
            started_at: now,
            finished_at: now,
            timings: Timings::default(),
            error: None,
            truncated: false,
            left_out: None,
        }
    }
}

/// What every result repeats of its submission.
#[derive(Clone, Copy, Debug)]
pub struct SubmissionRef<'a> {
    /// Its id.
    pub id: SubmissionId,
    /// The lane it came through.
    pub lane: Lane,
    /// The language's id.
    pub language: &'a str,
    /// When the API took it.
    pub created_at: jiff::Timestamp,
}

/// The compile step, or the syntax check of a language that is not compiled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CompileReport {
    /// The compiler's exit code; absent when it was killed.
    pub exit_code: Option<i32>,
    /// What it said.
    pub output: String,
    /// Whether `output` holds only the first part.
    pub truncated: bool,
    /// CPU time, in milliseconds.
    pub cpu_ms: f64,
    /// Wall-clock time, in milliseconds.
    pub wall_ms: f64,
    /// The most memory that all its processes and files held at a time, in bytes.
    pub memory_bytes: u64,
    /// Whether the artifact came from the cache; the figures are those of the compilation that filled it.
    pub cached: bool,
    /// The limit that ended it.
    pub limit: Option<LimitHit>,
}

/// One group of tests of a problem package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GroupReport {
    /// The path below `data`, `""` for all tests together.
    pub name: String,
    /// Its verdict; absent when it was not run since a group it requires was not passed.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Its points.
    #[serde(default)]
    pub score: Option<f64>,
    /// The most points there are, where there is a bound.
    #[serde(default)]
    pub max_score: Option<f64>,
}

/// Which limit a program met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitHit {
    /// CPU time of all processes.
    Cpu,
    /// Wall-clock time.
    Wall,
    /// Memory.
    Memory,
    /// Standard output.
    Output,
    /// A flood of standard error: more than 64 MiB.
    Stderr,
}

/// One test of a submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TestReport {
    /// The test's name.
    pub name: String,
    /// The group it belongs to, for problem packages.
    #[serde(default)]
    pub group: Option<String>,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its points.
    #[serde(default)]
    pub score: Option<f64>,
    /// CPU time of all processes, user and system, in milliseconds.
    pub cpu_ms: f64,
    /// Wall-clock time, in milliseconds, without `waited_ms`.
    pub wall_ms: f64,
    /// Time in which the program could have run and had no core, since the host had other work, in milliseconds. Looked
    /// for now and then, so 0 for a short run; absent when the worker cannot know.
    #[serde(default)]
    pub waited_ms: Option<f64>,
    /// The most memory that all its processes and files held at a time, in bytes.
    pub memory_bytes: u64,
    /// The program's exit code; absent when a signal ended it.
    #[serde(default)]
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    #[serde(default)]
    pub signal: Option<i32>,
    /// The limit it met.
    #[serde(default)]
    pub limit: Option<LimitHit>,
    /// Standard output: for `run` work and on request.
    #[serde(default)]
    pub stdout: Option<Captured>,
    /// Standard error: for `run` work and on request.
    #[serde(default)]
    pub stderr: Option<Captured>,
    /// What the checker said.
    #[serde(default)]
    pub checker_message: Option<String>,
    /// What the checker wants contestants to be told (`teammessage.txt`).
    #[serde(default)]
    pub team_message: Option<String>,
    /// CPU time of the first run, in milliseconds, when a run close over the limit was repeated.
    #[serde(default)]
    pub first_cpu_ms: Option<f64>,
    /// Whether a message or a name holds only the first part.
    #[serde(default)]
    pub truncated: bool,
}

impl TestReport {
    /// A report of nothing measured yet.
    #[must_use]
    pub fn new(name: &str, group: Option<&str>, verdict: Verdict) -> Self {
        Self {
            name: name.to_owned(),
            group: group.map(str::to_owned),
            verdict,
            score: None,
            cpu_ms: 0.0,
            wall_ms: 0.0,
            waited_ms: None,
            memory_bytes: 0,
            exit_code: None,
            signal: None,
            limit: None,
            stdout: None,
            stderr: None,
            checker_message: None,
            team_message: None,
            first_cpu_ms: None,
            truncated: false,
        }
    }
}

/// Where the time of a submission went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Timings {
    /// From the API's acceptance to the worker's begin.
    pub queue_ms: f64,
    /// Waiting for sandboxes.
    pub acquire_ms: f64,
    /// Compiling.
    pub compile_ms: f64,
    /// Running and checking all tests.
    pub run_ms: f64,
    /// Publishing the result; filled in by the API, which sees its arrival.
    pub publish_ms: f64,
}
