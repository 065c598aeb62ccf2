//! Interactive problems: a pass in which program and interactor run at the same time.

use std::path::Path;

use gavel_model::{LimitHit, TestReport, Verdict};

use super::decide::decide;
use super::dialogue::{LAST_WORDS, Side, patience, talk};
use super::precedence::{Judged, verdict};
use super::ruling::{Ruling, of_opinion, of_run, report};
use super::test_runner::TestRunner;
use crate::check::{Opinion, SAID, ValidatorSession, ValidatorVerdict};
use crate::container::PipesVolume;
use crate::fault::Fault;
use crate::pool::{Lease, Sandboxes};
use crate::run::{Bench, Reached, TestRun, TestSpec};
use crate::sandbox::{Head, Input, PipeNames, SandboxError};

/// The files of one pass.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub(super) test: &'a TestSpec,
    pub(super) input: &'a Input,
    pub(super) answer: &'a Path,
    pub(super) flags: &'a [String],
}

/// Two sandboxes that are joined.
struct Pair {
    program: Lease,
    judge: Lease,
}

/// Why they are not.
enum Unready {
    /// For the program's side. The interactor's side, which may hold what earlier passes left, is kept.
    Program(Fault),
    /// For the interactor's side.
    Judge(Fault),
}

impl TestRunner<'_> {
    /// One pass of an interactive problem: both at once, joined by FIFOs.
    pub(super) async fn interact(&mut self, pass: Pass<'_>) -> Result<(TestReport, Opinion), Fault> {
        let Self { bench, sessions, volume, .. } = self;
        let Some(session) = sessions.first_mut() else {
            return Err(Fault::Package("an interactive problem without an output validator".to_owned()));
        };
        let mut joined = join(bench, session, pass).await;
        // Once more if a sandbox could not be wiped: a new one has nothing to be wiped.
        match &joined {
            Err(Unready::Program(Fault::Sandbox(SandboxError::NotReset { what }))) => {
                tracing::info!(what, "a program's sandbox could not be reset; taking a new one");
                bench.sandbox = None;
                joined = join(bench, session, pass).await;
            }
            Err(Unready::Judge(Fault::Sandbox(SandboxError::NotReset { what }))) => {
                tracing::info!(what, "an interactor's sandbox could not be reset; taking new ones");
                (bench.sandbox, session.sandbox) = (None, None);
                *volume = Some(share(bench.sandboxes, bench, session).await?);
                joined = join(bench, session, pass).await;
            }
            _ => {}
        }
        match joined {
            Ok(pair) => play(bench, session, pair, pass).await,
            // It does not even fit into its sandbox.
            Err(Unready::Program(Fault::Sandbox(error))) => {
                let reached = bench.stopped_short(pass.test, error)?;
                let run = TestRun { reached, observer: bench.observer(pass.test, None)?, left: None };
                let ruling = of_run(bench, &run).unwrap_or(Ruling::of(Verdict::Je));
                Ok((report(bench, pass.test, ruling, Some(&run)), Opinion::only(ValidatorVerdict::Accept)))
            }
            Err(Unready::Judge(Fault::Sandbox(SandboxError::OutOfMemory))) => {
                Ok(broken(bench, pass.test, session, "it ran out of memory"))
            }
            Err(Unready::Judge(Fault::Sandbox(error @ SandboxError::FileRefused { .. }))) => {
                Ok(broken(bench, pass.test, session, &error.to_string()))
            }
            Err(Unready::Program(fault) | Unready::Judge(fault)) => Err(fault),
        }
    }
}

/// Makes the volume that joins a program with its interactor.
pub(super) async fn share(
    sandboxes: &Sandboxes,
    bench: &mut Bench<'_>,
    session: &mut ValidatorSession<'_>,
) -> Result<PipesVolume, Fault> {
    let volume = sandboxes.engine().create_pipes().await?;
    (bench.pipes, session.pipes) = (Some(volume.name().to_owned()), Some(volume.name().to_owned()));
    Ok(volume)
}

/// Makes both sides ready for a pass and joins them.
async fn join(
    bench: &mut Bench<'_>,
    session: &mut ValidatorSession<'_>,
    pass: Pass<'_>,
) -> Result<Pair, Unready> {
    let names = PipeNames::random();
    let (program, judge) = tokio::join!(bench.take(), session.take());
    let mut judge = match judge {
        Ok(judge) => judge,
        Err(fault) => {
            bench.sandbox = program.ok();
            return Err(Unready::Judge(fault));
        }
    };
    let judge_ready = async {
        session.lay_out(&mut judge, pass.input, pass.answer).await?;
        Ok(judge.make_pipes(&names).await?)
    };
    if let Err(fault) = judge_ready.await {
        bench.sandbox = program.ok();
        return Err(Unready::Judge(fault));
    }
    let program_ready = async {
        let mut program = program?;
        bench.put_files(&mut program, pass.test).await?;
        program.open_pipes(&names).await?;
        Ok(program)
    };
    match program_ready.await {
        Ok(program) => match judge.seal_pipes().await {
            Ok(()) => Ok(Pair { program, judge }),
            Err(error) => Err(Unready::Judge(error.into())),
        },
        Err(fault) => {
            session.sandbox = Some(judge);
            Err(Unready::Program(fault))
        }
    }
}

/// Lets both talk, and decides.
async fn play(
    bench: &mut Bench<'_>,
    session: &mut ValidatorSession<'_>,
    Pair { mut program, mut judge }: Pair,
    pass: Pass<'_>,
) -> Result<(TestReport, Opinion), Fault> {
    let job = bench.interactive_job(pass.test);
    let judge_job = session.job(pass.flags, true, patience(job.longest()));
    let mut observer = bench.observer(pass.test, None)?;
    let mut said = Head::new(SAID);
    let protocol = session.validator.protocol;
    let limits = bench.run_limits();
    let talk = talk(
        Side { sandbox: &mut program, job: &job, sink: &mut observer },
        Side { sandbox: &mut judge, job: &judge_job, sink: &mut said },
        |outcome| decide(outcome, &limits, false).0,
        |outcome| protocol.verdict(outcome) == ValidatorVerdict::Accept,
    )
    .await;
    let ran = match talk.judge {
        Ok(ran) => ran,
        Err(SandboxError::OutOfMemory) => {
            return Ok(broken(bench, pass.test, session, "it ran out of memory"));
        }
        Err(error) => return Err(error.into()),
    };
    let reached = match talk.program {
        Ok(outcome) => {
            bench.keep(program, &job, &outcome).await?;
            Reached::End(outcome)
        }
        Err(error) => bench.stopped_short(pass.test, error)?,
    };
    let opinion = match session.conclude(judge, &judge_job, &ran.outcome, &said).await {
        // Something in the feedback folder that is no file, for example.
        Err(Fault::Sandbox(error @ (SandboxError::FetchRefused { .. } | SandboxError::OutOfMemory))) => {
            session.broken(&error.to_string())
        }
        other => other?,
    };
    let run = TestRun { reached, observer, left: None };
    let flood = flood(limits.output_bytes, pass)
        .await
        .map_err(|source| Fault::File { what: "the size of a test's files".to_owned(), source })?;
    let judged = Judged::of(&ran.outcome, opinion.verdict, flood);
    let (ruling, opinion) = weigh(of_run(bench, &run), judged, ran.end_shown, opinion);
    Ok((report(bench, pass.test, ruling, Some(&run)), opinion))
}

/// What an interactor reads of its own accord, beside the test's files: its runtime.
const OWN_READING: u64 = 16 * 1024 * 1024;

/// How many bytes an interactor reads at most of a program that prints no more than it may: it may look at the files of
/// its test twice.
async fn flood(output_bytes: u64, pass: Pass<'_>) -> std::io::Result<u64> {
    let input = pass.input.size().await?;
    let answer = tokio::fs::metadata(pass.answer).await?.len();
    Ok(output_bytes.saturating_add(2 * (input + answer)).saturating_add(OWN_READING))
}

/// The judge error of an interactor that failed and took the program's run with it.
fn broken(
    bench: &Bench<'_>,
    test: &TestSpec,
    session: &ValidatorSession<'_>,
    why: &str,
) -> (TestReport, Opinion) {
    let opinion = session.broken(why);
    (report(bench, test, of_opinion(&opinion), None), opinion)
}

/// Gives the word to whom it belongs. `by_run` is what the program's run decides by itself.
fn weigh(by_run: Option<Ruling>, judged: Judged, end_shown: bool, opinion: Opinion) -> (Ruling, Opinion) {
    let decided = verdict(by_run.map(|run| run.verdict), judged, end_shown);
    if let Some(run) = by_run
        && run.verdict == decided
    {
        // Points for a failed program are none, and what a confused interactor prints explains nothing.
        let message = opinion
            .message
            .filter(|_| matches!(judged, Judged::Said(ValidatorVerdict::Accept | ValidatorVerdict::Reject)));
        let team_message = opinion.team_message;
        return (run, Opinion { message, team_message, ..Opinion::only(ValidatorVerdict::Accept) });
    }
    let ruling = Ruling::of(decided);
    if judged == Judged::Flooded {
        let said = opinion.message.as_deref().unwrap_or_default();
        let message =
            format!("the program wrote more than its output limit, and the interactor failed: {said}");
        let ruling = Ruling { limit: Some(LimitHit::Output), ..ruling };
        return (ruling, Opinion { message: Some(message), ..Opinion::only(ValidatorVerdict::Reject) });
    }
    if judged == Judged::Stopped {
        let message = format!("the interactor did not end within {LAST_WORDS:?} after the program had ended");
        return (ruling, Opinion { message: Some(message), ..Opinion::only(ValidatorVerdict::Reject) });
    }
    (ruling, opinion)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Ruling = Ruling { verdict: Verdict::Tle, limit: Some(LimitHit::Wall) };

    fn said(verdict: ValidatorVerdict) -> Opinion {
        Opinion { message: Some("because".to_owned()), ..Opinion::only(verdict) }
    }

    #[test]
    fn a_program_that_failed_keeps_its_limit_and_gets_no_next_pass() {
        let asks = Opinion { next_pass: Some(bytes::Bytes::new()), ..said(ValidatorVerdict::Accept) };
        let (ruling, opinion) = weigh(Some(SLOW), Judged::Said(ValidatorVerdict::Accept), true, asks);
        assert_eq!(ruling, SLOW);
        assert_eq!(opinion.next_pass, None);
    }

    #[test]
    fn a_rejection_before_the_programs_end_leaves_nothing_of_its_limit() {
        let (ruling, opinion) =
            weigh(Some(SLOW), Judged::Said(ValidatorVerdict::Reject), false, said(ValidatorVerdict::Reject));
        assert_eq!(ruling, Ruling::of(Verdict::Wa));
        assert_eq!(opinion.message.as_deref(), Some("because"));
    }

    #[test]
    fn a_program_that_drowned_its_interactor_is_over_its_output_limit_and_told_why() {
        let (ruling, opinion) = weigh(
            Some(Ruling::of(Verdict::Rte)),
            Judged::Flooded,
            false,
            Opinion { message: Some("out of memory".to_owned()), ..said(ValidatorVerdict::Broken) },
        );
        assert_eq!(ruling, Ruling { verdict: Verdict::Ole, limit: Some(LimitHit::Output) });
        assert!(opinion.message.unwrap().contains("out of memory"));
        assert_eq!(opinion.points, None);
    }

    #[test]
    fn an_interactor_without_a_word_is_never_content() {
        for by_run in [None, Some(SLOW)] {
            let (ruling, _) = weigh(by_run, Judged::Stopped, true, said(ValidatorVerdict::Accept));
            assert_ne!(ruling.verdict, Verdict::Ac, "{by_run:?}");
        }
    }
}
