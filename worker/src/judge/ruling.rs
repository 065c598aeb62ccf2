//! The verdict on one test. What is not decided yet is [`None`], never a verdict that stands for it.

use gavel_model::{LimitHit, TestReport, Verdict};
use gavel_runner::Ending;

use super::decide::{decide, memory, out_of_memory};
use crate::check::{Opinion, ValidatorVerdict};
use crate::fault::Fault;
use crate::run::{Bench, Left, Reached, TestRun, TestSpec};
use crate::sandbox::cpu_time;

/// A verdict, and the limit that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    pub(super) limit: Option<LimitHit>,
}

impl Ruling {
    pub(super) const fn of(verdict: Verdict) -> Self {
        Self { verdict, limit: None }
    }
}

/// What a run decides by itself, whatever was printed; nothing for a run that ended well.
pub(super) fn of_run(bench: &Bench<'_>, run: &TestRun) -> Option<Ruling> {
    match &run.reached {
        Reached::End(outcome) => {
            let rules = &bench.program.language.run.out_of_memory;
            let said = out_of_memory(rules, &outcome.ending, || run.observer.last.text());
            let (verdict, limit) = decide(outcome, &bench.run_limits(), said);
            match (verdict, &run.left) {
                // What ended it may be that its file could not grow.
                (None | Some(Verdict::Rte), Some(Left::TooLong(_))) => {
                    Some(Ruling { verdict: Verdict::Ole, limit: Some(LimitHit::Output) })
                }
                _ => verdict.map(|verdict| Ruling { verdict, limit }),
            }
        }
        Reached::OutOfMemory => Some(Ruling { verdict: Verdict::Mle, limit: Some(LimitHit::Memory) }),
        Reached::NotLoaded(_) => Some(Ruling::of(Verdict::Rte)),
    }
}

/// What the default checker decides of a run that ended well, and why it rejects.
pub(super) fn of_output(run: &mut TestRun) -> Result<(Ruling, Option<String>), Fault> {
    if let Some(Left::Nothing(what)) = &run.left {
        return Ok((Ruling::of(Verdict::Wa), Some(format!("there is no output: {what}"))));
    }
    Ok(match run.observer.rejection()? {
        None => (Ruling::of(Verdict::Ac), None),
        Some(rejection) => (Ruling::of(Verdict::Wa), Some(rejection)),
    })
}

/// What a problem's own validator decides.
pub(super) const fn of_opinion(opinion: &Opinion) -> Ruling {
    Ruling::of(match opinion.verdict {
        ValidatorVerdict::Accept => Verdict::Ac,
        ValidatorVerdict::Reject => Verdict::Wa,
        ValidatorVerdict::Broken => Verdict::Je,
    })
}

/// The report of a test that was decided; `run` is missing where the run was cut off with its sandbox.
pub(super) fn report(
    bench: &Bench<'_>,
    test: &TestSpec,
    ruling: Ruling,
    run: Option<&TestRun>,
) -> TestReport {
    let mut report = TestReport::new(&test.name, test.group.as_deref(), ruling.verdict);
    report.limit = ruling.limit;
    let Some(run) = run else { return report };
    let (mut stdout_bytes, mut stderr_bytes) = (0, 0);
    match &run.reached {
        Reached::End(outcome) => {
            report.cpu_ms = cpu_time(outcome).as_secs_f64() * 1e3;
            report.wall_ms = outcome.wall_us as f64 / 1e3;
            report.waited_ms = outcome.waited_us.map(|waited_us| waited_us as f64 / 1e3);
            report.memory_bytes = memory(outcome, bench.run_limits().memory_bytes);
            match &outcome.ending {
                Ending::Code(code) => report.exit_code = Some(*code),
                Ending::Signal(signal) => report.signal = Some(*signal),
                Ending::NotStarted { errno, what } => {
                    report.checker_message =
                        Some(format!("the program could not be started: {what}, error {errno}"));
                }
            }
            (stdout_bytes, stderr_bytes) = (outcome.stdout_bytes, outcome.stderr_bytes);
            if let Some(Left::Output(bytes) | Left::TooLong(bytes)) = run.left {
                stdout_bytes = bytes;
            }
        }
        Reached::OutOfMemory => report.memory_bytes = bench.run_limits().memory_bytes,
        Reached::NotLoaded(why) => {
            report.checker_message = Some(format!("the program does not fit into its sandbox: {why}"));
        }
    }
    if bench.show > 0 {
        report.stdout = Some(run.observer.out.captured(stdout_bytes));
        report.stderr = Some(run.observer.err.captured(stderr_bytes));
    }
    report
}
