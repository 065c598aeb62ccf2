//! What verifying a package found out.

use gavel_model::{CompileReport, GroupReport, LimitHit, TestReport, Verdict};
use gavel_problem::{Diagnostic, Expectation, InvalidPackage, Observed, ObservedTest};
use serde::{Deserialize, Serialize};

use crate::expected::expected;
use gavel_worker::judge::Findings;

/// A package, held against its own example submissions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// The package's short name.
    pub package: String,
    /// The problem's name.
    pub name: Option<String>,
    /// The time limit the submissions were judged by, in milliseconds of CPU.
    pub time_limit_ms: Option<u64>,
    /// Where it is from.
    pub source: Option<LimitSource>,
    /// The time limit that would follow from the accepted submissions as they ran now, in milliseconds.
    pub suggested_time_limit_ms: Option<u64>,
    /// Where the time limit and the submissions that bound it disagree. Times depend on the machine: advice only.
    pub timing: Vec<String>,
    /// What is odd about the package's files, and what is wrong with them when they could not be read.
    pub diagnostics: Vec<Diagnostic>,
    /// What kept the package from being verified: mistakes in its files, or a validator that does not compile.
    pub error: Option<String>,
    /// Inputs that the package's input validators do not take, and why.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Every example submission, in the package's order.
    pub submissions: Vec<SubmissionReport>,
    /// Whether the package could be judged, its inputs are what they should be, and every submission did what it must.
    pub ok: bool,
}

/// Where a time limit is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitSource {
    /// The package states it.
    Stated,
    /// It follows from the accepted submissions.
    Derived,
}

impl LimitSource {
    /// The word for people and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived",
        }
    }
}

/// One example submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubmissionReport {
    /// The path below `submissions`.
    pub name: String,
    /// The language's id, where it can be told.
    pub language: Option<String>,
    /// What must become of it.
    pub expected: String,
    /// What became of it; absent when it could not be judged.
    pub verdict: Option<Verdict>,
    /// Its points, on scoring problems.
    pub score: Option<f64>,
    /// The most points there are, where there is a bound.
    pub max_score: Option<f64>,
    /// Whether that is as expected.
    pub ok: bool,
    /// Why not.
    pub why: Option<String>,
    /// The test it took longest for.
    pub slowest_test: Option<String>,
    /// CPU time of that test, in milliseconds.
    pub slowest_ms: Option<f64>,
    /// The largest CPU time of a test, in milliseconds.
    pub cpu_ms: Option<f64>,
    /// The largest wall-clock time of a test, in milliseconds.
    pub wall_ms: Option<f64>,
    /// The largest peak memory of a test, in bytes.
    pub memory_bytes: Option<u64>,
    /// The compile step, when the submission does not compile.
    pub compile: Option<CompileReport>,
    /// Every group of tests.
    pub groups: Vec<GroupReport>,
    /// Every test that was run, in order.
    pub tests: Vec<TestReport>,
}

impl VerifyReport {
    /// The report of a package whose files cannot be read.
    #[must_use]
    pub fn refused(package: &str, mistakes: InvalidPackage) -> Self {
        let error = mistakes.to_string();
        Self { diagnostics: mistakes.0, ..Self::broken(package, error) }
    }

    /// The report of a package that cannot be judged at all.
    #[must_use]
    pub fn broken(package: &str, error: String) -> Self {
        Self {
            package: package.to_owned(),
            name: None,
            time_limit_ms: None,
            source: None,
            suggested_time_limit_ms: None,
            timing: Vec::new(),
            diagnostics: Vec::new(),
            error: Some(error),
            inputs: Vec::new(),
            submissions: Vec::new(),
            ok: false,
        }
    }
}

impl SubmissionReport {
    /// A submission that could not be judged.
    #[must_use]
    pub(crate) fn unjudged(
        name: &str,
        language: Option<&str>,
        expectation: &Expectation,
        why: String,
    ) -> Self {
        Self {
            name: name.to_owned(),
            language: language.map(str::to_owned),
            expected: expected(expectation),
            verdict: None,
            score: None,
            max_score: None,
            ok: false,
            why: Some(why),
            slowest_test: None,
            slowest_ms: None,
            cpu_ms: None,
            wall_ms: None,
            memory_bytes: None,
            compile: None,
            groups: Vec::new(),
            tests: Vec::new(),
        }
    }

    /// What was found, held against what was expected.
    pub(crate) fn of(name: &str, language: &str, expectation: &Expectation, findings: Findings) -> Self {
        let outcome = surprise(expectation, &findings);
        let Findings { compile, tests, graded, .. } = findings;
        let slowest = tests.iter().max_by(|a, b| length_ms(a).total_cmp(&length_ms(b)));
        let most = |figure: fn(&TestReport) -> f64| tests.iter().map(figure).reduce(f64::max);
        let unjudged = Self::unjudged(name, Some(language), expectation, String::new());
        Self {
            verdict: Some(graded.verdict),
            score: graded.score,
            max_score: graded.max_score,
            ok: outcome.is_none(),
            why: outcome.map(|why| match &graded.error {
                Some(error) => format!("{why} ({error})"),
                None => why,
            }),
            slowest_test: slowest.map(|test| test.name.clone()),
            slowest_ms: slowest.map(|test| test.cpu_ms),
            cpu_ms: most(|test| test.cpu_ms),
            wall_ms: most(|test| test.wall_ms),
            memory_bytes: tests.iter().map(|test| test.memory_bytes).max(),
            compile: compile.filter(|_| graded.verdict == Verdict::Ce),
            groups: graded.groups,
            tests,
            ..unjudged
        }
    }
}

/// What is not as expected, if anything is.
pub(crate) fn surprise(expectation: &Expectation, findings: &Findings) -> Option<String> {
    let tests: Vec<_> = findings
        .tests
        .iter()
        .map(|test| ObservedTest {
            name: &test.name,
            verdict: test.verdict,
            message: test.checker_message.as_deref().unwrap_or_default(),
        })
        .collect();
    let groups: Vec<_> =
        findings.graded.groups.iter().map(|group| (group.name.as_str(), group.score)).collect();
    let observed = Observed {
        verdict: findings.graded.verdict,
        score: findings.graded.score,
        tests: &tests,
        groups: &groups,
    };
    expectation.check(&observed).err()
}

/// A program that waits for ever uses no CPU, and is slow all the same.
fn length_ms(test: &TestReport) -> f64 {
    if test.limit == Some(LimitHit::Wall) { test.wall_ms } else { test.cpu_ms }
}
