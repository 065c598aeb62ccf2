//! A program on the bench: loaded into a sandbox, run test by test.

use std::fs::File;
use std::io::Seek as _;
use std::sync::Arc;
use std::time::Duration;

use gavel_model::{LimitHit, Limits, TestReport, Verdict};
use gavel_runner::{Ending, Outcome, Root, Stdout};
use tokio::sync::RwLock;

use super::observer::{Observer, STDERR_KEPT};
use super::plan::TestSpec;
use crate::compile::Program;
use crate::container::{PipesMount, Purpose};
use crate::fault::Fault;
use crate::judge::{cpu_time, decide};
use crate::pool::{Kind, Lease, Needs, Own, Sandboxes};
use crate::sandbox::{Artifact, Input, Job, SandboxError};
use crate::toolchain::run_needs;

/// The limits that a run is held against: the submission's, with the language's factor and overhead.
#[derive(Clone, Copy, Debug)]
pub struct RunLimits {
    /// CPU time of all processes.
    pub cpu: Duration,
    /// Wall-clock time.
    pub wall: Duration,
    /// Resident memory of the largest process.
    pub memory_bytes: u64,
    /// Standard output; standard error has the same.
    pub output_bytes: u64,
    /// Stack.
    pub stack_bytes: u64,
}

/// A program that runs tests in a sandbox of its own.
pub struct Bench<'a> {
    /// Where sandboxes come from.
    pub sandboxes: &'a Sandboxes,
    /// Held while a program runs; taken alone to run one program with nothing beside it.
    pub quiet: &'a RwLock<()>,
    /// The program.
    pub program: &'a Program,
    /// What the compiler made of it.
    pub artifact: Arc<Artifact>,
    /// Its arguments.
    pub args: &'a [String],
    /// The submission's limits, as asked for.
    pub limits: Limits,
    /// The cores it runs on.
    pub cores: &'a [u32],
    /// How much of its output a report carries; 0: none.
    pub show: usize,
    /// Whether a close miss of the CPU limit is run again alone.
    pub rerun_close: bool,
    /// The volume that joins it with an interactor.
    pub pipes: Option<String>,
    /// The sandbox it is loaded into, if one is.
    pub sandbox: Option<Lease>,
}

/// A run is stopped this much above its CPU limit, so that a close miss can be told from an endless loop.
const CLOSE: f64 = 1.1;

impl Bench<'_> {
    /// What the sandbox of a run needs.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let config = self.sandboxes.engine().config();
        run_needs(&self.program.language, config, self.limits.memory_mb, self.limits.processes)
    }

    /// Whether a run missed its CPU limit by so little that it deserves another one, alone.
    pub(crate) fn is_close_miss(&self, report: &TestReport) -> bool {
        let most_ms = self.run_limits().cpu.as_secs_f64() * 1e3 * CLOSE;
        self.rerun_close && report.limit == Some(LimitHit::Cpu) && report.cpu_ms <= most_ms
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
            stack_bytes: self.limits.memory_bytes(),
        }
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
    ) -> Result<TestReport, Fault> {
        let again = spool.as_ref().map(File::try_clone).transpose().map_err(spool_fault)?;
        let mut observer = self.observer(test, spool.take())?;
        let outcome = match self.run(test, input, &mut observer).await {
            // A tree that cannot be wiped: a new sandbox has none.
            Err(Fault::Sandbox(SandboxError::Failed { what })) => {
                tracing::info!(what, "a sandbox could not be reset; taking a new one");
                if let Some(mut file) = again.as_ref() {
                    file.set_len(0).and_then(|()| file.rewind()).map_err(spool_fault)?;
                }
                observer = self.observer(test, again)?;
                self.run(test, input, &mut observer).await
            }
            other => other,
        };
        match outcome {
            Ok(outcome) => self.report(test, &outcome, observer),
            // The kernel chose the runner: the sandbox is gone, and so are the exact figures.
            Err(Fault::Sandbox(SandboxError::OutOfMemory)) => Ok(self.out_of_memory(test, &observer)),
            Err(fault) => Err(fault),
        }
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
    ) -> Result<Outcome, Fault> {
        let mut sandbox = self.take().await?;
        self.put_files(&mut sandbox, test).await?;
        let outcome = sandbox.run(&self.job(test), input, observer).await?;
        self.keep(sandbox, &outcome).await;
        Ok(outcome)
    }

    /// A report of a run in a sandbox that was taken out; the sandbox is kept if it can be trusted.
    pub(crate) async fn settle(
        &mut self,
        test: &TestSpec,
        sandbox: Lease,
        outcome: &Outcome,
        observer: Observer,
    ) -> Result<TestReport, Fault> {
        self.keep(sandbox, outcome).await;
        self.report(test, outcome, observer)
    }

    /// After a limit a sandbox is not trusted with another test.
    async fn keep(&mut self, mut sandbox: Lease, outcome: &Outcome) {
        if outcome.limit.is_none() && outcome.oom_kills.is_none_or(|kills| kills == 0) {
            // One that is gone by now has said all it had to say.
            if sandbox.reset().await.is_ok() {
                self.sandbox = Some(sandbox);
            }
        }
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
        let mut lease = match &self.pipes {
            Some(volume) => {
                let pipes = PipesMount { volume: volume.clone(), writable: false };
                let own = Own { pipes: Some(pipes), ..Own::default() };
                self.sandboxes.start_own(&kind, self.needs(), own).await?
            }
            None => self.sandboxes.lease(&kind, self.needs()).await?,
        };
        lease.load(&self.artifact).await?;
        Ok(lease)
    }

    /// The verdict on a run by its figures alone, before any checker's word.
    pub(crate) fn fault(&self, outcome: &Outcome) -> Option<Verdict> {
        decide(outcome, &self.run_limits(), false).0
    }

    /// The job of a test whose output goes to an interactor.
    pub(crate) fn interactive_job(&self, test: &TestSpec) -> Job {
        Job { stdout: Stdout::Pipe, ..self.job(test) }
    }

    fn job(&self, test: &TestSpec) -> Job {
        let args: Vec<String> = self.args.iter().chain(&test.args).cloned().collect();
        let limits = self.run_limits();
        let cpu = if self.rerun_close { limits.cpu.mul_f64(CLOSE) } else { limits.cpu };
        Job {
            argv: self.program.run_argv(self.limits.memory_mb, &args),
            env: self.program.language.run.env.clone(),
            cwd: "/app/work",
            stdout: Stdout::Stream,
            cpu,
            wall: limits.wall,
            stdout_limit: limits.output_bytes,
            stderr_limit: limits.output_bytes,
            stderr_forward: (STDERR_KEPT.max(self.show) as u64).min(limits.output_bytes),
            stack: limits.stack_bytes,
            cores: self.cores.to_vec(),
        }
    }

    fn report(
        &self,
        test: &TestSpec,
        outcome: &Outcome,
        mut observer: Observer,
    ) -> Result<TestReport, Fault> {
        let needle = &self.program.language.run.out_of_memory_text;
        let said = !needle.is_empty() && observer.err.text().contains(needle.as_str());
        let (fault_of_program, limit) = decide(outcome, &self.run_limits(), said);
        let rejection = if fault_of_program.is_none() { observer.rejection()? } else { None };
        let verdict = match (&fault_of_program, &rejection) {
            (Some(verdict), _) => *verdict,
            (None, Some(_)) => Verdict::Wa,
            (None, None) => Verdict::Ac,
        };
        let (exit_code, signal, message) = match &outcome.ending {
            Ending::Code(code) => (Some(*code), None, None),
            Ending::Signal(signal) => (None, Some(*signal), None),
            Ending::NotStarted { errno, what } => {
                (None, None, Some(format!("the program could not be started: {what}, error {errno}")))
            }
        };
        let mut report = self.empty_report(test, verdict, limit);
        report.cpu_ms = cpu_time(outcome).as_secs_f64() * 1e3;
        report.wall_ms = outcome.wall_us as f64 / 1e3;
        report.memory_bytes = outcome.max_rss_bytes;
        (report.exit_code, report.signal) = (exit_code, signal);
        report.checker_message = rejection.or(message);
        self.show(&mut report, &observer, outcome.stdout_bytes, outcome.stderr_bytes);
        Ok(report)
    }

    /// The report of a program that took its sandbox with it.
    pub(crate) fn out_of_memory(&self, test: &TestSpec, observer: &Observer) -> TestReport {
        let mut report = self.empty_report(test, Verdict::Mle, Some(LimitHit::Memory));
        report.memory_bytes = self.run_limits().memory_bytes;
        self.show(&mut report, observer, 0, 0);
        report
    }

    fn show(&self, report: &mut TestReport, observer: &Observer, stdout_bytes: u64, stderr_bytes: u64) {
        if self.show > 0 {
            report.stdout = Some(observer.out.captured(stdout_bytes));
            report.stderr = Some(observer.err.captured(stderr_bytes));
        }
    }

    /// The report of a test that came to nothing.
    pub(crate) fn gone(&self, test: &TestSpec) -> TestReport {
        self.empty_report(test, Verdict::Ac, None)
    }

    fn empty_report(&self, test: &TestSpec, verdict: Verdict, limit: Option<LimitHit>) -> TestReport {
        TestReport { limit, ..TestReport::new(&test.name, test.group.as_deref(), verdict) }
    }
}

fn spool_fault(source: std::io::Error) -> Fault {
    Fault::File { what: "an output could not be kept".to_owned(), source }
}
