//! A program on the bench: loaded into a sandbox, run test by test.

use std::fs::File;
use std::io::Seek as _;
use std::sync::Arc;
use std::time::Duration;

use gavel_model::{Limits, STDERR_FLOOD_KB};
use gavel_runner::{Ending, Outcome, Root, Stdout};

use super::observer::Observer;
use super::output_file::{Left, longest, take_in};
use super::plan::TestSpec;
use super::room::{Room, lease};
use crate::compile::Program;
use crate::container::{PipesMount, Purpose};
use crate::fault::Fault;
use crate::pool::{CustomShape, Kind, Lease, Needs, Sandboxes};
use crate::sandbox::{Artifact, Input, Job, Place, SandboxError};
use crate::toolchain::{Toolchains, run_needs};

/// The limits that a run is held against: the submission's, with the language's factor and overhead.
#[derive(Clone, Copy, Debug)]
pub struct RunLimits {
    /// CPU time of all processes.
    pub cpu: Duration,
    /// Wall-clock time.
    pub wall: Duration,
    /// Memory that all processes and files hold.
    pub memory_bytes: u64,
    /// Standard output.
    pub output_bytes: u64,
    /// Stack: a little less than the memory, so that endless recursion ends as what it is, `RTE` by signal 11.
    pub stack_bytes: u64,
}

/// A program that runs tests in a sandbox of its own.
pub struct Bench<'a> {
    /// Where sandboxes come from.
    pub sandboxes: &'a Sandboxes,
    /// Which tools can be started.
    pub toolchains: &'a Toolchains,
    /// The program.
    pub program: &'a Program,
    /// What the compiler made of it.
    pub artifact: Arc<Artifact>,
    /// Its arguments.
    pub args: &'a [String],
    /// The submission's limits, as asked for.
    pub limits: Limits,
    /// Address space of each of its processes, in MiB, where it is bounded.
    pub address_space_mb: Option<u64>,
    /// The cores it runs on.
    pub cores: &'a [u32],
    /// How much of its output a report carries; 0: none.
    pub show: usize,
    /// Whether a close miss of the CPU limit may be run again.
    pub rerun_close: bool,
    /// Room for files that it needs beside what sandboxes have.
    pub room: Option<Room>,
    /// The volume that joins it with an interactor.
    pub pipes: Option<String>,
    /// The sandbox it is loaded into, if one is.
    pub sandbox: Option<Lease>,
    /// Whether one of its runs ended with exit code 0, within the limits.
    pub ended_well: bool,
}

/// What became of one run, before anybody judges it.
pub(crate) struct TestRun {
    pub(crate) reached: Reached,
    /// What it wrote.
    pub(crate) observer: Observer,
    /// The file it should leave its output in, where the problem names one and it could be looked for.
    pub(crate) left: Option<Left>,
}

/// How far a program got.
#[derive(Clone, Debug)]
pub(crate) enum Reached {
    /// It came to an end, or to a limit.
    End(Outcome),
    /// The kernel ended its whole sandbox for memory: the exact figures are gone with it.
    OutOfMemory,
    /// It was not begun: the files it consists of do not fit into its sandbox.
    NotLoaded(String),
}

/// A run is stopped this much above its CPU limit, so that a close miss can be told from an endless loop.
pub(crate) const CLOSE: f64 = 1.1;

impl Bench<'_> {
    /// What the sandbox of a run needs.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let config = self.sandboxes.engine().config();
        run_needs(&self.program.language, config, self.limits.memory_mb, self.limits.processes)
    }

    /// The limits a run is held against.
    #[must_use]
    pub fn run_limits(&self) -> RunLimits {
        let scaled = self.limits.scaled(self.program.language.time_factor);
        RunLimits {
            cpu: Duration::from_millis(scaled.cpu_ms),
            wall: Duration::from_millis(scaled.wall_ms),
            memory_bytes: (self.limits.memory_mb + self.program.language.run.memory_overhead_mb)
                * 1024
                * 1024,
            output_bytes: self.limits.output_bytes(),
            stack_bytes: self.limits.memory_bytes() / 16 * 15,
        }
    }

    /// Loads the program into a sandbox that was made ready beside its compilation, if one was.
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub(crate) async fn load_into(&mut self, sandbox: Option<Lease>) -> Result<(), Fault> {
        let Some(mut sandbox) = sandbox else { return Ok(()) };
        match sandbox.load(&self.artifact).await {
            // A program that does not fit into its memory limit: the first run tries again, and says so.
            Err(SandboxError::OutOfMemory) => {}
            loaded => {
                loaded?;
                self.sandbox = Some(sandbox);
            }
        }
        Ok(())
    }

    /// Runs one test, or one pass of it, and writes the whole output to `spool`.
    ///
    /// # Errors
    /// Only for faults that are not the program's.
    pub(crate) async fn attempt(
        &mut self,
        test: &TestSpec,
        input: &Input,
        mut spool: Option<File>,
    ) -> Result<TestRun, Fault> {
        let again = spool.as_ref().map(File::try_clone).transpose().map_err(spool_fault)?;
        let mut observer = self.observer(test, spool.take())?;
        let outcome = match self.run(test, input, &mut observer).await {
            // A tree that cannot be wiped: a new sandbox has none.
            Err(Fault::Sandbox(SandboxError::NotReset { what })) => {
                tracing::info!(what, "a sandbox could not be reset; taking a new one");
                if let Some(mut file) = again.as_ref() {
                    file.set_len(0).and_then(|()| file.rewind()).map_err(spool_fault)?;
                }
                observer = self.observer(test, again)?;
                self.run(test, input, &mut observer).await
            }
            other => other,
        };
        let (reached, left) = match outcome {
            Ok((outcome, left)) => (Reached::End(outcome), left),
            Err(Fault::Sandbox(error)) => (self.stopped_short(test, error)?, None),
            Err(fault) => return Err(fault),
        };
        Ok(TestRun { reached, observer, left })
    }

    /// What it means for a program that its sandbox failed, where that is the program's or the package's doing.
    pub(crate) fn stopped_short(&self, test: &TestSpec, error: SandboxError) -> Result<Reached, Fault> {
        match error {
            // The kernel chose the runner.
            SandboxError::OutOfMemory => Ok(Reached::OutOfMemory),
            SandboxError::FileRefused { path, what } if self.is_only_the_tests(test, &path) => {
                Err(Fault::Package(format!("test {}: file {path:?} cannot be put: {what}", test.name)))
            }
            SandboxError::FileRefused { path, what } => Ok(Reached::NotLoaded(format!("{path}: {what}"))),
            error => Err(error.into()),
        }
    }

    /// Whether a file is a test's own, and nothing that the submission brought lies in its way.
    fn is_only_the_tests(&self, test: &TestSpec, path: &str) -> bool {
        let collides = |brought: &str| {
            let inside = |outer: &str, inner: &str| {
                inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            inside(brought, path) || inside(path, brought)
        };
        let input_file = test.file_io.input_file.iter().map(gavel_model::IoFile::as_str);
        test.files.iter().map(|(name, _)| name.as_str()).chain(input_file).any(|name| name == path)
            && !self.artifact.files.iter().any(|file| file.root == Place::Work && collides(&file.path))
    }

    /// What watches a test's output.
    pub(crate) fn observer(&self, test: &TestSpec, spool: Option<File>) -> Result<Observer, Fault> {
        Observer::new(&test.check, self.show, spool)
    }

    async fn run(
        &mut self,
        test: &TestSpec,
        input: &Input,
        observer: &mut Observer,
    ) -> Result<(Outcome, Option<Left>), Fault> {
        let mut sandbox = self.take().await?;
        self.put_files(&mut sandbox, test).await?;
        let stdin = match &test.file_io.input_file {
            Some(file) => {
                sandbox.put_input(file.as_str(), input).await?;
                &Input::Empty
            }
            None => input,
        };
        let job = self.job(test);
        let outcome = sandbox.run(&job, stdin, observer).await?;
        let left = match &test.file_io.output_file {
            Some(file) if is_trusted_after(&outcome) => {
                let limit = self.run_limits().output_bytes;
                Some(take_in(&mut sandbox, file.as_str(), limit, observer).await?)
            }
            _ => None,
        };
        self.keep(sandbox, &job, &outcome).await?;
        Ok((outcome, left))
    }

    /// Takes back a sandbox after a run, if it can be trusted: after a limit it is not trusted with another test.
    ///
    /// # Errors
    /// When the program could not be started and that is our fault.
    pub(crate) async fn keep(
        &mut self,
        mut sandbox: Lease,
        job: &Job,
        outcome: &Outcome,
    ) -> Result<(), Fault> {
        self.toolchains.starts().check(&self.program.language.id, &job.argv, &outcome.ending)?;
        self.ended_well |= outcome.ending == Ending::Code(0) && outcome.limit.is_none();
        if is_trusted_after(outcome) {
            // One that is gone by now has said all it had to say.
            if sandbox.reset().await.is_ok() {
                self.sandbox = Some(sandbox);
            }
        }
        Ok(())
    }

    /// The sandbox, loaded; whoever takes it keeps it or drops it.
    pub(crate) async fn take(&mut self) -> Result<Lease, Fault> {
        match self.sandbox.take() {
            Some(sandbox) => Ok(sandbox),
            None => self.load().await,
        }
    }

    /// Puts a test's own files into the working directory.
    pub(crate) async fn put_files(&self, sandbox: &mut Lease, test: &TestSpec) -> Result<(), Fault> {
        for (name, path) in &test.files {
            sandbox.put_file(Root::Work, name, path).await?;
        }
        Ok(())
    }

    /// A sandbox with the program in it.
    ///
    /// # Errors
    /// When none can be had.
    pub async fn load(&self) -> Result<Lease, Fault> {
        let kind = Kind { image: self.program.language.image.clone(), purpose: Purpose::Run };
        let mut sandbox = match &self.pipes {
            Some(volume) => {
                let pipes = PipesMount { volume: volume.clone(), writable: false };
                let shape = CustomShape { pipes: Some(pipes), ..CustomShape::default() };
                self.sandboxes.start_custom(&kind, self.needs(), shape).await?
            }
            None => lease(self.sandboxes, &kind, self.needs(), self.room).await?,
        };
        sandbox.load(&self.artifact).await?;
        Ok(sandbox)
    }

    /// The job of a test whose output goes to an interactor.
    pub(crate) fn interactive_job(&self, test: &TestSpec) -> Job {
        Job { stdout: Stdout::Pipe, ..self.job(test) }
    }

    /// The job of a program that talks with somebody for at most `wall`: what it writes to standard error is handed on, too, so
    /// it is held against the same limit.
    pub(crate) fn live_job(&self, test: &TestSpec, wall: Duration) -> Job {
        let most = self.run_limits().output_bytes;
        Job { wall, stderr_limit: most, stderr_forward: most, ..self.job(test) }
    }

    fn job(&self, test: &TestSpec) -> Job {
        let args: Vec<String> = self.args.iter().chain(&test.args).cloned().collect();
        let limits = self.run_limits();
        let cpu = if self.rerun_close { limits.cpu.mul_f64(CLOSE) } else { limits.cpu };
        let leaves_file = test.file_io.output_file.is_some();
        Job {
            argv: started(self.program.run_argv(self.limits.memory_mb, &args), test.file_io.stderr_to_stdout),
            env: self.program.run_env(self.limits.memory_mb),
            cwd: "/app/work",
            // What is not judged need not be read.
            stdout: if leaves_file { Stdout::Discard } else { Stdout::Stream },
            cpu,
            wall: limits.wall,
            memory: limits.memory_bytes,
            stdout_limit: limits.output_bytes,
            stderr_limit: STDERR_FLOOD_KB * 1024,
            // All of it: a runtime's last words are at its end.
            stderr_forward: STDERR_FLOOD_KB * 1024,
            stack: limits.stack_bytes,
            address_space: self.address_space_mb.map(|mebibytes| mebibytes * 1024 * 1024),
            file: if leaves_file { longest(limits.output_bytes) } else { u64::MAX },
            cores: self.cores.to_vec(),
        }
    }
}

/// The command itself, or through a shell that joins its outputs and then becomes it.
fn started(argv: Vec<String>, stderr_to_stdout: bool) -> Vec<String> {
    if !stderr_to_stdout {
        return argv;
    }
    // The word behind the script is what the shell calls itself.
    let shell = ["/bin/sh", "-c", r#"exec "$@" 2>&1"#, "sh"].map(str::to_owned);
    shell.into_iter().chain(argv).collect()
}

/// Whether a sandbox is asked anything more after such a run.
fn is_trusted_after(outcome: &Outcome) -> bool {
    outcome.limit.is_none() && !outcome.was_oom_killed()
}

fn spool_fault(source: std::io::Error) -> Fault {
    Fault::File { what: "an output could not be kept".to_owned(), source }
}
