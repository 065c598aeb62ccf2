//! One submission, from its message to its result.

use std::sync::Arc;
use std::time::Instant;

use gavel_common::blob::BlobStore;
use gavel_common::broker::MAX_ATTEMPTS;
use gavel_common::config::WorkerConfig;
use gavel_common::language::{CompileWhere, Languages};
use gavel_common::lifecycle::chain;
use gavel_common::limits::Limits;
use gavel_common::result::{CompileReport, JudgeResult, SubmissionRef, TestReport, Timings};
use gavel_common::submission::Submission;
use gavel_common::telemetry::Metrics;
use gavel_common::verdict::Verdict;
use gavel_common::work::Work;
use tokio::sync::RwLock;

use super::bench::Bench;
use super::fault::Fault;
use super::plan::{Answer, CheckBy, TestSpec};
use crate::compile::{Compiled, Compiler, Program, Toolchains, run_needs};
use crate::engine::Purpose;
use crate::pool::{Kind, Lease, Sandboxes};
use crate::sandbox::{Input, SandboxError, SourceBytes};
use crate::slots::Slot;

/// What a [`Judge`] is made of.
pub struct JudgeParts {
    /// The worker's name in results.
    pub worker: String,
    /// Its settings.
    pub config: WorkerConfig,
    /// What it can judge.
    pub languages: Languages,
    /// With which images.
    pub toolchains: Toolchains,
    /// Where sandboxes come from.
    pub sandboxes: Sandboxes,
    /// Where artifacts come from.
    pub compiler: Compiler,
    /// Where large payloads come from.
    pub blobs: BlobStore,
    /// Where to count.
    pub metrics: Metrics,
}

/// Judges submissions.
pub struct Judge {
    parts: JudgeParts,
    quiet: RwLock<()>,
}

/// What judging found, before it becomes a result.
struct Findings {
    compile: Option<CompileReport>,
    tests: Vec<TestReport>,
    verdict: Verdict,
    timings: Timings,
}

impl Judge {
    /// A judge over its parts.
    #[must_use]
    pub fn new(parts: JudgeParts) -> Self {
        Self { parts, quiet: RwLock::new(()) }
    }

    /// The worker's name.
    #[must_use]
    pub fn worker(&self) -> &str {
        &self.parts.worker
    }

    /// A language's id as a label: of those that exist, never what a message says.
    #[must_use]
    pub fn language_label(&self, id: &str) -> &str {
        self.parts.languages.get(id).map_or("unknown", |language| language.id.as_str())
    }

    /// Judges a submission on a slot.
    ///
    /// # Errors
    /// Only for faults that are not the submission's.
    pub async fn judge(
        &self,
        submission: &Submission,
        attempt: u32,
        slot: &Slot,
    ) -> Result<JudgeResult, Fault> {
        let started_at = jiff::Timestamp::now();
        let program = self.unpack(submission).await?;
        let tests = self.plan(submission).await?;
        let findings = self.examine(submission, &program, &tests, slot).await?;
        let toolchain = self.parts.toolchains.get(&program.language.id);
        let queue = started_at.duration_since(submission.created_at).as_secs_f64().max(0.0);
        let Findings { compile, tests, verdict, timings } = findings;
        self.observe(submission, &timings, queue);
        Ok(JudgeResult {
            id: submission.id,
            lane: submission.lane,
            language: submission.language.clone(),
            verdict,
            score: None,
            max_score: None,
            groups: Vec::new(),
            limits: Some(submission.limits),
            compile,
            cpu_ms: tests.iter().map(|test| test.cpu_ms).fold(0.0, f64::max),
            memory_bytes: tests.iter().map(|test| test.memory_bytes).max(),
            tests,
            attempt,
            worker: self.parts.worker.clone(),
            image: toolchain.map(|toolchain| toolchain.run_image.clone()),
            compiler: toolchain.and_then(|toolchain| toolchain.version.clone()),
            created_at: submission.created_at,
            started_at,
            finished_at: jiff::Timestamp::now(),
            timings: Timings { queue_ms: queue * 1e3, ..timings },
            error: None,
        })
    }

    async fn unpack(&self, submission: &Submission) -> Result<Program, Fault> {
        let language = self
            .parts
            .languages
            .get(&submission.language)
            .ok_or_else(|| Fault::UnknownLanguage(submission.language.clone()))?;
        let mut files = Vec::with_capacity(submission.files.len());
        for file in &submission.files {
            let bytes = file.content.unpack(&self.parts.blobs).await?;
            files.push(SourceBytes { name: file.name.clone(), bytes });
        }
        Ok(Program { language: Arc::clone(language), files })
    }

    async fn plan(&self, submission: &Submission) -> Result<Vec<TestSpec>, Fault> {
        let blobs = &self.parts.blobs;
        match &submission.work {
            Work::Run { stdin, expected_output } => {
                let check = match expected_output {
                    None => CheckBy::Nothing,
                    Some(answer) => CheckBy::Tokens {
                        answer: Answer::Bytes(answer.unpack(blobs).await?),
                        options: Default::default(),
                    },
                };
                let input = Input::Bytes(stdin.unpack(blobs).await?);
                Ok(vec![TestSpec { name: "run".to_owned(), group: None, input, check }])
            }
            Work::Tests { tests, checker, .. } => {
                let mut specs = Vec::with_capacity(tests.len());
                for test in tests {
                    let answer = Answer::Bytes(test.answer.unpack(blobs).await?);
                    specs.push(TestSpec {
                        name: test.name.clone(),
                        group: None,
                        input: Input::Bytes(test.input.unpack(blobs).await?),
                        check: CheckBy::Tokens { answer, options: *checker },
                    });
                }
                Ok(specs)
            }
            Work::Problem { .. } => Err(Fault::Work("problem packages cannot be judged yet".to_owned())),
        }
    }

    async fn examine(
        &self,
        submission: &Submission,
        program: &Program,
        tests: &[TestSpec],
        slot: &Slot,
    ) -> Result<Findings, Fault> {
        let (all_tests, shows) = match &submission.work {
            Work::Run { .. } => (true, true),
            Work::Tests { all_tests, .. } | Work::Problem { all_tests, .. } => {
                (*all_tests, submission.stdout)
            }
        };
        let mut timings = Timings::default();
        let (compiled, sandbox) = self.prepare(program, submission.limits, slot, &mut timings).await?;
        let (artifact, compile) = match compiled {
            Compiled::Ready { artifact, report } => (artifact, report),
            Compiled::Failed(report) => {
                if let Some(sandbox) = sandbox {
                    self.parts.sandboxes.give_back(sandbox);
                }
                return Ok(Findings {
                    compile: Some(report),
                    tests: Vec::new(),
                    verdict: Verdict::Ce,
                    timings,
                });
            }
        };
        let show_bytes = usize::try_from(self.parts.config.show_output_kb * 1024).unwrap_or(usize::MAX);
        let mut bench = Bench {
            sandboxes: &self.parts.sandboxes,
            quiet: &self.quiet,
            program,
            artifact,
            args: &submission.args,
            limits: submission.limits,
            cores: &slot.cores,
            show: if shows { show_bytes } else { 0 },
            rerun_close: self.parts.config.rerun_close_tle,
            sandbox: None,
        };
        if let Some(mut sandbox) = sandbox {
            match sandbox.load(&bench.artifact).await {
                // A program that does not fit into its memory limit: the first test tries again, and says so.
                Err(SandboxError::OutOfMemory) => {}
                loaded => {
                    loaded?;
                    bench.sandbox = Some(sandbox);
                }
            }
        }
        let begin = Instant::now();
        let mut reports = Vec::with_capacity(tests.len());
        for test in tests {
            let report = bench.test(test).await?;
            let failed = report.verdict != Verdict::Ac;
            reports.push(report);
            if failed && !all_tests {
                break;
            }
        }
        timings.run_ms = begin.elapsed().as_secs_f64() * 1e3;
        let verdict = reports
            .iter()
            .map(|test| test.verdict)
            .find(|verdict| *verdict != Verdict::Ac)
            .unwrap_or(Verdict::Ac);
        Ok(Findings { compile, tests: reports, verdict, timings })
    }

    /// Compiles, with a run sandbox made ready beside it.
    async fn prepare(
        &self,
        program: &Program,
        limits: Limits,
        slot: &Slot,
        timings: &mut Timings,
    ) -> Result<(Compiled, Option<Lease>), Fault> {
        let sandboxes = &self.parts.sandboxes;
        let kind = Kind { image: program.language.image.clone(), purpose: Purpose::Run };
        let needs =
            run_needs(&program.language, sandboxes.engine().config(), limits.memory_mb, limits.processes);
        let begin = Instant::now();
        let in_run_sandbox =
            program.language.compile.as_ref().is_none_or(|compile| compile.sandbox == CompileWhere::Run);
        let compiler = &self.parts.compiler;
        if in_run_sandbox {
            let mut sandbox = sandboxes.lease(&kind, needs).await?;
            timings.acquire_ms = begin.elapsed().as_secs_f64() * 1e3;
            let compiled = compiler.compile(program, Some(&mut sandbox), &slot.cores).await?;
            timings.compile_ms = begin.elapsed().as_secs_f64() * 1e3 - timings.acquire_ms;
            return Ok((compiled, Some(sandbox)));
        }
        let lease = async {
            let lease = sandboxes.lease(&kind, needs).await;
            (lease, begin.elapsed())
        };
        let compile = async {
            let compiled = compiler.compile(program, None, &slot.cores).await;
            (compiled, begin.elapsed())
        };
        let ((lease, leased_after), (compiled, compiled_after)) = tokio::join!(lease, compile);
        timings.compile_ms = compiled_after.as_secs_f64() * 1e3;
        timings.acquire_ms = leased_after.saturating_sub(compiled_after).as_secs_f64() * 1e3;
        Ok((compiled?, Some(lease?)))
    }

    fn observe(&self, submission: &Submission, timings: &Timings, queue_seconds: f64) {
        let metrics = &self.parts.metrics;
        metrics.queue_wait_seconds.with_label_values(&[submission.lane.as_str()]).observe(queue_seconds);
        for (stage, ms) in
            [("acquire", timings.acquire_ms), ("compile", timings.compile_ms), ("run", timings.run_ms)]
        {
            metrics.stage_seconds.with_label_values(&[stage, &submission.language]).observe(ms / 1e3);
        }
    }
}

/// The result of a submission that could not be judged.
#[must_use]
pub fn judge_error(submission: &Submission, worker: &str, attempt: u32, fault: &Fault) -> JudgeResult {
    let of = SubmissionRef {
        id: submission.id,
        lane: submission.lane,
        language: &submission.language,
        created_at: submission.created_at,
    };
    let error = format!("{} (attempt {attempt} of {MAX_ATTEMPTS})", chain(fault));
    JudgeResult::judge_error(of, worker, attempt, error)
}
