//! A program that is run in a talk with somebody.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use gavel_model::{CompileReport, JudgeResult, LimitHit, LiveEnd, LiveRun, LiveStage, LiveStream};
use gavel_model::{TestReport, Timings, Verdict};
use gavel_runner::{Ending, Limit};

use super::case::{Case, Findings, Grade};
use super::compile_step::CompileStep;
use super::ruling::{Ruling, of_run, report};
use super::submission::Judge;
use crate::compile::{Compiled, Workplace};
use crate::fault::Fault;
use crate::run::{Bench, Observer, Reached, TestRun, TestSpec};
use crate::sandbox::{Partner, Sink as _, Told};
use crate::slots::Slot;

/// Whoever a live run is told to while it goes on.
#[async_trait]
pub trait Audience: Partner {
    /// A stage begins.
    async fn stage(&mut self, stage: LiveStage);
    /// The compile step is over.
    async fn compiled(&mut self, report: &CompileReport);
    /// Why it stopped the program, if it did.
    fn stopped(&self) -> Option<LiveEnd>;
    /// Whether it dropped some of the output because it had stopped the program.
    fn cut(&self) -> bool;
}

/// What became of a live run.
pub struct Live {
    /// Why it is over.
    pub reason: LiveEnd,
    /// What became of the program.
    pub result: JudgeResult,
}

/// What a program's run came to.
struct Talked {
    test: TestReport,
    reason: LiveEnd,
    /// The compile step, if there was one by the end.
    compile: Option<CompileReport>,
    /// Whether the program turned out to be none.
    refused: bool,
}

impl Judge {
    /// Compiles a program and runs it in a talk with `audience`. Nothing when the audience has gone.
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub async fn live(
        &self,
        run: &LiveRun,
        slot: &Slot,
        audience: &mut dyn Audience,
    ) -> Result<Option<Live>, Fault> {
        let started_at = jiff::Timestamp::now();
        let submission = &run.submission;
        self.parts.bounds.check(submission)?;
        let program = self.unpack(submission).await?;
        let case = Case { show: false, ..self.case(submission, program).await? };
        let sandboxes = self.parts.sandboxes.of_lane(case.lane);
        let at = Workplace { sandboxes: &sandboxes, cores: &slot.cores };
        let compile = &sandboxes.engine().config().compile;
        if case.program.language.compile.is_some() && case.program.late_check(&case.limits, compile).is_none()
        {
            audience.stage(LiveStage::Compile).await;
        }
        let mut timings = Timings::default();
        let (compiled, sandbox) = self.prepare(&case, at, None, &mut timings).await?;
        let told = |reason, findings| {
            let result = self.told(submission, 1, started_at, case.limits, findings);
            Ok(Some(Live { reason, result }))
        };
        let (artifact, said, unchecked) = match compiled {
            Compiled::Ready { artifact, report, unchecked } => (artifact, report, unchecked),
            Compiled::Failed(report) => {
                if let Some(sandbox) = sandbox {
                    sandboxes.give_back(sandbox);
                }
                audience.compiled(&report).await;
                let graded = Grade::refused();
                let findings = Findings { compile: Some(report), tests: Vec::new(), graded, timings };
                return told(LiveEnd::Done, findings);
            }
        };
        if let Some(report) = &said {
            audience.compiled(report).await;
        }
        let begin = Instant::now();
        let mut bench = self.bench(&case, &sandboxes, slot, artifact);
        let Some(test) = case.tests.first() else {
            return Err(Fault::Package("a live run without a run".to_owned()));
        };
        bench.load_into(sandbox).await?;
        audience.stage(LiveStage::Run).await;
        let step = CompileStep::new(&self.parts.compiler, said, unchecked);
        let wall = Duration::from_millis(run.session_ms);
        let Some(talked) = talked(&mut bench, test, wall, step, audience).await? else { return Ok(None) };
        if let Some(sandbox) = bench.sandbox.take() {
            sandboxes.give_back(sandbox);
        }
        timings.run_ms = begin.elapsed().as_secs_f64() * 1e3;
        let Talked { test, reason, compile, refused } = talked;
        let (graded, tests) = match refused {
            true => (Grade::refused(), Vec::new()),
            false => (Grade::of(test.verdict), vec![test]),
        };
        told(reason, Findings { compile, tests, graded, timings })
    }
}

async fn talked(
    bench: &mut Bench<'_>,
    test: &TestSpec,
    wall: Duration,
    mut step: CompileStep<'_>,
    audience: &mut dyn Audience,
) -> Result<Option<Talked>, Fault> {
    let mut observer = bench.observer(test, None)?;
    let job = bench.live_job(test, wall);
    let reached = match bench.take().await {
        Ok(mut sandbox) => match sandbox.talk(&job, &mut Watched { audience, observer: &mut observer }).await
        {
            Ok(None) => return Ok(None),
            Ok(Some(outcome)) => {
                bench.keep(sandbox, &job, &outcome).await?;
                Reached::End(outcome)
            }
            Err(error) => bench.stopped_short(test, error)?,
        },
        Err(Fault::Sandbox(error)) => bench.stopped_short(test, error)?,
        Err(fault) => return Err(fault),
    };
    let run = TestRun { reached, observer, left: None };
    let (mut reason, mut failed) = (LiveEnd::Done, false);
    let mut ruling = of_run(bench, &run).unwrap_or(Ruling::of(Verdict::Ac));
    if let Reached::End(outcome) = &run.reached {
        failed = matches!(outcome.ending, Ending::Code(code) if code != 0) && outcome.limit.is_none();
        // A program that ended just before, with output that nobody had taken, has not told all.
        let counts = outcome.limit == Some(Limit::Killed) || audience.cut();
        let stopped = audience.stopped().filter(|_| counts);
        let by_runner = (outcome.limit == Some(Limit::Wall)).then_some(LiveEnd::Session);
        if let Some(stopped) = stopped.or(by_runner) {
            reason = stopped;
            // Whether it waited too long or went on for too long: its time by the clock was over.
            ruling = Ruling { verdict: Verdict::Tle, limit: Some(LimitHit::Wall) };
        }
    }
    let report = report(bench, test, ruling, Some(&run));
    let refused = failed && step.refuses(bench).await?;
    Ok(Some(Talked { test: report, reason, compile: step.report, refused }))
}

/// An audience, and what is remembered of a program's words for its verdict.
struct Watched<'a> {
    audience: &'a mut dyn Audience,
    observer: &'a mut Observer,
}

#[async_trait]
impl Partner for Watched<'_> {
    async fn next(&mut self) -> Told {
        self.audience.next().await
    }

    fn has_room(&self) -> bool {
        self.audience.has_room()
    }

    async fn wrote(&mut self, stream: LiveStream, bytes: Vec<u8>) {
        match stream {
            LiveStream::Stdout => self.observer.stdout(&bytes),
            LiveStream::Stderr => self.observer.stderr(&bytes),
        }
        self.audience.wrote(stream, bytes).await;
    }

    async fn taken(&mut self, total: u64) {
        self.audience.taken(total).await;
    }
}
