//! Jobs: how one begins, and what happens while it runs.

use std::io::{self, Read};
use std::os::fd::OwnedFd;

use gavel_runner::{Event, ExecSpec, Limit, Outcome, Stdin};

use super::Server;
use crate::pid1::job::{Begin, Job};
use crate::pid1::launch::launch;
use crate::pid1::memory::Memory;
use crate::pid1::pair::{Pair, Turn};
use crate::pid1::spool::Spool;
use crate::pid1::sys::{self, Wait};

impl Server {
    pub(super) fn exec(&mut self, nonce: u64, spec: ExecSpec) {
        match Spool::begin(nonce, &spec, &self.meter) {
            Ok(Some(spool)) => self.spool = Some(spool),
            Ok(None) => self.launch(nonce, spec, None),
            Err(error) => self.output.failed(nonce, error.to_string()),
        }
    }

    /// Starts a job; `file` is its standard input, if it has one.
    pub(super) fn launch(&mut self, nonce: u64, spec: ExecSpec, file: Option<OwnedFd>) {
        let stdin_file_bytes = match (&spec.stdin, &file) {
            (Stdin::File { size }, Some(_)) => *size,
            _ => 0,
        };
        let mut fifos = self.fifos.take();
        self.pair = fifos.as_mut().and_then(|fifos| fifos.holds.take()).map(Pair::new);
        let launched = self.shelf.seal().and_then(|()| {
            let begin = Begin {
                counters: self.meter.read(),
                memory: Memory::begin(&self.meter, spec.memory_limit, sys::monotonic_ns()),
                stdin_file_bytes,
            };
            Ok((launch(&spec, fifos, file, self.confinement.as_ref())?, begin))
        });
        match launched {
            Ok((launched, begin)) => self.job = Some(Job::new(nonce, spec, launched, begin)),
            Err(error) => self.not_started(nonce, None, &error),
        }
    }

    /// Answers for a job that did not even come to be forked.
    pub(super) fn not_started(&mut self, nonce: u64, limit: Option<Limit>, error: &io::Error) {
        let outcome = Outcome::not_started(error.raw_os_error().unwrap_or(0), error.to_string());
        let now_ns = sys::monotonic_ns();
        let outcome = Outcome { limit, started_ns: now_ns, ended_ns: now_ns, ..outcome };
        self.output.event(nonce, &Event::Exited(outcome));
    }

    /// Tells the worker how long the interactor waited for a core and when it is shown its peer's end, and the pair when the
    /// interactor ends.
    pub(super) fn tick_pair(&mut self) {
        let Some(pair) = &mut self.pair else { return };
        match &mut self.job {
            Some(job) if job.runs() => {
                if let Some(total_us) = job.news_of_waiting() {
                    self.output.event(job.nonce, &Event::Waited { total_us });
                }
                match pair.tick(sys::monotonic_ns(), &self.meter) {
                    Some(Turn::Shown) => self.output.event(job.nonce, &Event::PeerEndShown),
                    Some(Turn::Overdue) => job.stop(Limit::Killed),
                    None => {}
                }
            }
            _ => pair.ended(),
        }
    }

    pub(super) fn reap(&mut self) -> io::Result<()> {
        // Which signals there were does not matter: all that ended is looked for.
        drop(self.signals.read(&mut [0; 128 * 4]));
        if let Some(job) = &mut self.job {
            job.before_reaping(sys::monotonic_ns(), &self.meter);
        }
        loop {
            match sys::reap()? {
                Wait::Reaped(reaped) => {
                    if let Some(job) = &mut self.job {
                        job.account(&reaped);
                    }
                }
                Wait::Running => {
                    if let Some(job) = &mut self.job {
                        job.others_remain(&self.meter);
                    }
                    return Ok(());
                }
                Wait::Alone => {
                    if let Some(job) = &mut self.job {
                        job.nothing_remains(&self.meter);
                    }
                    return Ok(());
                }
            }
        }
    }
}
