//! A case to decide: a program, its tests, and the rules.

use std::sync::Arc;
use std::time::Instant;

use gavel_model::language::CompileWhere;
use gavel_model::{CompileReport, GroupReport, Lane, LimitsPolicy, TestReport, Timings};
use gavel_model::{Limits, Verdict};
use gavel_problem::Package;
use gavel_problem::grade::{Graded, Grader, Grading, TestScore};

use tracing::{Instrument as _, field};

use super::collected::Collected;
use super::compile_step::CompileStep;
use super::step::Step;
use super::submission::Judge;
use super::test_runner::TestRunner;
use crate::check::compile_validators;
use crate::compile::{Compiled, Program, Workplace};
use crate::container::Purpose;
use crate::fault::Fault;
use crate::pool::{Kind, Lease, Sandboxes};
use crate::prepare::prepare_tests;
use crate::run::{Bench, Room, TestSpec, lease};
use crate::sandbox::Artifact;
use crate::slots::Slot;
use crate::toolchain::run_needs;

/// A program, its tests, and the rules.
#[derive(Clone)]
pub struct Case<'a> {
    /// The lane it came by.
    pub lane: Lane,
    /// The program.
    pub program: Program,
    /// Its arguments.
    pub args: Vec<String>,
    /// What each run may use.
    pub limits: Limits,
    /// Address space of each process, in MiB, where it is bounded.
    pub address_space_mb: Option<u64>,
    /// Every test, in order.
    pub tests: Vec<TestSpec>,
    /// How the tests become a verdict.
    pub grading: Arc<Grading>,
    /// Whether tests that no longer matter are run all the same.
    pub all_tests: bool,
    /// Whether reports carry what the program printed.
    pub show: bool,
    /// The package the tests are from; its validators judge.
    pub package: Option<&'a Package>,
}

/// What became of a case.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The compile step, if there is one.
    pub compile: Option<CompileReport>,
    /// Every test that was run, in the order of the case.
    pub tests: Vec<TestReport>,
    /// The verdict of the whole.
    pub graded: Grade,
    /// Where the time went.
    pub timings: Timings,
}

/// The verdict of the whole.
#[derive(Clone, Debug)]
pub struct Grade {
    /// The verdict.
    pub verdict: Verdict,
    /// Points, on scoring problems.
    pub score: Option<f64>,
    /// The most points there are, where there is a bound.
    pub max_score: Option<f64>,
    /// Every group of a package.
    pub groups: Vec<GroupReport>,
    /// Why the verdict is `JE`.
    pub error: Option<String>,
}

impl Grade {
    /// Of a program that does not compile.
    pub(super) const fn refused() -> Self {
        Self::of(Verdict::Ce)
    }

    /// Without points.
    pub(super) const fn of(verdict: Verdict) -> Self {
        Self { verdict, score: None, max_score: None, groups: Vec::new(), error: None }
    }
}

impl<'a> Case<'a> {
    /// A program at a problem, held against this time limit.
    #[must_use]
    pub fn of_package(
        package: &'a Package,
        program: Program,
        policy: &LimitsPolicy,
        time_limit_ms: u64,
    ) -> Self {
        Self {
            lane: Lane::Practice,
            program,
            args: Vec::new(),
            limits: policy.of_package(&package.limits, time_limit_ms),
            address_space_mb: None,
            tests: prepare_tests(package),
            grading: Arc::new(package.grading.clone()),
            all_tests: false,
            show: false,
            package: Some(package),
        }
    }

    fn interactive(&self) -> bool {
        self.package.is_some_and(|package| package.kind.interactive)
    }
}

impl Judge {
    /// Decides a case; `progress` is told of every step as it happens.
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub async fn examine(
        &self,
        case: &Case<'_>,
        slot: &Slot,
        progress: &mut (dyn FnMut(Step<'_>) + Send),
    ) -> Result<Findings, Fault> {
        let _judging = self.repeats.judging();
        let config = self.parts.sandboxes.engine().config();
        let room = Room::of(&case.tests, case.limits.output_bytes(), config).await;
        let mut timings = Timings::default();
        if case.program.language.compile.is_some() {
            progress(Step::Compiling);
        }
        let sandboxes = self.parts.sandboxes.of_lane(case.lane);
        let at = Workplace { sandboxes: &sandboxes, cores: &slot.cores };
        let (compiled, sandbox) = self.prepare(case, at, room, &mut timings).await?;
        let (artifact, report, unchecked) = match compiled {
            Compiled::Ready { artifact, report, unchecked } => (artifact, report, unchecked),
            Compiled::Failed(report) => {
                if let Some(sandbox) = sandbox {
                    sandboxes.give_back(sandbox);
                }
                let graded = Grade::refused();
                return Ok(Findings { compile: Some(report), tests: Vec::new(), graded, timings });
            }
        };
        let begin = Instant::now();
        let show = usize::try_from(self.parts.config.show_output_kb * 1024).unwrap_or(usize::MAX);
        let mut bench = Bench {
            show: if case.show { show } else { 0 },
            rerun_close: self.parts.config.rerun_close_tle,
            room,
            ..self.bench(case, &sandboxes, slot, artifact)
        };
        bench.load_into(sandbox).await?;
        let mut runner = self.test_runner(case, bench, at).await?;
        progress(Step::Testing { tests: case.tests.len() });
        let mut step = CompileStep::new(&self.parts.compiler, report, unchecked);
        let collected = Collected::new(case.tests.len(), self.parts.config.result_bytes());
        let (tests, graded) = run_all(case, &mut runner, &mut step, collected, progress).await?;
        runner.give_back();
        timings.compile_ms += step.took.as_secs_f64() * 1e3;
        timings.run_ms = begin.elapsed().saturating_sub(step.took).as_secs_f64() * 1e3;
        Ok(Findings { compile: step.report, tests, graded, timings })
    }

    /// The program of a case, not loaded anywhere yet; nothing of it is shown, and nothing repeated.
    pub(super) fn bench<'b>(
        &'b self,
        case: &'b Case<'_>,
        sandboxes: &'b Sandboxes,
        slot: &'b Slot,
        artifact: Arc<Artifact>,
    ) -> Bench<'b> {
        Bench {
            sandboxes,
            toolchains: &self.parts.toolchains,
            program: &case.program,
            artifact,
            args: &case.args,
            limits: case.limits,
            address_space_mb: case.address_space_mb,
            cores: &slot.cores,
            show: 0,
            rerun_close: false,
            room: None,
            pipes: None,
            sandbox: None,
            ended_well: false,
        }
    }

    async fn test_runner<'b>(
        &'b self,
        case: &Case<'_>,
        bench: Bench<'b>,
        at: Workplace<'_>,
    ) -> Result<TestRunner<'b>, Fault> {
        let allowance = self.repeats.allowance(case.tests.len());
        let Some(package) = case.package else { return Ok(TestRunner::plain(bench, allowance)) };
        let compiler = &self.parts.compiler;
        let output_mb = case.limits.output_kb.div_ceil(1024);
        let compiled = compile_validators(compiler, &self.parts.languages, package, output_mb, at)
            .instrument(tracing::info_span!("compile_validators"));
        match compiled.await? {
            Some(validators) => {
                let passes = if package.kind.multi_pass { package.limits.validation_passes } else { 1 };
                TestRunner::validated(bench, allowance, &validators, package.kind.interactive, passes).await
            }
            None => Ok(TestRunner::plain(bench, allowance)),
        }
    }

    /// Compiles, with a run sandbox made ready beside it.
    pub(super) async fn prepare(
        &self,
        case: &Case<'_>,
        at: Workplace<'_>,
        room: Option<Room>,
        timings: &mut Timings,
    ) -> Result<(Compiled, Option<Lease>), Fault> {
        let (program, limits) = (&case.program, case.limits);
        let sandboxes = at.sandboxes;
        let kind = Kind { image: program.language.image.clone(), purpose: Purpose::Run };
        let needs =
            run_needs(&program.language, sandboxes.engine().config(), limits.memory_mb, limits.processes);
        let begin = Instant::now();
        let compile = async |sandbox: Option<&mut Lease>| {
            let span = tracing::info_span!("compile", cached = field::Empty, passed = field::Empty);
            let compiled =
                self.parts.compiler.prepare(program, &limits, sandbox, at).instrument(span.clone());
            compiled.await.inspect(|compiled| {
                let (passed, report) = match compiled {
                    Compiled::Ready { report, .. } => (true, report.as_ref()),
                    Compiled::Failed(report) => (false, Some(report)),
                };
                span.record("passed", passed);
                span.record("cached", report.is_some_and(|report| report.cached));
            })
        };
        let acquire = || lease(sandboxes, &kind, needs, room).instrument(tracing::info_span!("acquire"));
        if case.interactive() {
            // Its sandbox is joined with another one, and no warm one is.
            let compiled = compile(None).await?;
            timings.compile_ms = begin.elapsed().as_secs_f64() * 1e3;
            return Ok((compiled, None));
        }
        let in_run_sandbox =
            program.language.compile.as_ref().is_none_or(|compile| compile.sandbox == CompileWhere::Run);
        if in_run_sandbox {
            let mut sandbox = acquire().await?;
            timings.acquire_ms = begin.elapsed().as_secs_f64() * 1e3;
            let compiled = compile(Some(&mut sandbox)).await?;
            timings.compile_ms = begin.elapsed().as_secs_f64() * 1e3 - timings.acquire_ms;
            return Ok((compiled, Some(sandbox)));
        }
        let sandbox = async {
            let sandbox = acquire().await;
            (sandbox, begin.elapsed())
        };
        let compile = async {
            let compiled = compile(None).await;
            (compiled, begin.elapsed())
        };
        let ((sandbox, leased_after), (compiled, compiled_after)) = tokio::join!(sandbox, compile);
        timings.compile_ms = compiled_after.as_secs_f64() * 1e3;
        timings.acquire_ms = leased_after.saturating_sub(compiled_after).as_secs_f64() * 1e3;
        Ok((compiled?, Some(sandbox?)))
    }
}

async fn run_all(
    case: &Case<'_>,
    runner: &mut TestRunner<'_>,
    step: &mut CompileStep<'_>,
    mut collected: Collected,
    progress: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<(Vec<TestReport>, Grade), Fault> {
    let mut grader = Grader::new(Arc::clone(&case.grading), case.all_tests);
    while let Some(index) = grader.next() {
        let Some(test) = case.tests.get(index.0) else {
            return Err(Fault::Package(format!("there is no test {}", index.0)));
        };
        let span = tracing::info_span!("test", number = index.0 + 1, verdict = field::Empty);
        let tested = runner.test(test).instrument(span.clone()).await?;
        span.record("verdict", tested.report.verdict.as_str());
        if step.refuses(&mut runner.bench).await? {
            return Ok((Vec::new(), Grade::refused()));
        }
        progress(Step::Tested(&tested.report));
        grader.record(index, TestScore { verdict: tested.report.verdict, points: tested.points });
        collected.add(index.0, tested.report);
    }
    let graded = grader.finish().map_err(|error| Fault::Package(error.to_string()))?;
    let reports = collected.graded(&graded.tests);
    let grade = summarise(case, graded, &reports);
    Ok((reports, grade))
}

fn summarise(case: &Case<'_>, graded: Graded, reports: &[TestReport]) -> Grade {
    let groups = match case.package {
        None => Vec::new(),
        Some(_) => graded
            .groups
            .into_iter()
            .map(|group| GroupReport {
                name: group.name,
                verdict: group.verdict,
                score: group.score,
                max_score: group.max_score,
            })
            .collect(),
    };
    let broken = || {
        let first = reports.iter().find(|report| report.verdict == Verdict::Je)?;
        Some(format!(
            "test {}: {}",
            first.name,
            first.checker_message.as_deref().unwrap_or("the validator failed")
        ))
    };
    let error = graded.judge_error.or_else(broken);
    Grade { verdict: graded.verdict, score: graded.score, max_score: graded.max_score, groups, error }
}
