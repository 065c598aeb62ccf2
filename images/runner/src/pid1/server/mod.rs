//! The loop: commands in, events out, the job in between.

mod commands;
mod jobs;
mod reset;

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use gavel_runner::{CHUNK, Event, PROTOCOL};

use super::control::{Control, Input};
use super::fifo::Fifos;
use super::job::Job;
use super::landlock::Confinement;
use super::meter::Meter;
use super::output::Output;
use super::pair::Pair;
use super::places::Places;
use super::proof::Proof;
use super::put::{Put, Shelf};
use super::spool::Spool;
use super::startup::Prepared;
use super::sys;
use reset::Border;

/// Why the loop ended.
pub enum End {
    /// The worker closed the command stream.
    Closed,
    /// The worker sent something that is no command.
    Protocol,
}

struct Server {
    control: Control,
    output: Output,
    signals: File,
    meter: Meter,
    places: Places,
    proof: Proof,
    shelf: Shelf,
    put: Option<Put>,
    fifos: Option<Fifos>,
    /// The pipes of an interactor, while it or its peer may use them.
    pair: Option<Pair>,
    confinement: Option<Confinement>,
    /// A job whose standard input is still coming.
    spool: Option<Spool>,
    job: Option<Job>,
    /// A reset that waits for the running job to end.
    reset: Option<(u64, Border)>,
    buffer: Box<[u8]>,
}

/// Serves until the worker goes. Ending the process ends everything in the sandbox.
pub fn serve(prepared: Prepared) -> io::Result<End> {
    let meter = Meter::open(prepared.reads);
    let places = Places::open()?;
    let mut server = Server {
        control: Control::new(prepared.input),
        output: Output::new(prepared.output),
        signals: prepared.signals,
        proof: Proof::begin(&meter, &places)?,
        places,
        meter,
        shelf: Shelf::default(),
        put: None,
        fifos: None,
        pair: None,
        confinement: Confinement::new(),
        spool: None,
        job: None,
        reset: None,
        buffer: vec![0; CHUNK].into(),
    };
    // Without a /tmp of its own, every use of it will be answered with a failure that says so.
    drop(server.places.make_out().and_then(|()| server.places.restore_times()));
    server.output.event(0, &Event::Ready { protocol: PROTOCOL, cgroup: server.meter.version });
    server.run()
}

impl Server {
    fn run(&mut self) -> io::Result<End> {
        loop {
            while self.accepts() {
                match self.control.next() {
                    Ok(Some((nonce, command))) => self.command(nonce, command)?,
                    Ok(None) => break,
                    Err(_) => return Ok(End::Protocol),
                }
            }
            self.output.flush()?;
            if let Some(end) = self.wait()? {
                return Ok(end);
            }
            self.tick_pair();
            if let Some(job) = &mut self.job {
                job.tick(sys::monotonic_ns(), &self.meter)?;
                if let Some(total) = job.news_of_input() {
                    self.output.event(job.nonce, &Event::Taken { total });
                }
                if let Some(outcome) = job.finish(&mut self.buffer, &mut self.output) {
                    self.output.event(job.nonce, &Event::Exited(outcome));
                    self.job = None;
                }
            }
            if self.job.is_none()
                && let Some((nonce, border)) = self.reset.take()
            {
                self.reset(nonce, border);
            }
        }
    }

    /// Whether commands may be taken in.
    fn accepts(&self) -> bool {
        self.output.has_room()
            && self.reset.is_none()
            && !self.job.as_ref().is_some_and(|job| job.feed.full())
    }

    /// Waits for something to happen and moves bytes.
    fn wait(&mut self) -> io::Result<Option<End>> {
        let accepts = self.accepts();
        let room = self.output.has_room();
        if let Some(job) = &mut self.job {
            job.stalled(!room, sys::monotonic_ns());
        }
        let of_job = self.job.as_mut().and_then(Job::next_tick_ns);
        let of_pair = self.pair.as_ref().and_then(Pair::next_tick_ns);
        let timeout_ns = of_job.into_iter().chain(of_pair).min();
        let fd = |fd: Option<i32>, events| libc::pollfd { fd: fd.unwrap_or(-1), events, revents: 0 };
        let job = self.job.as_ref();
        let feed = job.filter(|job| job.feed.pending()).and_then(|job| job.feed.pipe.as_ref());
        let out = job.filter(|job| room && !job.stdout.over()).and_then(|job| job.stdout.pipe.as_ref());
        let err = job.filter(|job| room && !job.stderr.over()).and_then(|job| job.stderr.pipe.as_ref());
        let mut fds = [
            // Its end must be noticed even while nothing is taken in.
            fd(
                Some(self.control.stream.as_raw_fd()),
                libc::POLLRDHUP | if accepts { libc::POLLIN } else { 0 },
            ),
            fd(Some(self.signals.as_raw_fd()), libc::POLLIN),
            fd(self.output.pending().then(|| self.output.stream().as_raw_fd()), libc::POLLOUT),
            fd(feed.map(AsRawFd::as_raw_fd), libc::POLLOUT),
            fd(out.map(AsRawFd::as_raw_fd), libc::POLLIN),
            fd(err.map(AsRawFd::as_raw_fd), libc::POLLIN),
            fd(self.pair.as_ref().and_then(Pair::unread).map(AsRawFd::as_raw_fd), libc::POLLIN),
        ];
        sys::poll(&mut fds, timeout_ns.map(|at| at.saturating_sub(sys::monotonic_ns())))?;
        let [control, signals, _, feed, out, err, unread] = fds.map(|fd| fd.revents != 0);
        if control {
            if !accepts {
                return Ok(Some(End::Closed));
            }
            if let Input::End = self.control.read()? {
                return Ok(Some(End::Closed));
            }
        }
        if let Some(job) = &mut self.job {
            if feed {
                job.feed.write();
            }
            if out || err {
                job.drain(&mut self.buffer, &mut self.output);
            }
        }
        if unread && let Some(pair) = &mut self.pair {
            pair.drain(&mut self.buffer);
        }
        if signals {
            self.reap()?;
        }
        Ok(None)
    }

    /// Answers a command: its event if it has one, or the failure.
    fn answer(&mut self, nonce: u64, done: io::Result<()>, event: Option<Event>) {
        match (done, event) {
            (Ok(()), Some(event)) => self.output.event(nonce, &event),
            (Ok(()), None) => {}
            (Err(error), _) => self.output.failed(nonce, error.to_string()),
        }
    }
}
