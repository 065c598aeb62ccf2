//! One submission, from its message to its result.

use std::sync::Arc;

use crate::metrics::{Stage, WorkerMetrics};
use crate::settings::WorkerConfig;
use gavel_blobs::BlobStore;
use gavel_broker::MAX_ATTEMPTS;
use gavel_model::language::Languages;
use gavel_model::{Bounds, JudgeResult, Limits, LimitsPolicy, SubmissionRef, Timings};
use gavel_model::{Submission, Work};
use gavel_platform::lifecycle::chain;
use gavel_problem::grade::Grading;
use gavel_problem::{FileIo, Package};

use super::case::{Case, Findings};
use super::repeats::Repeats;
use super::step::Step;
use crate::cache::PackageCache;
use crate::compile::{Compiler, Program};
use crate::fault::Fault;
use crate::pool::Sandboxes;
use crate::prepare::{at_package, entry_first};
use crate::run::{Answer, CheckBy, TestSpec};
use crate::sandbox::{Input, SourceBytes};
use crate::slots::Slot;
use crate::toolchain::Toolchains;

/// What a [`Judge`] is made of.
pub struct JudgeParts {
    /// The worker's name in results.
    pub worker: String,
    /// Its settings.
    pub config: WorkerConfig,
    /// How many submissions it judges at a time.
    pub slots: usize,
    /// Which limits are granted.
    pub limits: LimitsPolicy,
    /// How large a submission may be.
    pub bounds: Bounds,
    /// What it can judge.
    pub languages: Languages,
    /// With which images.
    pub toolchains: Toolchains,
    /// Where sandboxes come from.
    pub sandboxes: Sandboxes,
    /// Where artifacts come from.
    pub compiler: Compiler,
    /// Where problem packages come from.
    pub packages: PackageCache,
    /// Where large payloads come from.
    pub blobs: BlobStore,
    /// Where to count.
    pub metrics: WorkerMetrics,
}

/// Judges submissions.
pub struct Judge {
    pub(super) parts: JudgeParts,
    pub(super) repeats: Repeats,
}

impl Judge {
    /// A judge over its parts.
    #[must_use]
    pub fn new(parts: JudgeParts) -> Self {
        let per_minute_s = (parts.config.rerun_cpu_s * parts.slots as u64) as f64;
        Self { repeats: Repeats::new(per_minute_s, parts.metrics.clone()), parts }
    }

    /// The worker's name.
    #[must_use]
    pub fn worker(&self) -> &str {
        &self.parts.worker
    }

    /// What this judge knows of languages.
    #[must_use]
    pub fn languages(&self) -> &Languages {
        &self.parts.languages
    }

    /// Which limits are granted.
    #[must_use]
    pub const fn limits(&self) -> &LimitsPolicy {
        &self.parts.limits
    }

    /// How large a result may be as a message, in bytes.
    #[must_use]
    pub const fn result_bytes(&self) -> usize {
        self.parts.config.result_bytes()
    }

    /// Judges a submission on a slot; `progress` is told of every step as it happens.
    ///
    /// # Errors
    /// Only for faults that are not the submission's.
    pub async fn judge(
        &self,
        submission: &Submission,
        attempt: u32,
        slot: &Slot,
        progress: &mut (dyn FnMut(Step<'_>) + Send),
    ) -> Result<JudgeResult, Fault> {
        let started_at = jiff::Timestamp::now();
        self.parts.bounds.check(submission)?;
        let program = self.unpack(submission).await?;
        let (limits, findings) = match &submission.work {
            Work::Problem { sha256, time_limit_ms, all_tests, .. } => {
                let cached = self.parts.packages.get(*sha256).await?;
                let excesses = self.parts.limits.excesses(&cached.package.limits);
                if !excesses.is_empty() {
                    let told: Vec<_> = excesses.iter().map(ToString::to_string).collect();
                    return Err(Fault::Package(told.join("; ")));
                }
                let limit = match time_limit_ms {
                    Some(limit) => (*limit).min(self.parts.limits.max.cpu_ms).max(1),
                    None => self.time_limit_ms(&cached, slot).await?,
                };
                let mut case = Case::of_package(&cached.package, program, &self.parts.limits, limit);
                self.put_at(&cached.package, None, &mut case.program)?;
                case.args.clone_from(&submission.args);
                (case.all_tests, case.show) = (*all_tests, submission.stdout);
                case.lane = submission.lane;
                (case.limits, self.examine(&case, slot, progress).await?)
            }
            Work::Run { .. } | Work::Tests { .. } => {
                let case = self.case(submission, program).await?;
                (case.limits, self.examine(&case, slot, progress).await?)
            }
        };
        Ok(self.told(submission, attempt, started_at, limits, findings))
    }

    /// The result that tells what was found.
    pub(super) fn told(
        &self,
        submission: &Submission,
        attempt: u32,
        started_at: jiff::Timestamp,
        limits: Limits,
        findings: Findings,
    ) -> JudgeResult {
        let toolchain = self.parts.toolchains.get(&submission.language);
        let queue = started_at.duration_since(submission.created_at).as_secs_f64().max(0.0);
        let Findings { compile, tests, graded, mut timings } = findings;
        timings.queue_ms = queue * 1e3;
        self.observe(submission, &timings);
        JudgeResult {
            id: submission.id,
            lane: submission.lane,
            language: submission.language.clone(),
            verdict: graded.verdict,
            score: graded.score,
            max_score: graded.max_score,
            groups: graded.groups,
            limits: Some(limits),
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
            timings,
            error: graded.error,
            truncated: false,
            left_out: None,
        }
    }

    /// Makes a program what it is at a package; `entrypoint` is the one stated for it, if any.
    ///
    /// # Errors
    /// When a file of the package cannot be read.
    pub fn put_at(
        &self,
        package: &Package,
        entrypoint: Option<&str>,
        program: &mut Program,
    ) -> Result<(), Fault> {
        let compile = &self.parts.sandboxes.engine().config().compile;
        at_package(package, &self.parts.languages, compile, entrypoint, program)
    }

    pub(super) async fn unpack(&self, submission: &Submission) -> Result<Program, Fault> {
        let language = self
            .parts
            .languages
            .get(&submission.language)
            .ok_or_else(|| Fault::UnknownLanguage(submission.language.clone()))?;
        let options = submission.compiler_options.clone();
        if let Some(option) = options.iter().find(|option| !language.allowed_options().contains(option)) {
            return Err(Fault::Option { language: language.id.clone(), option: option.clone() });
        }
        if submission.address_space_mb.is_some() && !language.run.address_space {
            return Err(Fault::AddressSpace(language.id.clone()));
        }
        let mut files = Vec::with_capacity(submission.files.len());
        for file in &submission.files {
            let bytes = self.parts.blobs.unpack(&file.content).await?;
            files.push(SourceBytes { name: file.name.clone(), bytes });
        }
        Ok(Program { language: Arc::clone(language), files: entry_first(language, files, None), options })
    }

    pub(super) async fn case(
        &self,
        submission: &Submission,
        program: Program,
    ) -> Result<Case<'static>, Fault> {
        let (tests, all_tests, show) = match &submission.work {
            Work::Tests { all_tests, .. } | Work::Problem { all_tests, .. } => {
                (self.inline_tests(submission).await?, *all_tests, submission.stdout)
            }
            Work::Run { .. } => (self.inline_tests(submission).await?, true, true),
        };
        Ok(Case {
            lane: submission.lane,
            program,
            args: submission.args.clone(),
            limits: self.parts.limits.clamp(submission.limits),
            address_space_mb: submission
                .address_space_mb
                .map(|asked| self.parts.limits.clamp_address_space(asked)),
            grading: Arc::new(Grading::pass_fail(tests.len())),
            tests,
            all_tests,
            show,
            package: None,
        })
    }

    async fn inline_tests(&self, submission: &Submission) -> Result<Vec<TestSpec>, Fault> {
        let blobs = &self.parts.blobs;
        let spec = |name: &str, input, file_io: &FileIo, check| TestSpec {
            name: name.to_owned(),
            group: None,
            input: Input::Bytes(input),
            file_io: file_io.clone(),
            args: Vec::new(),
            files: Vec::new(),
            check,
        };
        match &submission.work {
            Work::Run { stdin, expected_output, checker, file_io } => {
                let check = match expected_output {
                    None => CheckBy::Nothing,
                    Some(answer) => CheckBy::answer(Answer::Bytes(blobs.unpack(answer).await?), *checker),
                };
                Ok(vec![spec("run", blobs.unpack(stdin).await?, file_io, check)])
            }
            Work::Tests { tests, checker, file_io, .. } => {
                let mut specs = Vec::with_capacity(tests.len());
                for test in tests {
                    let answer = Answer::Bytes(blobs.unpack(&test.answer).await?);
                    let check = CheckBy::answer(answer, *checker);
                    specs.push(spec(&test.name, blobs.unpack(&test.input).await?, file_io, check));
                }
                Ok(specs)
            }
            Work::Problem { .. } => Ok(Vec::new()),
        }
    }

    fn observe(&self, submission: &Submission, timings: &Timings) {
        let metrics = &self.parts.metrics;
        metrics.queue_wait_seconds(submission.lane).observe(timings.queue_ms / 1e3);
        let language = self.parts.languages.label(&submission.language);
        for (stage, ms) in [
            (Stage::Acquire, timings.acquire_ms),
            (Stage::Compile, timings.compile_ms),
            (Stage::Run, timings.run_ms),
        ] {
            metrics.stage_seconds(stage, &language).observe(ms / 1e3);
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
