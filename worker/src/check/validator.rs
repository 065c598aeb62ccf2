//! A package's own validators: compiled once, run in sandboxes of their own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gavel_model::language::Languages;
use gavel_problem::{Package, Validation, ValidatorProgram};
use gavel_runner::{Outcome, Root, Stdout};

use super::feedback::Feedback;
use super::protocol::{FEEDBACK, OUTPUT, Opinion, Protocol, ValidatorVerdict, broken};
use super::python::python_check;
use super::script::startable;
use crate::compile::{Compiled, Compiler, Program, Workplace};
use crate::container::{PipesMount, Purpose};
use crate::fault::Fault;
use crate::pool::{CustomShape, Kind, Lease, Needs, Sandboxes};
use crate::prepare::program_of;
use crate::sandbox::{Artifact, Head, Input, Job, SandboxError};
use crate::toolchain::Toolchains;

/// A package's validators, compiled.
pub struct Validators {
    /// All of them; an output is right when every one accepts.
    pub(crate) programs: Vec<Arc<Validator>>,
    /// What each may use.
    pub(crate) limits: ValidatorLimits,
}

impl Validators {
    /// Each of them at work on one submission, or on one package.
    pub(crate) fn sessions<'a>(
        &self,
        sandboxes: &'a Sandboxes,
        toolchains: &'a Toolchains,
        cores: &'a [u32],
    ) -> Vec<ValidatorSession<'a>> {
        let session = |validator: &Arc<Validator>| ValidatorSession {
            validator: Arc::clone(validator),
            limits: self.limits,
            sandboxes,
            toolchains,
            cores,
            pipes: None,
            sandbox: None,
        };
        self.programs.iter().map(session).collect()
    }
}

/// One compiled validator.
pub(crate) struct Validator {
    pub(crate) name: String,
    program: Program,
    artifact: Arc<Artifact>,
    pub(crate) protocol: Protocol,
    /// Whether it may give points.
    pub(crate) scores: bool,
}

/// What a validator may use of its sandbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValidatorLimits {
    pub(crate) cpu: Duration,
    memory_mb: u64,
    output_bytes: u64,
    /// Room for a test's files.
    work_mb: u64,
}

/// What holds where a package says nothing (format specification, `limits.validation_*`).
const VALIDATION_TIME_S: u64 = 60;
const VALIDATION_MEMORY_MB: u64 = 2048;
const VALIDATION_OUTPUT_MB: u64 = 8;
/// Files a validator may leave, all together.
const MAX_FEEDBACK: u64 = 64 * 1024 * 1024;
/// What is kept of what it prints.
pub(crate) const SAID: usize = 8 * 1024;
/// How often a validator may print the whole output of a program beside what it has to say itself: a program must not
/// be able to make it fail by giving it much to quote.
const QUOTES: u64 = 8;
/// Beside the files of a test there are those that the validator writes.
const SPARE_MB: u64 = 16;
const MIB: u64 = 1024 * 1024;

/// Compiles every validator of a package; nothing for the default one. Their sandboxes have room for an output of
/// `output_mb`, which a testlib checker reads from a file.
///
/// # Errors
/// [`Fault::Package`] when one does not compile: the package is broken, not the submission.
pub async fn compile_validators(
    compiler: &Compiler,
    languages: &Languages,
    package: &Package,
    output_mb: u64,
    at: Workplace<'_>,
) -> Result<Option<Validators>, Fault> {
    let Validation::Custom { programs, score } = &package.validation else { return Ok(None) };
    let scores = *score || package.grading.scoring;
    let programs =
        compile_all(compiler, languages, package, ("output validator", programs), scores, at).await?;
    Ok(Some(Validators { programs, limits: limits(package, output_mb) }))
}

/// Compiles a package's input validators.
///
/// # Errors
/// As [`compile_validators`].
pub(crate) async fn compile_input_validators(
    compiler: &Compiler,
    languages: &Languages,
    package: &Package,
    at: Workplace<'_>,
) -> Result<Validators, Fault> {
    let named = ("input validator", package.input_validators.as_slice());
    let programs = compile_all(compiler, languages, package, named, false, at).await?;
    Ok(Validators { programs, limits: limits(package, 0) })
}

async fn compile_all(
    compiler: &Compiler,
    languages: &Languages,
    package: &Package,
    (what, programs): (&str, &[ValidatorProgram]),
    scores: bool,
    at: Workplace<'_>,
) -> Result<Vec<Arc<Validator>>, Fault> {
    let sandboxes = at.sandboxes.unshared();
    let at = Workplace { sandboxes: &sandboxes, ..at };
    let mut compiled = Vec::with_capacity(programs.len());
    for packaged in programs {
        let (program, protocol) = load(packaged, languages, package)?;
        match compiler.compile(&program, None, at).await? {
            Compiled::Ready { artifact, .. } => {
                let name = packaged.name.clone();
                compiled.push(Arc::new(Validator { name, program, artifact, protocol, scores }));
            }
            Compiled::Failed(report) => {
                return Err(Fault::Package(format!(
                    "{what} {} does not compile: {}",
                    packaged.name, report.output
                )));
            }
        }
    }
    Ok(compiled)
}

fn load(
    packaged: &ValidatorProgram,
    languages: &Languages,
    package: &Package,
) -> Result<(Program, Protocol), Fault> {
    let named = packaged.language.as_ref().filter(|_| !packaged.build && !packaged.run);
    let language = match named {
        Some(id) => languages
            .get(id)
            .ok_or_else(|| Fault::Package(format!("validator {}: no language {id}", packaged.name)))?
            .clone(),
        None => languages
            .validator()
            .ok_or_else(|| Fault::NoImage("validators with build or run".to_owned()))?
            .clone(),
    };
    let mut program = program_of(package, &language, &packaged.folder, &packaged.files, None)?;
    if named.is_none() {
        program.files = program.files.into_iter().map(startable).collect();
    }
    let protocol = Protocol::of(packaged.protocol, &program.files);
    if protocol == Protocol::PythonCheck {
        program.files.insert(0, python_check()?);
    }
    Ok((program, protocol))
}

fn limits(package: &Package, output_mb: u64) -> ValidatorLimits {
    let stated = &package.limits;
    let size = |path: &str| std::fs::metadata(package.path(path)).map_or(0, |metadata| metadata.len());
    let largest = package.tests.iter().map(|test| size(&test.input) + size(&test.answer)).max().unwrap_or(0);
    ValidatorLimits {
        cpu: Duration::from_secs(stated.validation_time.unwrap_or(VALIDATION_TIME_S)),
        memory_mb: stated.validation_memory.unwrap_or(VALIDATION_MEMORY_MB),
        output_bytes: (stated.validation_output.unwrap_or(VALIDATION_OUTPUT_MB) + QUOTES * output_mb) * MIB,
        work_mb: largest.div_ceil(MIB) + output_mb + SPARE_MB,
    }
}

/// A validator at work on one submission.
pub(crate) struct ValidatorSession<'a> {
    pub(crate) validator: Arc<Validator>,
    pub(crate) limits: ValidatorLimits,
    pub(crate) sandboxes: &'a Sandboxes,
    /// Which tools can be started.
    pub(crate) toolchains: &'a Toolchains,
    pub(crate) cores: &'a [u32],
    /// The volume that joins it with the program, when the problem is interactive.
    pub(crate) pipes: Option<String>,
    pub(crate) sandbox: Option<Lease>,
}

impl ValidatorSession<'_> {
    /// Makes ready for a test: nothing is left of the one before.
    pub(crate) async fn clear(&mut self) {
        if let Some(mut sandbox) = self.sandbox.take()
            && sandbox.reset().await.is_ok()
        {
            // One that is gone by now is replaced.
            self.sandbox = Some(sandbox);
        }
    }

    /// Its sandbox, with the validator in it.
    pub(crate) async fn take(&mut self) -> Result<Lease, Fault> {
        if let Some(sandbox) = self.sandbox.take() {
            return Ok(sandbox);
        }
        let spec = &self.validator.program.language;
        let config = self.sandboxes.engine().config();
        let kind = Kind { image: spec.image.clone(), purpose: Purpose::Run };
        let needs = Needs {
            memory_mb: self.limits.memory_mb
                + spec.run.memory_overhead_mb
                + config.overhead_mb
                + self.limits.work_mb,
            processes: gavel_model::Limits::DEFAULT.processes,
        };
        let pipes = self.pipes.clone().map(|volume| PipesMount { volume, writable: true });
        let shape = CustomShape { work_mb: Some(self.limits.work_mb), pipes };
        let mut sandbox = if shape.pipes.is_none() && self.limits.work_mb <= config.work_mb {
            self.sandboxes.unshared().lease(&kind, needs).await?
        } else {
            self.sandboxes.start_custom(&kind, needs, shape).await?
        };
        sandbox.load(&self.validator.artifact).await?;
        Ok(sandbox)
    }

    /// Puts the files of a test, or of its next pass, where the validator looks for them.
    pub(crate) async fn lay_out(
        &self,
        sandbox: &mut Lease,
        input: &Input,
        answer: &Path,
    ) -> Result<(), Fault> {
        sandbox.put_input("judge.in", input).await?;
        sandbox.put_file(Root::Work, "judge.ans", answer).await?;
        // The folder must exist; its own file means nothing to the format.
        sandbox.put(Root::Tmp, &format!("{FEEDBACK}/.keep"), 0o644, &[], false).await?;
        Ok(())
    }

    /// The command that judges.
    pub(crate) fn job(&self, flags: &[String], interactive: bool, wall: Duration) -> Job {
        self.job_of(&self.validator.protocol.args(flags, interactive), interactive, wall)
    }

    /// Holds an input against an input validator; why it is none, if it is not.
    pub(crate) async fn refuses(&mut self, input: &Input, flags: &[String]) -> Result<Option<String>, Fault> {
        let job = self.job_of(flags, false, self.limits.cpu * 2 + Duration::from_secs(1));
        let (sandbox, outcome, said) = loop {
            let (mut sandbox, mut said) = (self.take().await?, Head::new(SAID));
            match sandbox.run(&job, input, &mut said).await {
                Err(SandboxError::OutOfMemory) => return Ok(Some("it ran out of memory".to_owned())),
                // What it left of the input before: the next one is new.
                Err(SandboxError::NotReset { .. }) => {}
                outcome => break (sandbox, outcome?, said),
            }
        };
        self.toolchains.starts().check(&self.validator.program.language.id, &job.argv, &outcome.ending)?;
        if outcome.limit.is_none() {
            self.sandbox = Some(sandbox);
        }
        let taken = self.validator.protocol.takes_input(&outcome);
        Ok((!taken).then(|| broken(&outcome, said.text().trim())))
    }

    fn job_of(&self, args: &[String], interactive: bool, wall: Duration) -> Job {
        let memory = self.limits.memory_mb;
        let argv = self.validator.program.run_argv(memory, args);
        Job {
            argv,
            env: self.validator.program.run_env(memory),
            cwd: "/app/work",
            stdout: if interactive { Stdout::Pipe } else { Stdout::Stream },
            cpu: self.limits.cpu,
            wall,
            // Stopped here, it can say what it did until then; the container has more room, so the kernel need not.
            memory: (memory + self.validator.program.language.run.memory_overhead_mb).saturating_mul(MIB),
            stdout_limit: self.limits.output_bytes,
            stderr_limit: self.limits.output_bytes,
            stderr_forward: SAID as u64,
            stack: u64::MAX,
            address_space: None,
            file: u64::MAX,
            cores: self.cores.to_vec(),
        }
    }

    /// Judges a whole output, which is in a file of the worker's.
    pub(crate) async fn judge(
        &mut self,
        input: &Input,
        answer: &Path,
        output: &Path,
        flags: &[String],
    ) -> Result<Opinion, Fault> {
        let judged = match self.judge_in_sandbox(input, answer, output, flags).await {
            // What it left behind could not be wiped: a new sandbox has nothing of it.
            Err(Fault::Sandbox(SandboxError::NotReset { what })) => {
                tracing::info!(what, "a validator's sandbox could not be reset; taking a new one");
                self.judge_in_sandbox(input, answer, output, flags).await
            }
            judged => judged,
        };
        match judged {
            Err(Fault::Sandbox(SandboxError::OutOfMemory)) => Ok(self.broken("it ran out of memory")),
            // A file that does not fit, or something in the feedback folder that is no file.
            Err(Fault::Sandbox(
                error @ (SandboxError::FileRefused { .. } | SandboxError::FetchRefused { .. }),
            )) => Ok(self.broken(&error.to_string())),
            other => other,
        }
    }

    async fn judge_in_sandbox(
        &mut self,
        input: &Input,
        answer: &Path,
        output: &Path,
        flags: &[String],
    ) -> Result<Opinion, Fault> {
        let mut sandbox = self.take().await?;
        self.lay_out(&mut sandbox, input, answer).await?;
        let stdin = match self.validator.protocol {
            Protocol::Kattis => Input::File(output.to_owned()),
            Protocol::Testlib | Protocol::Plain | Protocol::PythonCheck => {
                let name = OUTPUT.trim_start_matches("/app/work/");
                sandbox.put_file(Root::Work, name, output).await?;
                Input::Empty
            }
        };
        let mut said = Head::new(SAID);
        let job = self.job(flags, false, self.limits.cpu * 2 + Duration::from_secs(1));
        let outcome = sandbox.run(&job, &stdin, &mut said).await?;
        self.conclude(sandbox, &job, &outcome, &said).await
    }

    /// Reads the feedback folder and forms the opinion; keeps the sandbox if it can still be trusted.
    pub(crate) async fn conclude(
        &mut self,
        mut sandbox: Lease,
        job: &Job,
        outcome: &Outcome,
        said: &Head,
    ) -> Result<Opinion, Fault> {
        self.toolchains.starts().check(&self.validator.program.language.id, &job.argv, &outcome.ending)?;
        let folder = sandbox.fetch(FEEDBACK, MAX_FEEDBACK).await?;
        if outcome.limit.is_none() {
            self.sandbox = Some(sandbox);
        }
        Ok(match Feedback::read(&folder) {
            Ok(feedback) => {
                let Validator { protocol, scores, .. } = *self.validator;
                let opinion = protocol.opinion(outcome, feedback, said.text().trim());
                if scores { opinion } else { protocol.unscored(opinion) }
            }
            Err(error) => self.broken(&error.to_string()),
        })
    }

    /// Takes away the file that asked for the pass which now begins.
    pub(crate) async fn forget_next_pass(&mut self) -> Result<(), Fault> {
        let job = Job {
            argv: vec!["/bin/rm".to_owned(), "-f".to_owned(), format!("/tmp/{FEEDBACK}/nextpass.in")],
            ..self.job(&[], false, Duration::from_secs(10))
        };
        let Some(sandbox) = &mut self.sandbox else { return Ok(()) };
        sandbox.run(&job, &Input::Empty, &mut Head::new(0)).await?;
        Ok(())
    }

    pub(crate) fn broken(&self, why: &str) -> Opinion {
        let message = Some(format!("output validator {}: {why}", self.validator.name));
        Opinion { message, ..Opinion::only(ValidatorVerdict::Broken) }
    }
}
