//! A program at its tests: test by test, pass by pass.

use std::path::Path;

use gavel_model::{LimitHit, TestReport, Verdict};
use gavel_problem::grade::Points;
use tracing::Instrument as _;

use super::interaction::{Pass, share};
use super::repeats::{Allowance, PER_TEST};
use super::ruling::{of_opinion, of_output, of_run, report};
use crate::check::{Opinion, Protocol, ValidatorSession, ValidatorVerdict, Validators};
use crate::container::PipesVolume;
use crate::fault::Fault;
use crate::run::{Bench, CLOSE, CheckBy, TestSpec};
use crate::sandbox::Input;

/// A program and the validators of its problem.
pub struct TestRunner<'a> {
    pub(super) bench: Bench<'a>,
    pub(super) sessions: Vec<ValidatorSession<'a>>,
    allowance: Allowance<'a>,
    interactive: bool,
    /// How many passes a test may have; 1 for a problem that is not multi-pass.
    passes: u32,
    /// Joins program and interactor.
    pub(super) volume: Option<PipesVolume>,
}

/// What became of one test: the report and the points a validator gave.
#[derive(Clone, Debug)]
pub struct Tested {
    /// For the result.
    pub report: TestReport,
    /// For the grader.
    pub points: Option<Points>,
}

impl<'a> TestRunner<'a> {
    /// Judges by the default checker, or by nothing at all.
    #[must_use]
    pub(super) fn plain(bench: Bench<'a>, allowance: Allowance<'a>) -> Self {
        Self { bench, sessions: Vec::new(), allowance, interactive: false, passes: 1, volume: None }
    }

    /// Judges by validators.
    ///
    /// # Errors
    /// When the volume of an interactive pair cannot be made.
    pub(super) async fn validated(
        mut bench: Bench<'a>,
        allowance: Allowance<'a>,
        validators: &Validators,
        interactive: bool,
        passes: u32,
    ) -> Result<Self, Fault> {
        let mut sessions = validators.sessions(bench.sandboxes, bench.toolchains, bench.cores);
        let mut volume = None;
        if interactive && let Some(session) = sessions.first_mut() {
            // Joined sandboxes are never warm ones.
            bench.sandbox = None;
            volume = Some(share(bench.sandboxes, &mut bench, session).await?);
        }
        Ok(Self { bench, sessions, allowance, interactive, passes, volume })
    }

    /// Runs one test. A close miss of the CPU limit is run again, where that is allowed, and both figures are told.
    ///
    /// # Errors
    /// Only for faults that are neither the program's nor the package's.
    pub async fn test(&mut self, test: &TestSpec) -> Result<Tested, Fault> {
        let mut tested = self.once(test).await?;
        let first_cpu_ms = tested.report.cpu_ms;
        for _ in 0..PER_TEST {
            if !is_close_miss(&self.bench, &tested.report)
                || !self.allowance.repeat(self.bench.run_limits().cpu).await
            {
                break;
            }
            tested = faster(tested, self.once(test).await?);
            tested.report.first_cpu_ms = Some(first_cpu_ms);
        }
        Ok(tested)
    }

    /// Lets other submissions have the program's sandbox. Those of validators, which had the answers, end.
    pub fn give_back(self) {
        if let Some(sandbox) = self.bench.sandbox {
            self.bench.sandboxes.give_back(sandbox);
        }
        let unshared = self.bench.sandboxes.unshared();
        for sandbox in self.sessions.into_iter().filter_map(|session| session.sandbox) {
            unshared.give_back(sandbox);
        }
    }

    async fn once(&mut self, test: &TestSpec) -> Result<Tested, Fault> {
        let CheckBy::Validators { answer, flags } = &test.check else {
            return Ok(Tested { report: self.plainly(test).await?, points: None });
        };
        for session in &mut self.sessions {
            session.clear().await;
        }
        let mut input = test.input.clone();
        let mut slowest: Option<TestReport> = None;
        for pass in 1.. {
            let (report, opinion) = if self.interactive {
                let played = self.interact(Pass { test, input: &input, answer, flags }).await?;
                self.check_report(&input, answer, flags, played).await?
            } else {
                self.pass(test, &input, answer, flags).await?
            };
            let mut tested = Tested { report: slower(slowest.take(), report), points: opinion.points };
            tested.report.checker_message = opinion.message.or(tested.report.checker_message);
            tested.report.team_message = opinion.team_message;
            match opinion.next_pass {
                Some(next) if tested.report.verdict == Verdict::Ac && self.passes > 1 => {
                    if pass >= self.passes {
                        return Ok(too_many_passes(tested, self.passes));
                    }
                    // What a reset cannot take back, such as counters of the control group and of PID 1, would tell
                    // this pass something of the last one.
                    self.bench.sandbox = None;
                    for session in &mut self.sessions {
                        session.forget_next_pass().await?;
                    }
                    input = Input::Bytes(next);
                    slowest = Some(tested.report);
                }
                _ => return Ok(tested),
            }
        }
        // The loop has no other end.
        Err(Fault::Package("a test without an end".to_owned()))
    }

    /// What an interactor of testlib accepted is judged by the checkers beside it, if there are any: by its report.
    async fn check_report(
        &mut self,
        input: &Input,
        answer: &Path,
        flags: &[String],
        (report, mut opinion): (TestReport, Opinion),
    ) -> Result<(TestReport, Opinion), Fault> {
        let Some((interactor, checkers)) = self.sessions.split_first_mut() else {
            return Ok((report, opinion));
        };
        let reports = interactor.validator.protocol == Protocol::Testlib && !checkers.is_empty();
        if report.verdict != Verdict::Ac || !reports {
            return Ok((report, opinion));
        }
        let told = opinion.report.take().unwrap_or_default();
        let failed = |source| Fault::File { what: "a file for an interactor's report".to_owned(), source };
        let spool = tempfile::NamedTempFile::new().map_err(failed)?;
        tokio::fs::write(spool.path(), &told).await.map_err(failed)?;
        let opinion =
            ask_all(checkers, Asked { input, answer, output: spool.path(), flags }, opinion).await?;
        Ok((TestReport { verdict: of_opinion(&opinion).verdict, ..report }, opinion))
    }

    /// The program to its end, then the default checker, or nothing.
    async fn plainly(&mut self, test: &TestSpec) -> Result<TestReport, Fault> {
        let mut run = self.bench.attempt(test, &test.input, None).await?;
        let (ruling, rejection) = match of_run(&self.bench, &run) {
            Some(ruling) => (ruling, None),
            None => tracing::info_span!("check").in_scope(|| of_output(&mut run))?,
        };
        let report = report(&self.bench, test, ruling, Some(&run));
        Ok(TestReport { checker_message: rejection.or(report.checker_message), ..report })
    }

    /// One pass: the program to its end, then every validator.
    async fn pass(
        &mut self,
        test: &TestSpec,
        input: &Input,
        answer: &Path,
        flags: &[String],
    ) -> Result<(TestReport, Opinion), Fault> {
        let spool = tempfile::NamedTempFile::new()
            .map_err(|source| Fault::File { what: "a file for an output".to_owned(), source })?;
        let reopened = spool
            .reopen()
            .map_err(|source| Fault::File { what: "a file for an output".to_owned(), source })?;
        let mut run = self.bench.attempt(test, input, Some(reopened)).await?;
        let agreed = Opinion::only(ValidatorVerdict::Accept);
        if let Some(ruling) = of_run(&self.bench, &run) {
            return Ok((report(&self.bench, test, ruling, Some(&run)), agreed));
        }
        // Nothing was compared. But where there is no output nobody is asked, and one that could not be kept whole is
        // nobody's to judge.
        let (ruling, missing) = of_output(&mut run)?;
        if missing.is_some() {
            let report = report(&self.bench, test, ruling, Some(&run));
            return Ok((report, Opinion { message: missing, ..Opinion::only(ValidatorVerdict::Reject) }));
        }
        let agreed =
            ask_all(&mut self.sessions, Asked { input, answer, output: spool.path(), flags }, agreed).await?;
        Ok((report(&self.bench, test, of_opinion(&agreed), Some(&run)), agreed))
    }
}

/// The files that a validator judges by.
#[derive(Clone, Copy)]
struct Asked<'a> {
    input: &'a Input,
    answer: &'a Path,
    output: &'a Path,
    flags: &'a [String],
}

/// Asks one validator after the other, until one does not accept. What a later one says outweighs what was said before.
async fn ask_all(
    sessions: &mut [ValidatorSession<'_>],
    asked: Asked<'_>,
    mut agreed: Opinion,
) -> Result<Opinion, Fault> {
    let Asked { input, answer, output, flags } = asked;
    for session in sessions {
        let checked = session.judge(input, answer, output, flags);
        let opinion = checked.instrument(tracing::info_span!("check")).await?;
        let decided = opinion.verdict != ValidatorVerdict::Accept;
        agreed = Opinion {
            verdict: opinion.verdict,
            message: opinion.message.or(agreed.message),
            team_message: opinion.team_message.or(agreed.team_message),
            points: opinion.points.or(agreed.points),
            next_pass: opinion.next_pass.or(agreed.next_pass),
            report: None,
        };
        if decided {
            break;
        }
    }
    Ok(agreed)
}

/// Of two runs of a test the one that counts, when the first one missed its CPU limit.
fn faster(before: Tested, now: Tested) -> Tested {
    let slower = now.report.limit == Some(LimitHit::Cpu) && now.report.cpu_ms > before.report.cpu_ms;
    if slower { before } else { now }
}

/// Whether a run missed its CPU limit by so little that it deserves another one.
fn is_close_miss(bench: &Bench<'_>, report: &TestReport) -> bool {
    let most_ms = bench.run_limits().cpu.as_secs_f64() * 1e3 * CLOSE;
    bench.rerun_close && report.limit == Some(LimitHit::Cpu) && report.cpu_ms <= most_ms
}

/// The figures of the slowest pass, the words of the last.
fn slower(before: Option<TestReport>, now: TestReport) -> TestReport {
    match before {
        Some(before) => TestReport {
            cpu_ms: now.cpu_ms.max(before.cpu_ms),
            wall_ms: now.wall_ms.max(before.wall_ms),
            waited_ms: now.waited_ms.into_iter().chain(before.waited_ms).reduce(f64::max),
            memory_bytes: now.memory_bytes.max(before.memory_bytes),
            ..now
        },
        None => now,
    }
}

fn too_many_passes(tested: Tested, passes: u32) -> Tested {
    let mut report = tested.report;
    report.verdict = Verdict::Je;
    report.checker_message =
        Some(format!("the validator asked for more than {passes} passes (limits.validation_passes)"));
    Tested { report, points: None }
}
