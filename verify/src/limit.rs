//! The time limit to verify by: stated, or derived from the accepted submissions.

use std::collections::BTreeMap;
use std::sync::Arc;

use gavel_model::Verdict;
use gavel_problem::{Package, TimeBound, derive_time_limit};

use crate::progress::{Event, Progress};
use crate::report::LimitSource;
use crate::run::examine;
use crate::site::{Site, VerifyError};
use crate::timing::lower_seconds;
use gavel_worker::Fault;
use gavel_worker::JudgingHost;
use gavel_worker::judge::Findings;
use gavel_worker::slots::Leased;

/// A time limit, and what was found out on the way to it.
pub(crate) struct TimeLimit {
    /// In milliseconds.
    pub(crate) ms: u64,
    /// Where it is from.
    pub(crate) source: LimitSource,
    /// Accepted submissions as they ran without a limit to speak of.
    pub(crate) runs: BTreeMap<usize, Findings>,
}

/// The time limit of a package in milliseconds; derived ones take running its accepted submissions, on all slots.
///
/// # Errors
/// [`VerifyError`]; [`Fault::Package`] when no accepted submission can tell.
pub async fn time_limit(
    host: &Arc<JudgingHost>,
    package: &Arc<Package>,
    progress: Arc<dyn Progress>,
) -> Result<(u64, LimitSource), VerifyError> {
    let site = Site { host: Arc::clone(host), package: Arc::clone(package), progress };
    let known = find(&Arc::new(site)).await?;
    Ok((known.ms, known.source))
}

pub(crate) async fn find(site: &Arc<Site>) -> Result<TimeLimit, VerifyError> {
    let policy = site.host.judge.limits();
    let excesses = policy.excesses(&site.package.limits);
    if !excesses.is_empty() {
        let told: Vec<_> = excesses.iter().map(ToString::to_string).collect();
        return Err(VerifyError::Package(told.join("; ")));
    }
    let known = match site.package.limits.time_limit {
        Some(seconds) => TimeLimit {
            ms: policy.time_limit_ms(seconds),
            source: LimitSource::Stated,
            runs: BTreeMap::new(),
        },
        None => derive(site).await?,
    };
    site.note(Event::TimeLimit { ms: known.ms, source: known.source });
    Ok(known)
}

async fn derive(site: &Arc<Site>) -> Result<TimeLimit, VerifyError> {
    let submissions = site.package.submissions.iter().enumerate();
    let bounding: Vec<usize> = submissions
        .filter(|(_, example)| !example.expectation.bounds(TimeBound::Lower).is_empty())
        .map(|(index, _)| index)
        .collect();
    site.note(Event::Deriving { submissions: bounding.len() });
    let ran = site.on_slots(bounding, run).await?;
    let mut seconds = Vec::new();
    let mut runs = BTreeMap::new();
    for (index, ran) in ran {
        let Some((findings, factor)) = ran else { continue };
        seconds.extend(lower_seconds(&site.example(index).expectation, &findings, factor));
        runs.insert(index, findings);
    }
    match derive_time_limit(&seconds, &site.package.limits) {
        Some(limit) => Ok(TimeLimit {
            ms: site.host.judge.limits().time_limit_ms(limit),
            source: LimitSource::Derived,
            runs,
        }),
        None => Err(VerifyError::Package(
            "it states no time limit and has no accepted program to derive one from".to_owned(),
        )),
    }
}

/// One accepted submission without a limit to speak of, and its language's factor; nothing when it cannot run.
async fn run(site: Arc<Site>, index: usize, slot: Leased) -> Result<Option<(Findings, f64)>, Fault> {
    let example = site.example(index);
    let ran = run_without_limit(&site, index, &slot).await?;
    let slowest_ms =
        ran.as_ref().and_then(|(findings, _)| findings.tests.iter().map(|test| test.cpu_ms).reduce(f64::max));
    site.note(Event::Ran { submission: &example.name, slowest_ms });
    Ok(ran)
}

async fn run_without_limit(
    site: &Site,
    index: usize,
    slot: &Leased,
) -> Result<Option<(Findings, f64)>, Fault> {
    let judge = &site.host.judge;
    let program = match judge.example(&site.package, site.example(index)) {
        Ok(program) => program,
        // It is told of again when it comes to be judged.
        Err(Fault::Package(_)) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let factor = program.language.time_factor;
    let findings = examine(site, index, program, judge.limits().max.cpu_ms, true, slot).await?;
    Ok((findings.graded.verdict != Verdict::Ce).then_some((findings, factor)))
}
