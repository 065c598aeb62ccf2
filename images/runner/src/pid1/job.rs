//! One running program with everything it started, from fork to outcome.

use std::io::{self, Read};

use gavel_runner::{Ending, ExecSpec, Limit, Outcome, Stdin, encode_stderr, encode_stdout};

use super::child::Report;
use super::feed::{Drain, Feed};
use super::launch::Launched;
use super::memory::Memory;
use super::meter::{Meter, Reading, living_cpu_us};
use super::output::Output;
use super::sys::{self, Reaped};
use super::waiting::Waiting;

/// Between two looks at the CPU time, nanoseconds: bounds of what is computed from the time left.
const CPU_TICK_NS: std::ops::RangeInclusive<u64> = 2_000_000..=100_000_000;
/// Between two rounds of killing.
const KILL_TICK_NS: u64 = 10_000_000;
/// A wait for a core that is shorter is told with the next one, microseconds.
const WORTH_TELLING_US: u64 = 1_000;
/// Processes that are still there this long after SIGKILL will never go.
const CLEAR_DEADLINE_NS: u64 = 10_000_000_000;

/// How far a job is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The main process runs.
    Running,
    /// It has ended; what it left behind is being killed.
    Clearing,
    /// Nothing of it is alive; output may wait in the pipes.
    Draining,
}

/// What was noted just before a job's fork.
pub struct Begin {
    /// Counters.
    pub counters: Reading,
    /// What was held.
    pub memory: Memory,
    /// Length of the file that is standard input, 0 if it is none.
    pub stdin_file_bytes: u64,
}

/// A job.
pub struct Job {
    /// Its name.
    pub nonce: u64,
    /// Standard input.
    pub feed: Feed,
    /// Standard output.
    pub stdout: Drain,
    /// Standard error.
    pub stderr: Drain,
    spec: ExecSpec,
    pid: libc::pid_t,
    phase: Phase,
    limit: Option<Limit>,
    report: std::fs::File,
    report_bytes: Vec<u8>,
    forked_ns: u64,
    ended_ns: u64,
    status: libc::c_int,
    before: Reading,
    after: Option<Reading>,
    memory: Memory,
    waiting: Waiting,
    /// What was told of it, microseconds.
    told_us: u64,
    /// How much of the input was told to be taken, bytes.
    told_taken: u64,
    stdin_file_bytes: u64,
    cores: u64,
    next_cpu_ns: u64,
    next_kill_ns: u64,
    /// Since when the worker takes no more output, if it does not.
    stalled_since_ns: Option<u64>,
    /// How long it took none, in all.
    stalled_ns: u64,
    user_us: u64,
    system_us: u64,
    max_rss_bytes: u64,
    processes: u32,
}

impl Job {
    /// Follows a program that was launched.
    pub fn new(nonce: u64, spec: ExecSpec, launched: Launched, begin: Begin) -> Self {
        let cores = if spec.cores.is_empty() { sys::cores() } else { spec.cores.len() as u64 };
        Self {
            nonce,
            feed: launched.feed,
            stdout: Drain::new(launched.stdout, spec.stdout_limit, spec.stdout_limit, encode_stdout),
            stderr: Drain::new(Some(launched.stderr), spec.stderr_forward, spec.stderr_limit, encode_stderr),
            spec,
            pid: launched.pid,
            phase: Phase::Running,
            limit: None,
            report: launched.report,
            report_bytes: Vec::new(),
            forked_ns: launched.forked_ns,
            ended_ns: 0,
            status: 0,
            before: begin.counters,
            after: None,
            memory: begin.memory,
            waiting: Waiting::begin(launched.pid, cores, launched.forked_ns),
            told_us: 0,
            told_taken: 0,
            stdin_file_bytes: begin.stdin_file_bytes,
            cores,
            next_cpu_ns: 0,
            next_kill_ns: 0,
            stalled_since_ns: None,
            stalled_ns: 0,
            user_us: 0,
            system_us: 0,
            max_rss_bytes: 0,
            processes: 0,
        }
    }

    /// Whether the main process has not ended yet.
    pub fn runs(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Stops the job. The first reason stays.
    pub fn stop(&mut self, limit: Limit) {
        if self.phase == Phase::Running && self.limit.is_none() {
            self.limit = Some(limit);
            self.kill(sys::monotonic_ns());
        }
    }

    /// Sends a signal to the main process and its group, while that runs.
    pub fn signal(&mut self, number: u8) {
        if self.phase == Phase::Running && self.limit.is_none() {
            sys::signal_group(self.pid, number.into());
        }
    }

    /// How much of the input is no longer under way, bytes in all, if somebody is to be told: it grew.
    pub fn news_of_input(&mut self) -> Option<u64> {
        let taken = self.feed.taken();
        let news = self.spec.stdin == Stdin::Live && taken > self.told_taken;
        news.then(|| self.told_taken = taken).map(|()| taken)
    }

    fn kill(&mut self, now_ns: u64) {
        sys::kill_others();
        self.next_kill_ns = now_ns + KILL_TICK_NS;
    }

    /// Before processes that ended are reaped, their figures are still there: the wait of one that ended late.
    pub fn before_reaping(&mut self, now_ns: u64, meter: &Meter) {
        if self.phase == Phase::Running && self.limit.is_none() && now_ns >= self.wall_deadline_ns() {
            let used_us = self.used_cpu_us(meter);
            self.waiting.look(now_ns, used_us);
        }
    }

    /// Adds a process that has ended.
    pub fn account(&mut self, reaped: &Reaped) {
        self.user_us += sys::micros(reaped.usage.ru_utime);
        self.system_us += sys::micros(reaped.usage.ru_stime);
        self.max_rss_bytes = self.max_rss_bytes.max(reaped.usage.ru_maxrss.unsigned_abs() * 1024);
        self.processes = self.processes.saturating_add(1);
        if reaped.pid == self.pid && self.phase == Phase::Running {
            self.ended_ns = sys::monotonic_ns();
            self.status = reaped.status;
            self.phase = Phase::Clearing;
            self.feed.close();
        }
    }

    /// Processes remain after a round of reaping: those of an ended job are killed, with a look at what they hold.
    pub fn others_remain(&mut self, meter: &Meter) {
        if self.phase == Phase::Clearing && self.next_kill_ns < self.ended_ns {
            let now_ns = sys::monotonic_ns();
            self.memory.look(meter, now_ns);
            self.kill(now_ns);
        }
    }

    /// No process is left.
    pub fn nothing_remains(&mut self, meter: &Meter) {
        if self.phase == Phase::Clearing {
            self.phase = Phase::Draining;
            self.after = Some(meter.read());
            self.memory.end(meter);
        }
    }

    /// Enforces the limits.
    pub fn tick(&mut self, now_ns: u64, meter: &Meter) -> io::Result<()> {
        if self.phase == Phase::Clearing && now_ns > self.ended_ns + CLEAR_DEADLINE_NS {
            return Err(io::Error::other("processes survive SIGKILL"));
        }
        if self.stdout.over() {
            self.stop(Limit::Stdout);
        }
        if self.stderr.over() {
            self.stop(Limit::Stderr);
        }
        if self.phase == Phase::Running && self.limit.is_none() {
            self.look(now_ns, meter);
        } else if self.phase != Phase::Draining && now_ns >= self.next_kill_ns {
            self.kill(now_ns);
        }
        Ok(())
    }

    /// Looks at everything whose time has come, and stops the job if it is over a limit.
    fn look(&mut self, now_ns: u64, meter: &Meter) {
        if now_ns >= self.memory.next_ns {
            self.memory.look(meter, now_ns);
            if self.memory.over() {
                return self.stop(Limit::Memory);
            }
        }
        let overdue = now_ns >= self.wall_deadline_ns();
        if overdue || now_ns >= self.next_cpu_ns || now_ns >= self.waiting.next_ns {
            let used_us = self.used_cpu_us(meter);
            // CPU time cannot grow faster than one second per core and second.
            let left_ns = self.spec.cpu_limit_us.saturating_sub(used_us).saturating_mul(1000) / self.cores;
            self.next_cpu_ns = now_ns + left_ns.clamp(*CPU_TICK_NS.start(), *CPU_TICK_NS.end());
            if used_us > self.spec.cpu_limit_us {
                return self.stop(Limit::Cpu);
            }
            if overdue || now_ns >= self.waiting.next_ns {
                self.waiting.look(now_ns, used_us);
            }
        }
        if overdue && now_ns >= self.wall_deadline_ns() {
            self.stop(Limit::Wall);
        }
    }

    fn used_cpu_us(&self, meter: &Meter) -> u64 {
        let waited = self.user_us + self.system_us;
        match self.group_cpu_us(meter.cpu_us()) {
            Some(group) => group.max(waited),
            None => waited + living_cpu_us(),
        }
    }

    fn group_cpu_us(&self, now: Option<u64>) -> Option<u64> {
        Some(now?.saturating_sub(self.before.cpu_us?))
    }

    /// Notes whether the worker takes output. A program that waits for a slow worker does not spend its own time.
    pub fn stalled(&mut self, stalled: bool, now_ns: u64) {
        match self.stalled_since_ns {
            None if stalled && self.phase == Phase::Running => self.stalled_since_ns = Some(now_ns),
            Some(since_ns) if !stalled || self.phase != Phase::Running => {
                let until_ns = if self.phase == Phase::Running { now_ns } else { self.ended_ns };
                self.stalled_ns += until_ns.saturating_sub(since_ns);
                self.stalled_since_ns = None;
            }
            _ => {}
        }
    }

    fn wall_deadline_ns(&mut self) -> u64 {
        if self.stalled_since_ns.is_some() {
            return u64::MAX;
        }
        let allowed_ns = self.spec.wall_limit_us.saturating_mul(1000).saturating_add(self.stalled_ns);
        let spared_ns = self.waited_us().unwrap_or(0).saturating_mul(1000);
        self.started_ns().saturating_add(allowed_ns).saturating_add(spared_ns)
    }

    /// Time of waiting for a core that is not charged.
    fn waited_us(&self) -> Option<u64> {
        Some((self.waiting.total_ns? / 1000).min(self.spec.wall_spare_us))
    }

    /// How long it has waited for a core in all, microseconds, if that is worth telling: it grew.
    pub fn news_of_waiting(&mut self) -> Option<u64> {
        let total_us = self.waiting.total_ns? / 1000;
        let news = total_us >= self.told_us + WORTH_TELLING_US;
        news.then(|| self.told_us = total_us).map(|()| total_us)
    }

    /// Its peer of an interactive pair has waited for a core so long in all.
    pub fn peer_waited(&mut self, total_us: u64) {
        self.waiting.peer_waited(total_us.saturating_mul(1000));
    }

    /// When [`Job::tick`] must be called next.
    pub fn next_tick_ns(&mut self) -> Option<u64> {
        match self.phase {
            Phase::Running if self.limit.is_none() => {
                let looks = self.memory.next_ns.min(self.next_cpu_ns).min(self.waiting.next_ns);
                Some(self.wall_deadline_ns().min(looks))
            }
            Phase::Running | Phase::Clearing => Some(self.next_kill_ns),
            Phase::Draining => None,
        }
    }

    fn report(&mut self) -> Option<Report> {
        if self.report_bytes.len() < 13 {
            let mut bytes = [0; 16];
            if let Ok(count) = self.report.read(&mut bytes) {
                self.report_bytes.extend_from_slice(bytes.get(..count).unwrap_or_default());
            }
        }
        Report::parse(&self.report_bytes)
    }

    /// The time just before exec, or for a moment that before the fork.
    fn started_ns(&mut self) -> u64 {
        if self.report_bytes.is_empty() {
            self.report();
        }
        Report::parse(&self.report_bytes)
            .map(|report| report.started_ns)
            .filter(|started_ns| *started_ns > 0)
            .unwrap_or(self.forked_ns)
    }

    /// Reads what the program wrote, as far as there is room.
    pub fn drain(&mut self, buffer: &mut [u8], output: &mut Output) {
        for stream in [&mut self.stdout, &mut self.stderr] {
            if output.has_room() && !stream.over() {
                stream.read(buffer, self.nonce, output);
            }
        }
    }

    /// After everything has ended: sends the rest, up to the limits. The outcome when all is sent.
    pub fn finish(&mut self, buffer: &mut [u8], output: &mut Output) -> Option<Outcome> {
        if self.phase != Phase::Draining {
            return None;
        }
        for stream in [&mut self.stdout, &mut self.stderr] {
            while stream.pipe.is_some() && !stream.over() {
                if !output.has_room() {
                    return None;
                }
                // Nobody is left to write: what is not there now never comes.
                if !stream.read(buffer, self.nonce, output) {
                    stream.pipe = None;
                }
            }
        }
        Some(self.outcome())
    }

    fn outcome(&mut self) -> Outcome {
        let failure = self.report().and_then(|report| report.failure);
        let started_ns = self.started_ns();
        self.stalled(false, self.ended_ns);
        let waited_us = self.waited_us();
        let wall_us = self.ended_ns.saturating_sub(started_ns).saturating_sub(self.stalled_ns) / 1000;
        let wall_us = wall_us.saturating_sub(waited_us.unwrap_or(0));
        let after = self.after.unwrap_or(Reading { cpu_us: None, oom_kills: None, read_bytes: None });
        let cgroup_cpu_us = self.group_cpu_us(after.cpu_us);
        let cpu_us = (self.user_us + self.system_us).max(cgroup_cpu_us.unwrap_or(0));
        let limit = self.limit.or_else(|| {
            let exceeded = [
                (self.memory.over(), Limit::Memory),
                (cpu_us > self.spec.cpu_limit_us, Limit::Cpu),
                (wall_us > self.spec.wall_limit_us, Limit::Wall),
                (self.stdout.over(), Limit::Stdout),
                (self.stderr.over(), Limit::Stderr),
            ];
            exceeded.iter().find(|(yes, _)| *yes).map(|(_, limit)| *limit)
        });
        Outcome {
            ending: match failure {
                Some((step, errno)) => Ending::NotStarted { errno, what: step.to_owned() },
                None if libc::WIFSIGNALED(self.status) => Ending::Signal(libc::WTERMSIG(self.status)),
                None => Ending::Code(libc::WEXITSTATUS(self.status)),
            },
            limit,
            user_us: self.user_us,
            system_us: self.system_us,
            cgroup_cpu_us,
            wall_us,
            waited_us,
            max_rss_bytes: self.max_rss_bytes,
            held_bytes: self.memory.peak,
            stdin_file_bytes: self.stdin_file_bytes,
            oom_kills: after
                .oom_kills
                .zip(self.before.oom_kills)
                .map(|(after, before)| after.saturating_sub(before)),
            stdout_bytes: self.stdout.seen,
            stderr_bytes: self.stderr.seen,
            read_bytes: after
                .read_bytes
                .zip(self.before.read_bytes)
                .map(|(after, before)| after.saturating_sub(before)),
            processes: self.processes,
            started_ns,
            ended_ns: self.ended_ns,
        }
    }
}
