//! Whether the time limit fits the submissions that bound it (format specification `2025-09`, "Problem timing").

use std::sync::Arc;

use gavel_model::{LimitHit, Verdict, milliseconds};
use gavel_problem::grade::Grading;
use gavel_problem::{Expectation, Limits, TimeBound, check_time_limit, derive_time_limit, glob_matches};

use crate::run::{case_of, run_case};
use crate::site::Site;
use gavel_worker::Fault;
use gavel_worker::compile::Program;
use gavel_worker::judge::{Findings, slowest_seconds};
use gavel_worker::slots::Slot;

/// What one submission tells of the time limit, in seconds of CPU at a language factor of 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    /// The limit must leave room above.
    pub(crate) accepted: Option<f64>,
    /// `accepted` was cut short by the limit itself.
    pub(crate) cut: bool,
    /// The limit must stay below.
    pub(crate) too_slow: Option<f64>,
}

/// What all submissions of a package tell.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    accepted: Vec<f64>,
    too_slow: Vec<f64>,
    cut: bool,
}

impl Timing {
    pub(crate) fn add(&mut self, times: Times) {
        self.accepted.extend(times.accepted);
        self.too_slow.extend(times.too_slow);
        self.cut |= times.cut;
    }

    /// The limit that follows; none when an accepted submission did not come to its end.
    pub(crate) fn suggested_ms(&self, limits: &Limits) -> Option<u64> {
        if self.cut { None } else { derive_time_limit(&self.accepted, limits).map(milliseconds) }
    }

    /// Every way in which the limit does not fit.
    pub(crate) fn problems(&self, limit_ms: u64, limits: &Limits) -> Vec<String> {
        let limit = limit_ms as f64 / 1e3;
        let halves = [(self.accepted.as_slice(), [].as_slice()), (&[], &self.too_slow)];
        halves
            .into_iter()
            .filter_map(|(accepted, too_slow)| check_time_limit(limit, accepted, too_slow, limits).err())
            .map(|mismatch| mismatch.to_string())
            .collect()
    }
}

/// The slowest of the tests by which a submission bounds the time limit from below.
pub(crate) fn lower_seconds(expectation: &Expectation, findings: &Findings, factor: f64) -> Option<f64> {
    let bounds = expectation.bounds(TimeBound::Lower);
    slowest_seconds(&bounds, &findings.tests).map(|seconds| seconds / factor)
}

/// How long a submission takes that must be too slow: [`f64::INFINITY`] once it is long enough for the margin.
///
/// A run that met the limit was stopped and does not tell. So the tests that may be long enough are run again, with
/// the margin on top and the last one first, until one is; usually that is one run. A program that met the limit of
/// wall-clock time waits for something, and no CPU limit is too high for it.
pub(crate) async fn upper_seconds(
    site: &Site,
    index: usize,
    program: &Program,
    limit_ms: u64,
    findings: &Findings,
    slot: &Slot,
) -> Result<Option<f64>, Fault> {
    let bounds = site.example(index).expectation.bounds(TimeBound::Upper);
    let covered = |name: &str| {
        // Patterns were checked when the package was loaded.
        bounds.iter().any(|pattern| pattern.is_none_or(|p| glob_matches(p, name).unwrap_or(false)))
    };
    let ran = |name: &str| findings.tests.iter().find(|test| test.name == name);
    let exceeded: Vec<_> =
        findings.tests.iter().filter(|test| covered(&test.name) && test.verdict == Verdict::Tle).collect();
    if exceeded.is_empty() {
        // The comparison of verdicts says so already.
        return Ok(None);
    }
    if exceeded.iter().any(|test| test.limit == Some(LimitHit::Wall)) {
        return Ok(Some(f64::INFINITY));
    }
    let margin_ms = milliseconds(limit_ms as f64 / 1e3 * site.package.limits.time_limit_to_tle);
    let mut case = case_of(site, program.clone(), margin_ms, true);
    let tests = std::mem::take(&mut case.tests);
    case.grading = Arc::new(Grading::pass_fail(1));
    // Those that met the limit, then those that were not run.
    let known = tests.iter().rev().filter(|test| exceeded.iter().any(|long| long.name == test.name));
    let unknown = tests.iter().rev().filter(|test| covered(&test.name) && ran(&test.name).is_none());
    let mut longest: f64 = 0.0;
    for test in known.chain(unknown) {
        case.tests = vec![test.clone()];
        let Some(report) = run_case(site, index, &case, slot).await?.tests.pop() else { continue };
        let ms = report.cpu_ms / program.language.time_factor;
        if report.limit == Some(LimitHit::Wall) || ms >= margin_ms as f64 {
            return Ok(Some(f64::INFINITY));
        }
        longest = longest.max(ms / 1e3);
    }
    Ok(Some(longest))
}
