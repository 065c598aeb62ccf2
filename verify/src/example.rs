//! One example submission, held against what must become of it.

use gavel_model::Verdict;
use gavel_problem::{Expectation, Submission, TimeBound, UseForTimeLimit};

use crate::progress::Event;
use crate::report::{SubmissionReport, surprise};
use crate::run::examine;
use crate::site::{Site, VerifyOptions};
use crate::timing::{Times, lower_seconds, upper_seconds};
use gavel_worker::Fault;
use gavel_worker::compile::Program;
use gavel_worker::judge::Findings;
use gavel_worker::slots::Slot;

/// An example submission, judged.
pub(crate) struct Judged {
    pub(crate) report: SubmissionReport,
    pub(crate) times: Times,
}

/// How many tests of a submission are run.
///
/// Rules of an expectation speak of every test, also of those that judging stops before. Judging only as far as the
/// verdict needs ([`Scope::Verdict`]) is tried where more tests cannot make a right outcome wrong:
///
/// - No rule restricts what tests may get: `permitted` is what a later test could break. Whatever is required of at
///   least one test stays true, and verdict, score and groups do not depend on tests beyond those they need.
/// - The submission lies in a folder for programs that are too slow, was too slow, and nothing else is asked of it.
///   Here a later test could have shown a crash, which the folder does not permit; running each of them to the
///   limit costs more than everything else together, and problemtools and `BAPCtools` stop there too.
///
/// If the outcome is not the right one, the submission is judged again on every test before anything is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Those that the verdict needs.
    Verdict,
    /// All.
    AllTests,
}

impl Scope {
    fn of(example: &Submission) -> Self {
        let expectation = &example.expectation;
        let decided = expectation.bounds(TimeBound::Lower).is_empty()
            && (restricts_nothing(expectation) || is_just_too_slow(example));
        if decided { Self::Verdict } else { Self::AllTests }
    }
}

fn restricts_nothing(expectation: &Expectation) -> bool {
    let lower = Some(UseForTimeLimit::Lower);
    expectation.rules.iter().all(|rule| rule.permitted.is_none() && rule.use_for_time_limit != lower)
}

/// Only its folder says what must become of it, and the folder says too slow.
fn is_just_too_slow(example: &Submission) -> bool {
    let folder = example.name.split('/').next().unwrap_or_default();
    let [rule] = example.expectation.rules.as_slice() else { return false };
    rule.source == folder
        && rule.tests.is_none()
        && rule.required.as_deref() == Some(&[Verdict::Tle])
        && rule.permitted.as_ref().is_some_and(|permitted| permitted.contains(&Verdict::Tle))
}

/// Judges a submission; `ran` is what became of it without a limit to speak of, if that is known.
pub(crate) async fn judge_example(
    site: &Site,
    index: usize,
    limit_ms: u64,
    options: VerifyOptions,
    ran: Option<&Findings>,
    slot: &Slot,
) -> Result<Judged, Fault> {
    let example = site.example(index);
    let expectation = &example.expectation;
    let program = match site.host.judge.example(&site.package, example) {
        Ok(program) => program,
        Err(Fault::Package(why)) => {
            let language = example.language.as_deref();
            let report = SubmissionReport::unjudged(&example.name, language, expectation, why);
            site.note(Event::Finished(&report));
            return Ok(Judged { report, times: Times::default() });
        }
        Err(fault) => return Err(fault),
    };
    let factor = program.language.time_factor;
    let findings = match ran.filter(|ran| holds(ran, site, &program, limit_ms)) {
        Some(ran) => ran.clone(),
        None => {
            let scope = if options.all_tests { Scope::AllTests } else { Scope::of(example) };
            as_far_as_needed(site, index, &program, limit_ms, scope, slot).await?
        }
    };
    let bounds_below = !expectation.bounds(TimeBound::Lower).is_empty();
    let times = Times {
        accepted: lower_seconds(expectation, &findings, factor),
        cut: bounds_below && findings.tests.iter().any(|test| test.verdict == Verdict::Tle),
        too_slow: upper_seconds(site, index, &program, limit_ms, &findings, slot).await?,
    };
    let report = SubmissionReport::of(&example.name, &program.language.id, expectation, findings);
    site.note(Event::Finished(&report));
    Ok(Judged { report, times })
}

async fn as_far_as_needed(
    site: &Site,
    index: usize,
    program: &Program,
    limit_ms: u64,
    scope: Scope,
    slot: &Slot,
) -> Result<Findings, Fault> {
    if scope == Scope::Verdict {
        let findings = examine(site, index, program.clone(), limit_ms, false, slot).await?;
        if surprise(&site.example(index).expectation, &findings).is_none() {
            return Ok(findings);
        }
    }
    examine(site, index, program.clone(), limit_ms, true, slot).await
}

/// Whether a run without a limit to speak of would have been the same with this one.
fn holds(ran: &Findings, site: &Site, program: &Program, limit_ms: u64) -> bool {
    let limits = site
        .host
        .judge
        .limits()
        .of_package(&site.package.limits, limit_ms)
        .scaled(program.language.time_factor);
    let within = |ms: f64, limit: u64| ms <= limit as f64;
    ran.tests.iter().all(|test| within(test.cpu_ms, limits.cpu_ms) && within(test.wall_ms, limits.wall_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_problem::Rule;
    use test_case::test_case;

    fn example(name: &str, rules: Vec<Rule>) -> Submission {
        Submission {
            name: name.to_owned(),
            folder: "submissions".to_owned(),
            files: Vec::new(),
            language: None,
            entrypoint: None,
            model_solution: false,
            expectation: Expectation { rules, ..Expectation::default() },
        }
    }

    fn folder(source: &str, permitted: Option<&[Verdict]>, required: &[Verdict]) -> Rule {
        Rule {
            source: source.to_owned(),
            permitted: permitted.map(<[Verdict]>::to_vec),
            required: Some(required.to_vec()),
            ..Rule::default()
        }
    }

    const AC_WA: Option<&[Verdict]> = Some(&[Verdict::Ac, Verdict::Wa]);
    const AC_TLE: Option<&[Verdict]> = Some(&[Verdict::Ac, Verdict::Tle]);

    #[test_case("wrong_answer", AC_WA, &[Verdict::Wa], Scope::AllTests; "a later crash would be wrong")]
    #[test_case("run_time_error", None, &[Verdict::Rte], Scope::Verdict; "nothing later can be wrong")]
    #[test_case("time_limit_exceeded", AC_TLE, &[Verdict::Tle], Scope::Verdict; "too slow is enough")]
    fn a_folder_alone_is_judged(at: &str, permitted: Option<&[Verdict]>, required: &[Verdict], scope: Scope) {
        assert_eq!(Scope::of(&example(&format!("{at}/a.c"), vec![folder(at, permitted, required)])), scope);
    }

    #[test]
    fn whoever_asks_for_more_than_too_slow_gets_every_test() {
        let slow = || folder("time_limit_exceeded", AC_TLE, &[Verdict::Tle]);
        let sample = Rule { tests: Some("sample".to_owned()), permitted: Some(vec![Verdict::Ac]), ..slow() };
        let named = folder("time_limit_exceeded/a.c", AC_TLE, &[Verdict::Tle]);
        for rules in [vec![slow(), sample], vec![slow(), named.clone()], vec![named]] {
            assert_eq!(Scope::of(&example("time_limit_exceeded/a.c", rules)), Scope::AllTests);
        }
    }
}
