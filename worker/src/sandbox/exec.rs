//! Running one program in a sandbox.

use std::collections::BTreeMap;
use std::time::Duration;

use gavel_runner::{Command, Event, ExecSpec, Limit, Outcome, Stdin, Stdout};
use tokio::sync::{mpsc, watch};

use super::connection::{Sandbox, name};
use super::error::SandboxError;
use super::input::Input;
use super::spoilt::Spoilt;
use super::usage::cpu_time;

/// One program to run.
#[derive(Clone, Debug)]
pub struct Job {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// The whole environment.
    pub env: BTreeMap<String, String>,
    /// Working directory.
    pub cwd: &'static str,
    /// Where standard output goes.
    pub stdout: Stdout,
    /// CPU time after which it is killed.
    pub cpu: Duration,
    /// Wall-clock time after which it is killed; [`Job::longest`] says how long that may take on a busy host.
    pub wall: Duration,
    /// Bytes of memory that all its processes and files may hold; `u64::MAX`: what the sandbox has.
    pub memory: u64,
    /// Bytes of standard output after which it is killed.
    pub stdout_limit: u64,
    /// Bytes of standard error after which it is killed.
    pub stderr_limit: u64,
    /// Bytes of standard error that are handed on.
    pub stderr_forward: u64,
    /// Bytes of stack, where the address space is not bounded.
    pub stack: u64,
    /// Bytes of address space of each process, where it is bounded.
    pub address_space: Option<u64>,
    /// Bytes of the longest file it may write; `u64::MAX`: what the sandbox allows.
    pub file: u64,
    /// The cores it may use; empty: any.
    pub cores: Vec<u32>,
}

/// Takes what a program writes.
pub trait Sink: Send {
    /// A piece of standard output.
    fn stdout(&mut self, bytes: &[u8]);
    /// A piece of standard error.
    fn stderr(&mut self, bytes: &[u8]);
    /// An interactor has waited for a core so long in all.
    fn waited(&mut self, _total: Duration) {}
}

/// What a running job is told from outside.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// End it: the outcome says `Limit::Killed`, unless the program was faster.
    Kill,
    /// The other program of an interactive pair has ended; for the interactor.
    PeerEnded {
        /// How long it may compute, busy with what it was given, before it is shown the end.
        settle: Duration,
        /// How long it may sleep or compute after that before it is killed.
        last_words: Duration,
    },
}

/// Where what a running job is told comes from.
pub struct Orders {
    /// What it must know, in order.
    pub queue: mpsc::Receiver<Order>,
    /// How long the other program of an interactive pair has waited for a core in all, which is not this one's time.
    pub peer_waited: watch::Receiver<Duration>,
}

/// What came of a job that took orders.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its outcome.
    pub outcome: Outcome,
    /// Whether it was shown the end of its peer before it ended itself.
    pub end_shown: bool,
}

/// How much longer than its wall limit a job may take to report before the sandbox counts as broken. The runner
/// enforces the limits; this is for a runner that does not answer at all.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// Of the time in which a job waited for a core this many times its wall limit is not charged, that is other load's
/// doing, and [`LEAST_SPARED`] in any case. Bounded, so that a slot is not taken for ever on a host that has no time.
const SPARED: u32 = 3;
/// See [`SPARED`].
const LEAST_SPARED: Duration = Duration::from_secs(30);

impl Job {
    /// How long it may run by the clock, where the host has no core for it most of the time.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.wall.saturating_add(self.spared())
    }

    /// How much of its waiting for a core is not charged.
    fn spared(&self) -> Duration {
        self.wall.saturating_mul(SPARED).max(LEAST_SPARED)
    }
}

impl Sandbox {
    /// Runs a program to its end, feeding it its input and handing on what it writes.
    ///
    /// # Errors
    /// Only for faults that are not the program's; the sandbox must then be dropped.
    pub async fn run(
        &mut self,
        job: &Job,
        input: &Input,
        sink: &mut dyn Sink,
    ) -> Result<Outcome, SandboxError> {
        let ((_nobody, queue), (_none, peer_waited)) = (mpsc::channel(1), watch::channel(Duration::ZERO));
        Ok(self.run_ordered(job, input, sink, &mut Orders { queue, peer_waited }).await?.outcome)
    }

    /// [`Sandbox::run`], with orders from outside on the way.
    ///
    /// # Errors
    /// As [`Sandbox::run`].
    pub async fn run_ordered(
        &mut self,
        job: &Job,
        input: &Input,
        sink: &mut dyn Sink,
        orders: &mut Orders,
    ) -> Result<Ran, SandboxError> {
        let before = self.begin();
        let ran = self.run_to_end(job, input, sink, orders).await?;
        self.used += cpu_time(&ran.outcome);
        self.well(before, Spoilt::of(&ran.outcome));
        Ok(ran)
    }

    async fn run_to_end(
        &mut self,
        job: &Job,
        input: &Input,
        sink: &mut dyn Sink,
        Orders { queue, peer_waited }: &mut Orders,
    ) -> Result<Ran, SandboxError> {
        let nonce = self.next_nonce();
        let stdin = input.stdin().await?;
        self.send(nonce, &Command::Exec(exec_spec(job, stdin))).await?;
        let within = job.longest().saturating_add(GRACE);
        let deadline = tokio::time::sleep(within);
        let frames = self.frames();
        let feed = input.feed(nonce, &frames);
        tokio::pin!(deadline, feed);
        let (mut feeding, mut end_shown) = (true, false);
        loop {
            tokio::select! {
                event = self.event() => match event? {
                    (of, Event::PeerEndShown) if of == nonce => end_shown = true,
                    (of, Event::Waited { total_us }) if of == nonce => {
                        sink.waited(Duration::from_micros(total_us));
                    }
                    event => if let Some(outcome) = self.running(nonce, event, sink)? {
                        return Ok(Ran { outcome, end_shown });
                    }
                },
                fed = &mut feed, if feeding => {
                    feeding = false;
                    match fed {
                        // The reading side knows better why the sandbox went away.
                        Ok(()) | Err(SandboxError::Closed) => {}
                        Err(error) => return Err(error),
                    }
                }
                Some(order) = queue.recv() => match order {
                    Order::Kill => self.send(nonce, &Command::Kill).await?,
                    Order::PeerEnded { settle, last_words } => {
                        let ended = Command::PeerEnded { settle_us: micros(settle), last_words_us: micros(last_words) };
                        self.send(nonce, &ended).await?;
                    }
                },
                Ok(()) = peer_waited.changed() => {
                    let total_us = micros(*peer_waited.borrow_and_update());
                    self.send(nonce, &Command::PeerWaited { total_us }).await?;
                }
                () = &mut deadline => return Err(SandboxError::Deadline { what: "a job's end", within }),
            }
        }
    }

    pub(super) fn running(
        &mut self,
        nonce: u64,
        (of, event): (u64, Event),
        sink: &mut dyn Sink,
    ) -> Result<Option<Outcome>, SandboxError> {
        if self.pending.is_reset(of, &event) {
            return Ok(None);
        }
        match event {
            Event::Failed { what } => return Err(self.pending.failure(of, what)),
            Event::Stdout(bytes) if of == nonce => sink.stdout(&bytes),
            Event::Stderr(bytes) if of == nonce => sink.stderr(&bytes),
            Event::Exited(outcome) if of == nonce => {
                self.pending.answered(nonce);
                return Ok(Some(outcome));
            }
            event => {
                return Err(SandboxError::Unexpected { event: name(&event), during: "running a program" });
            }
        }
        Ok(None)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The most stack, in bytes. Without a limit the kernel would lay out memory in its old way, bottom up.
const MOST_STACK: u64 = 2 << 30;

pub(super) fn exec_spec(job: &Job, stdin: Stdin) -> ExecSpec {
    ExecSpec {
        argv: job.argv.clone(),
        env: job.env.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        cwd: job.cwd.to_owned(),
        stdin,
        stdout: job.stdout,
        cpu_limit_us: micros(job.cpu),
        wall_limit_us: micros(job.wall),
        wall_spare_us: micros(job.spared()),
        memory_limit: job.memory,
        stdout_limit: job.stdout_limit,
        stderr_limit: job.stderr_limit,
        stderr_forward: job.stderr_forward,
        // The address space bounds the stack, too; and a thread's is as long as the main one may be, unless that is not bounded.
        stack_bytes: if job.address_space.is_some() { u64::MAX } else { job.stack.min(MOST_STACK) },
        file_bytes: job.file,
        cores: job.cores.clone(),
        address_space_bytes: job.address_space,
    }
}

/// The limit of a result that stands for what the runner stopped a job for.
#[must_use]
pub const fn limit_hit(limit: Limit) -> Option<gavel_model::LimitHit> {
    use gavel_model::LimitHit;
    match limit {
        Limit::Cpu => Some(LimitHit::Cpu),
        Limit::Wall => Some(LimitHit::Wall),
        Limit::Stdout => Some(LimitHit::Output),
        Limit::Stderr => Some(LimitHit::Stderr),
        Limit::Memory => Some(LimitHit::Memory),
        Limit::Killed => None,
    }
}
