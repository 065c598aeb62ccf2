//! A submission on trial at a problem: test by test, pass by pass.

use std::path::Path;

use gavel_model::{TestReport, Verdict};
use gavel_problem::grade::Points;

use super::interaction::{Pass, share};
use crate::check::{Opinion, Seat, Validator, Validators, Word};
use crate::container::PipesVolume;
use crate::fault::Fault;
use crate::run::{Bench, CheckBy, TestSpec};
use crate::sandbox::Input;

/// A program and the validators of its problem.
pub struct Trial<'a> {
    pub(super) bench: Bench<'a>,
    pub(super) seats: Vec<Seat<'a>>,
    interactive: bool,
    /// How many passes a test may have; 1 for a problem that is not multi-pass.
    passes: u32,
    /// Joins program and interactor.
    pub(super) volume: Option<PipesVolume>,
}

/// What became of one test: the report and the points a validator gave.
#[derive(Clone, Debug)]
pub struct Tried {
    /// For the result.
    pub report: TestReport,
    /// For the grader.
    pub points: Option<Points>,
}

impl<'a> Trial<'a> {
    /// A trial by the default checker, or by nothing at all.
    #[must_use]
    pub fn plain(bench: Bench<'a>) -> Self {
        Self { bench, seats: Vec::new(), interactive: false, passes: 1, volume: None }
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
        let seat = |validator: &std::sync::Arc<Validator>| Seat {
            validator: std::sync::Arc::clone(validator),
            limits: validators.limits,
            sandboxes: bench.sandboxes,
            cores: bench.cores,
            pipes: None,
            sandbox: None,
        };
        let mut seats: Vec<_> = validators.programs.iter().map(seat).collect();
        let mut volume = None;
        if interactive && let Some(seat) = seats.first_mut() {
            // Joined sandboxes are never warm ones.
            bench.sandbox = None;
            volume = Some(share(bench.sandboxes, &mut bench, seat).await?);
        }
        Ok(Self { bench, seats, interactive, passes, volume })
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
                self.interact(Pass { test, input: &input, answer, flags }).await?
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
        let mut agreed = Opinion::only(Word::Accept);
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
