//! The compile step.

use std::sync::Arc;
use std::time::Duration;

use crate::metrics::{CacheOutcome, WorkerMetrics};
use crate::settings::WorkerConfig;
use gavel_model::Digest;
use gavel_model::language::{CompileSpec, CompileWhere};
use gavel_model::{CompileReport, LimitHit, Limits};
use gavel_runner::Stdout;
use sha2::{Digest as _, Sha256};

use super::program::Program;
use super::report::{report, unfinished};
use super::workplace::Workplace;
use crate::cache::{ArtifactCache, CachedArtifact};
use crate::container::Purpose;
use crate::fault::Fault;
use crate::pool::{Kind, Lease};
use crate::sandbox::{Artifact, Head, Input, Job, SandboxError};
use crate::toolchain::{Toolchains, compile_needs};

/// What became of a program's compile step.
#[derive(Clone, Debug)]
pub enum Compiled {
    /// It can be run.
    Ready {
        /// What a run sandbox is loaded with.
        artifact: Arc<Artifact>,
        /// Absent for a language without a compile step, and for a step that waits.
        report: Option<CompileReport>,
        /// Whether it is to be checked should its run not end well ([`Program::late_check`]).
        unchecked: bool,
    },
    /// The compiler refused it: `CE`.
    Failed(CompileReport),
}

/// Compiles programs, and remembers what became of them.
pub struct Compiler {
    toolchains: Toolchains,
    cache: ArtifactCache,
    show: usize,
    metrics: WorkerMetrics,
}

/// A compiler that says more than this is stopped: an explosion of messages, not a message.
const MAX_DIAGNOSTICS: u64 = 4 * 1024 * 1024;
/// Part of every key: raise it when an artifact means something else than before.
const CACHE_VERSION: &[u8] = b"gavel artifact 1";

impl Compiler {
    /// A compiler over a cache.
    #[must_use]
    pub fn new(
        toolchains: Toolchains,
        cache: ArtifactCache,
        config: &WorkerConfig,
        metrics: WorkerMetrics,
    ) -> Self {
        let show = usize::try_from(config.show_compile_kb * 1024).unwrap_or(usize::MAX);
        Self { toolchains, cache, show, metrics }
    }

    /// Compiles a submission, unless its compile step is a check that can wait.
    ///
    /// A check that runs in the run sandbox uses `run`, and leaves it reset if it finds nothing.
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub async fn prepare(
        &self,
        program: &Program,
        limits: &Limits,
        run: Option<&mut Lease>,
        at: Workplace<'_>,
    ) -> Result<Compiled, Fault> {
        match program.late_check(limits, &at.sandboxes.engine().config().compile) {
            Some(check) => Ok(match self.remembered(program, check).await? {
                Some(compiled) => compiled,
                None => as_it_is(program, true),
            }),
            None => self.compile(program, run, at).await,
        }
    }

    /// Compiles a program, or finds what was made of the same source before. `run` as in [`Compiler::prepare`].
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub async fn compile(
        &self,
        program: &Program,
        run: Option<&mut Lease>,
        at: Workplace<'_>,
    ) -> Result<Compiled, Fault> {
        let Some(compile) = &program.language.compile else { return Ok(as_it_is(program, false)) };
        match self.remembered(program, compile).await? {
            Some(compiled) => Ok(compiled),
            None => self.compile_anew(program, compile, run, at).await,
        }
    }

    /// Makes the check that waited.
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub async fn check(
        &self,
        program: &Program,
        run: &mut Lease,
        at: Workplace<'_>,
    ) -> Result<Compiled, Fault> {
        match &program.language.compile {
            Some(check) => self.compile_anew(program, check, Some(run), at).await,
            None => Ok(as_it_is(program, false)),
        }
    }

    /// What was made of the same source before.
    async fn remembered(&self, program: &Program, compile: &CompileSpec) -> Result<Option<Compiled>, Fault> {
        let found = self.cache.get(self.key(program, compile)?).await;
        let Some(cached) = found.filter(|cached| fits(&cached.report, compile)) else {
            self.metrics.artifact_cache(CacheOutcome::Miss).inc();
            return Ok(None);
        };
        self.metrics.artifact_cache(CacheOutcome::Hit).inc();
        let report = CompileReport { cached: true, ..cached.report };
        Ok(Some(ready(program, CachedArtifact { report, ..cached })))
    }

    async fn compile_anew(
        &self,
        program: &Program,
        compile: &CompileSpec,
        run: Option<&mut Lease>,
        at: Workplace<'_>,
    ) -> Result<Compiled, Fault> {
        let (report, artifact) = match (compile.sandbox, run) {
            (CompileWhere::Run, Some(run)) => {
                let done = self.compile_in(run, program, compile, at).await?;
                if succeeded(&done.0) {
                    run.reset().await?;
                }
                done
            }
            (place, _) => {
                let purpose = if place == CompileWhere::Run { Purpose::Run } else { Purpose::Compile };
                let kind = Kind { image: program.language.image.clone(), purpose };
                let needs = compile_needs(&program.language, at.sandboxes.engine().config());
                let mut lease = at.sandboxes.lease(&kind, needs).await?;
                let done = self.compile_in(&mut lease, program, compile, at).await?;
                at.sandboxes.give_back(lease);
                done
            }
        };
        if !succeeded(&report) {
            return Ok(Compiled::Failed(report));
        }
        let cached = CachedArtifact { report, artifact };
        self.cache.put(self.key(program, compile)?, &cached).await;
        Ok(ready(program, cached))
    }

    async fn compile_in(
        &self,
        lease: &mut Lease,
        program: &Program,
        compile: &CompileSpec,
        at: Workplace<'_>,
    ) -> Result<(CompileReport, Option<Artifact>), Fault> {
        lease.put_sources(&program.files).await?;
        let mut said = Head::new(self.show);
        let job = job(program, compile, at);
        let outcome = match lease.run(&job, &Input::Empty, &mut said).await {
            Ok(outcome) => outcome,
            // A compiler that took the whole sandbox with it, or sources that do not fit: the program's doing.
            Err(SandboxError::OutOfMemory) => {
                let why = "the compiler exceeded its memory limit";
                return Ok((unfinished(&said, why, Some(LimitHit::Memory)), None));
            }
            Err(SandboxError::FileRefused { path, what }) => {
                let why = format!("{path}: the file could not be written: {what}");
                return Ok((unfinished(&said, &why, None), None));
            }
            Err(error) => return Err(error.into()),
        };
        self.toolchains.starts().check(&program.language.id, &job.argv, &outcome.ending)?;
        let mut report = report(&outcome, &said);
        if !succeeded(&report) {
            return Ok((report, None));
        }
        let Some(folder) = program.language.artifact() else { return Ok((report, None)) };
        let most = at.sandboxes.engine().config().compile.artifact_mb * 1024 * 1024;
        match lease.fetch(folder.trim_start_matches("/tmp/"), most).await {
            Ok(artifact) if !artifact.files.is_empty() => Ok((report, Some(artifact))),
            Ok(_) => {
                report.exit_code = None;
                report.output.push_str("\nthe compiler made nothing that can be run");
                Ok((report, None))
            }
            // Something else than files, or too many or too large ones.
            Err(SandboxError::FetchRefused { what }) => {
                report.exit_code = None;
                report.output.push_str(&format!("\nthe compiler's output cannot be used: {what}"));
                Ok((report, None))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Everything that an artifact depends on.
    fn key(&self, program: &Program, compile: &CompileSpec) -> Result<Digest, Fault> {
        let image = self
            .toolchains
            .compile_image(&program.language.image)
            .ok_or_else(|| Fault::NoImage(program.language.id.clone()))?;
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        field(CACHE_VERSION);
        field(image.as_bytes());
        for word in program.compile_argv(0).unwrap_or_default() {
            field(word.as_bytes());
        }
        for (key, value) in &compile.env {
            field(key.as_bytes());
            field(value.as_bytes());
        }
        field(program.language.artifact().unwrap_or_default().as_bytes());
        for file in &program.files {
            field(file.name.as_str().as_bytes());
            field(&file.bytes);
        }
        Ok(Digest::finish(hash))
    }
}

fn job(program: &Program, compile: &CompileSpec, at: Workplace<'_>) -> Job {
    let config = at.sandboxes.engine().config().compile;
    let memory_mb = compile.memory_mb.unwrap_or(config.memory_mb);
    Job {
        argv: program.compile_argv(memory_mb).unwrap_or_default(),
        env: program.compile_env(memory_mb),
        cwd: "/app/work",
        stdout: Stdout::Stream,
        cpu: Duration::from_millis(compile.cpu_ms.unwrap_or(config.cpu_ms)),
        wall: Duration::from_millis(compile.wall_ms.unwrap_or(config.wall_ms)),
        memory: memory_mb.saturating_mul(1024 * 1024),
        stdout_limit: MAX_DIAGNOSTICS,
        stderr_limit: MAX_DIAGNOSTICS,
        stderr_forward: MAX_DIAGNOSTICS,
        stack: u64::MAX,
        address_space: None,
        file: u64::MAX,
        cores: at.cores.to_vec(),
    }
}

fn succeeded(report: &CompileReport) -> bool {
    report.exit_code == Some(0) && report.limit.is_none()
}

/// Whether a compilation that went well would have done so within these limits.
fn fits(report: &CompileReport, compile: &CompileSpec) -> bool {
    compile.cpu_ms.is_none_or(|most| report.cpu_ms <= most as f64)
        && compile.memory_mb.is_none_or(|most| report.memory_bytes <= most.saturating_mul(1024 * 1024))
}

fn ready(program: &Program, cached: CachedArtifact) -> Compiled {
    let artifact = match cached.artifact {
        Some(mut made) => {
            made.files.extend(Artifact::of_sources(&program.data()).files);
            made
        }
        None => Artifact::of_sources(&program.files),
    };
    Compiled::Ready { artifact: Arc::new(artifact), report: Some(cached.report), unchecked: false }
}

/// Of a program that is run from its sources.
fn as_it_is(program: &Program, unchecked: bool) -> Compiled {
    Compiled::Ready { artifact: Arc::new(Artifact::of_sources(&program.files)), report: None, unchecked }
}
