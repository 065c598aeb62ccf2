//! A submission on trial at a problem: test by test, pass by pass.

use std::path::Path;
use std::time::Duration;

use gavel_model::{TestReport, Verdict};
use gavel_problem::grade::Points;
use gavel_runner::{Ending, Limit, Outcome};

use crate::check::{Opinion, SAID, Seat, Validator, Validators, Word};
use crate::container::PipesVolume;
use crate::fault::Fault;
use crate::run::{Bench, CheckBy, Reported, TestSpec};
use crate::sandbox::{Head, Input, SandboxError, join};

/// A program and the validators of its problem.
pub struct Trial<'a> {
    bench: Bench<'a>,
    seats: Vec<Seat<'a>>,
    interactive: bool,
    /// How many passes a test may have; 1 for a problem that is not multi-pass.
    passes: u32,
    /// Joins program and interactor.
    _volume: Option<PipesVolume>,
    pairs: u32,
}

/// What became of one test: the report and the points a validator gave.
#[derive(Clone, Debug)]
pub struct Tried {
    /// For the result.
    pub report: TestReport,
    /// For the grader.
    pub points: Option<Points>,
}

/// How long an interactor may go on after its program has ended.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// Linux, `signal(7)`.
const SIGPIPE: i32 = 13;

impl<'a> Trial<'a> {
    /// A trial by the default checker, or by nothing at all.
    #[must_use]
    pub fn plain(bench: Bench<'a>) -> Self {
        Self { bench, seats: Vec::new(), interactive: false, passes: 1, _volume: None, pairs: 0 }
    }

    /// A trial by validators.
    ///
    /// # Errors
    /// When the volume of an interactive pair cannot be made.
    pub async fn validated(
        mut bench: Bench<'a>,
        validators: &Validators,
        interactive: bool,
        passes: u32,
    ) -> Result<Self, Fault> {
        let volume = if interactive { Some(bench.sandboxes.engine().create_pipes().await?) } else { None };
        let pipes = volume.as_ref().map(|volume| volume.name().to_owned());
        if pipes.is_some() {
            // Joined sandboxes are never warm ones.
            bench.sandbox = None;
        }
        bench.pipes.clone_from(&pipes);
        let seat = |validator: &std::sync::Arc<Validator>| Seat {
            validator: std::sync::Arc::clone(validator),
            limits: validators.limits,
            sandboxes: bench.sandboxes,
            cores: bench.cores,
            pipes: pipes.clone(),
            sandbox: None,
        };
        let seats = validators.programs.iter().map(seat).collect();
        Ok(Self { bench, seats, interactive, passes, _volume: volume, pairs: 0 })
    }

    /// Runs one test. A close miss of the CPU limit is run once more with nothing beside it, and both figures are
    /// told.
    ///
    /// # Errors
    /// Only for faults that are neither the program's nor the package's.
    pub async fn test(&mut self, test: &TestSpec) -> Result<Tried, Fault> {
        let quiet = self.bench.quiet;
        let first = {
            let _beside_others = quiet.read().await;
            self.once(test).await?
        };
        if !self.bench.is_close_miss(&first.report) {
            return Ok(first);
        }
        let _alone = quiet.write().await;
        let second = self.once(test).await?;
        let report = TestReport { first_cpu_ms: Some(first.report.cpu_ms), ..second.report };
        Ok(Tried { report, points: second.points })
    }

    async fn once(&mut self, test: &TestSpec) -> Result<Tried, Fault> {
        let CheckBy::Validators { answer, flags } = &test.check else {
            let report = self.bench.attempt(test, &test.input, None).await?;
            return Ok(Tried { report, points: None });
        };
        for seat in &mut self.seats {
            seat.clear().await?;
        }
        let mut input = test.input.clone();
        let mut slowest: Option<TestReport> = None;
        for pass in 1.. {
            let (report, opinion) = if self.interactive {
                self.interact(test, &input, answer, flags).await?
            } else {
                self.pass(test, &input, answer, flags).await?
            };
            let next = opinion.next_pass.clone();
            let tried = conclude(slower(slowest.take(), report), opinion);
            match next {
                Some(next) if tried.report.verdict == Verdict::Ac && self.passes > 1 => {
                    if pass >= self.passes {
                        return Ok(too_many_passes(tried, self.passes));
                    }
                    for seat in &mut self.seats {
                        seat.forget_next_pass().await?;
                    }
                    input = Input::Bytes(next);
                    slowest = Some(tried.report);
                }
                _ => return Ok(tried),
            }
        }
        // The loop has no other end.
        Err(Fault::Package("a test without an end".to_owned()))
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
        let report = self.bench.attempt(test, input, Some(reopened)).await?;
        let mut agreed =
            Opinion { word: Word::Accept, message: None, team_message: None, points: None, next_pass: None };
        if report.verdict != Verdict::Ac {
            return Ok((report, agreed));
        }
        for seat in &mut self.seats {
            let opinion = seat.judge(input, answer, spool.path(), flags).await?;
            let decided = opinion.word != Word::Accept;
            agreed = Opinion {
                word: opinion.word,
                message: opinion.message.or(agreed.message),
                team_message: opinion.team_message.or(agreed.team_message),
                points: opinion.points.or(agreed.points),
                next_pass: opinion.next_pass.or(agreed.next_pass),
            };
            if decided {
                break;
            }
        }
        Ok((report, agreed))
    }

    /// One pass of an interactive problem: both at once, joined by FIFOs.
    async fn interact(
        &mut self,
        test: &TestSpec,
        input: &Input,
        answer: &Path,
        flags: &[String],
    ) -> Result<(TestReport, Opinion), Fault> {
        let Some(seat) = self.seats.first_mut() else {
            return Err(Fault::Package("an interactive problem without an output validator".to_owned()));
        };
        self.pairs += 1;
        let (mut program, mut judge) = tokio::try_join!(self.bench.take(), seat.take())?;
        self.bench.put_files(&mut program, test).await?;
        seat.lay_out(&mut judge, input, answer).await?;
        join(&mut program, &mut judge, self.pairs).await?;
        let job = self.bench.interactive_job(test);
        let judge_job = seat.job(flags, true, job.wall + seat.limits.cpu * 2 + LAST_WORDS);
        let mut observer = self.bench.observer(test, None)?;
        let mut said = Head::new(SAID);
        let (outcome, judged) = {
            let (judge_gone, program_gone) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
            // What a rejected program still does is of no interest.
            let play = async {
                let end = program.run_until(&job, &Input::Pipe, &mut observer, judge_gone.notified()).await;
                program_gone.notify_one();
                end
            };
            let overdue = async {
                program_gone.notified().await;
                tokio::time::sleep(LAST_WORDS).await;
            };
            let watch = async {
                let end = judge.run_until(&judge_job, &Input::Pipe, &mut said, overdue).await;
                if end.as_ref().is_ok_and(|outcome| {
                    outcome.ending != Ending::Code(42) && outcome.ending != Ending::Code(0)
                }) {
                    judge_gone.notify_one();
                }
                end
            };
            tokio::join!(play, watch)
        };
        let judged = match judged {
            Ok(judged) => judged,
            Err(SandboxError::OutOfMemory) => {
                let report = self.bench.gone(test);
                return Ok((report, seat.broken("it ran out of memory")));
            }
            Err(error) => return Err(error.into()),
        };
        let opinion = seat.conclude(judge, &judged, &said).await?;
        let reported = match outcome {
            Ok(outcome) => self.bench.settle(test, program, outcome, observer).await?,
            Err(SandboxError::OutOfMemory) => {
                Reported { report: self.bench.out_of_memory(test, &observer), outcome: None }
            }
            Err(error) => return Err(error.into()),
        };
        Ok(precedence(reported, &judged, opinion))
    }
}

/// Whose word counts (the package format, "Interactive problems", and problemtools' `judge/execute.py`):
/// a broken validator, a rejection by a validator that ended first, the program's own failure, the validator.
fn precedence(reported: Reported, judged: &Outcome, opinion: Opinion) -> (TestReport, Opinion) {
    let Reported { mut report, outcome } = reported;
    let fine = |opinion: Opinion| Opinion { word: Word::Accept, next_pass: None, ..opinion };
    let program_failed = report.verdict != Verdict::Ac;
    let killed_judge = judged.limit == Some(Limit::Killed);
    if opinion.word == Word::Broken {
        // An interactor that had nothing left to say to a program that was stopped is not at fault.
        if killed_judge && matches!(report.verdict, Verdict::Tle) {
            return (report, fine(opinion));
        }
        report.verdict = Verdict::Ac;
        return (report, opinion);
    }
    let judge_first = outcome.as_ref().is_some_and(|outcome| {
        // Its pipe closes when a program is stopped for its time, and the interactor may see that, reject and end
        // before the program's end is noticed. A program that still ran when it was rejected is killed at once, and
        // then bears no limit.
        let out_of_time = matches!(outcome.limit, Some(Limit::Cpu | Limit::Wall));
        !out_of_time && (judged.ended_ns <= outcome.ended_ns || outcome.ending == Ending::Signal(SIGPIPE))
    });
    if opinion.word == Word::Reject && judge_first {
        // What the program did after its pipe closed does not count: neither a crash nor the time.
        report.verdict = Verdict::Ac;
        report.limit = None;
        return (report, opinion);
    }
    if program_failed {
        return (report, fine(opinion));
    }
    (report, opinion)
}

/// Joins what was measured with what the validators say.
fn conclude(mut report: TestReport, opinion: Opinion) -> Tried {
    if report.verdict == Verdict::Ac {
        report.verdict = match opinion.word {
            Word::Accept => Verdict::Ac,
            Word::Reject => Verdict::Wa,
            Word::Broken => Verdict::Je,
        };
    }
    report.checker_message = opinion.message.or(report.checker_message);
    report.team_message = opinion.team_message;
    Tried { report, points: opinion.points }
}

/// The figures of the slowest pass, the words of the last.
fn slower(before: Option<TestReport>, now: TestReport) -> TestReport {
    match before {
        Some(before) => TestReport {
            cpu_ms: now.cpu_ms.max(before.cpu_ms),
            wall_ms: now.wall_ms.max(before.wall_ms),
            memory_bytes: now.memory_bytes.max(before.memory_bytes),
            ..now
        },
        None => now,
    }
}

fn too_many_passes(tried: Tried, passes: u32) -> Tried {
    let mut report = tried.report;
    report.verdict = Verdict::Je;
    report.checker_message =
        Some(format!("the validator asked for more than {passes} passes (limits.validation_passes)"));
    Tried { report, points: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::LimitHit;
    use test_case::test_case;

    fn outcome(ending: Ending, limit: Option<Limit>, ended_ns: u64) -> Outcome {
        Outcome {
            ending,
            limit,
            user_us: 0,
            system_us: 0,
            cgroup_cpu_us: None,
            wall_us: 0,
            max_rss_bytes: 0,
            oom_kills: None,
            stdout_bytes: 0,
            stderr_bytes: 0,
            processes: 1,
            started_ns: 0,
            ended_ns,
        }
    }

    /// The interactor ends with a rejection at 100.
    #[test_case(Verdict::Rte, Ending::Code(1), None, 200 => Verdict::Wa; "a crash that the rejection caused")]
    #[test_case(Verdict::Rte, Ending::Code(1), None, 50 => Verdict::Rte; "a crash that caused the rejection")]
    #[test_case(Verdict::Rte, Ending::Signal(9), Some(Limit::Killed), 200 => Verdict::Wa; "killed once rejected")]
    #[test_case(Verdict::Tle, Ending::Signal(9), Some(Limit::Cpu), 200 => Verdict::Tle; "out of CPU time, noticed late")]
    #[test_case(Verdict::Tle, Ending::Signal(9), Some(Limit::Wall), 200 => Verdict::Tle; "out of time, noticed late")]
    fn whose_word_counts(verdict: Verdict, ending: Ending, limit: Option<Limit>, ended_ns: u64) -> Verdict {
        let mut report = TestReport::new("1", None, verdict);
        report.limit = (verdict == Verdict::Tle).then_some(LimitHit::Cpu);
        let reported = Reported { report, outcome: Some(outcome(ending, limit, ended_ns)) };
        let rejection =
            Opinion { word: Word::Reject, message: None, team_message: None, points: None, next_pass: None };
        let (report, opinion) = precedence(reported, &outcome(Ending::Code(43), None, 100), rejection);
        conclude(report, opinion).report.verdict
    }
}
