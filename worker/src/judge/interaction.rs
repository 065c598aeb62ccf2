//! Interactive problems: a pass of a trial in which program and interactor run at the same time.

use std::path::Path;

use gavel_model::{TestReport, Verdict};

use super::dialogue::{LAST_WORDS, SETTLE, Side, talk};
use super::precedence::{Judged, verdict};
use super::trial::Trial;
use crate::check::{Opinion, SAID, Seat, Word};
use crate::container::PipesVolume;
use crate::fault::Fault;
use crate::pool::{Lease, Sandboxes};
use crate::run::{Bench, TestSpec};
use crate::sandbox::{Head, Input, PipeNames, Ran, SandboxError};

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

impl Trial<'_> {
    /// One pass of an interactive problem: both at once, joined by FIFOs.
    pub(super) async fn interact(&mut self, pass: Pass<'_>) -> Result<(TestReport, Opinion), Fault> {
        let Self { bench, seats, volume, .. } = self;
        let Some(seat) = seats.first_mut() else {
            return Err(Fault::Package("an interactive problem without an output validator".to_owned()));
        };
        let reset = |lease: &Option<Lease>| lease.as_ref().is_some_and(|lease| lease.awaits_reset());
        let (program_reset, judge_reset) = (reset(&bench.sandbox), reset(&seat.sandbox));
        let mut joined = join(bench, seat, pass).await;
        // Once more if a sandbox could not be wiped: a new one has nothing to be wiped.
        match &joined {
            Err(Unready::Program(Fault::Sandbox(SandboxError::Failed { what }))) if program_reset => {
                tracing::info!(what, "a program's sandbox could not be reset; taking a new one");
                bench.sandbox = None;
                joined = join(bench, seat, pass).await;
            }
            Err(Unready::Judge(Fault::Sandbox(SandboxError::Failed { what }))) if judge_reset => {
                tracing::info!(what, "an interactor's sandbox could not be reset; taking new ones");
                (bench.sandbox, seat.sandbox) = (None, None);
                *volume = Some(share(bench.sandboxes, bench, seat).await?);
                joined = join(bench, seat, pass).await;
            }
            _ => {}
        }
        match joined {
            Ok(pair) => play(bench, seat, pair, pass).await,
            // It does not even fit into its memory.
            Err(Unready::Program(Fault::Sandbox(SandboxError::OutOfMemory))) => {
                let observer = bench.observer(pass.test, None)?;
                Ok((bench.out_of_memory(pass.test, &observer), Opinion::only(Word::Accept)))
            }
            Err(Unready::Judge(Fault::Sandbox(SandboxError::OutOfMemory))) => {
                Ok((bench.gone(pass.test), seat.broken("it ran out of memory")))
            }
            // Files that do not fit, for example.
            Err(Unready::Judge(Fault::Sandbox(SandboxError::Failed { what }))) => {
                Ok((bench.gone(pass.test), seat.broken(&what)))
            }
            Err(Unready::Program(fault) | Unready::Judge(fault)) => Err(fault),
        }
    }
}

/// Makes the volume that joins a program with its interactor.
pub(super) async fn share(
    sandboxes: &Sandboxes,
    bench: &mut Bench<'_>,
    seat: &mut Seat<'_>,
) -> Result<PipesVolume, Fault> {
    let volume = sandboxes.engine().create_pipes().await?;
    (bench.pipes, seat.pipes) = (Some(volume.name().to_owned()), Some(volume.name().to_owned()));
    Ok(volume)
}

/// Makes both sides ready for a pass and joins them.
async fn join(bench: &mut Bench<'_>, seat: &mut Seat<'_>, pass: Pass<'_>) -> Result<Pair, Unready> {
    let names = PipeNames::random();
    let (program, judge) = tokio::join!(bench.take(), seat.take());
    let mut judge = match judge {
        Ok(judge) => judge,
        Err(fault) => {
            bench.sandbox = program.ok();
            return Err(Unready::Judge(fault));
        }
    };
    let judge_ready = async {
        seat.lay_out(&mut judge, pass.input, pass.answer).await?;
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
            seat.sandbox = Some(judge);
            Err(Unready::Program(fault))
        }
    }
}

/// Lets both talk, and decides.
async fn play(
    bench: &mut Bench<'_>,
    seat: &mut Seat<'_>,
    Pair { mut program, mut judge }: Pair,
    pass: Pass<'_>,
) -> Result<(TestReport, Opinion), Fault> {
    let job = bench.interactive_job(pass.test);
    // Longer than the interactor can ever be waited for: its time passes while the program thinks.
    let judge_job = seat.job(pass.flags, true, job.wall + SETTLE + LAST_WORDS * 2);
    let mut observer = bench.observer(pass.test, None)?;
    let mut said = Head::new(SAID);
    let protocol = seat.validator.protocol;
    let talk = talk(
        Side { sandbox: &mut program, job: &job, sink: &mut observer },
        Side { sandbox: &mut judge, job: &judge_job, sink: &mut said },
        |outcome| bench.fault(outcome),
        |outcome| protocol.word(outcome) == Word::Accept,
    )
    .await;
    let ran = match talk.judge {
        Ok(ran) => ran,
        Err(SandboxError::OutOfMemory) => {
            return Ok((bench.gone(pass.test), seat.broken("it ran out of memory")));
        }
        Err(error) => return Err(error.into()),
    };
    let report = match talk.program {
        Ok(outcome) => bench.settle(pass.test, program, &outcome, observer).await?,
        Err(SandboxError::OutOfMemory) => bench.out_of_memory(pass.test, &observer),
        Err(error) => return Err(error.into()),
    };
    let opinion = match seat.conclude(judge, &ran.outcome, &said).await {
        // Something in the feedback folder that is no file, for example.
        Err(Fault::Sandbox(SandboxError::Failed { what })) => seat.broken(&what),
        other => other?,
    };
    Ok(weigh(report, &ran, opinion))
}

/// Gives the word to whom it belongs: a report that still says `AC` leaves the verdict to the opinion.
fn weigh(mut report: TestReport, ran: &Ran, opinion: Opinion) -> (TestReport, Opinion) {
    let program = (report.verdict != Verdict::Ac).then_some(report.verdict);
    let judged = Judged::of(&ran.outcome, opinion.word);
    let decided = verdict(program, judged, ran.end_shown);
    if program == Some(decided) {
        // Points for a failed program are none, and what a confused interactor prints explains nothing.
        let message = opinion.message.filter(|_| matches!(judged, Judged::Said(Word::Accept | Word::Reject)));
        let team_message = opinion.team_message;
        return (report, Opinion { message, team_message, ..Opinion::only(Word::Accept) });
    }
    (report.verdict, report.limit) = (Verdict::Ac, None);
    if judged == Judged::Stopped {
        let message = format!("the interactor did not end within {LAST_WORDS:?} after the program had ended");
        return (report, Opinion { message: Some(message), ..Opinion::only(Word::Reject) });
    }
    (report, opinion)
}
