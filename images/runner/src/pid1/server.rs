//! The loop: commands in, events out, the job in between.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, OwnedFd};

use gavel_runner::{CHUNK, Command, Event, ExecSpec, Limit, Outcome, PROTOCOL, Stdin};

use super::control::{Control, Input};
use super::fetch::Fetch;
use super::fifo::Fifos;
use super::job::{Begin, Job};
use super::landlock::Confinement;
use super::launch::launch;
use super::memory::Memory;
use super::meter::Meter;
use super::output::Output;
use super::pair::{Pair, Turn};
use super::places::Places;
use super::put::{Put, Shelf};
use super::spool::Spool;
use super::startup::Prepared;
use super::sys::{self, Wait};

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
    reset: Option<u64>,
    buffer: Box<[u8]>,
}

/// Serves until the worker goes. Ending the process ends everything in the sandbox.
pub fn serve(prepared: Prepared) -> io::Result<End> {
    let mut server = Server {
        control: Control::new(prepared.input),
        output: Output::new(prepared.output),
        signals: prepared.signals,
        meter: Meter::open(),
        places: Places::open()?,
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
    drop(server.places.make_out());
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
                if let Some(outcome) = job.finish(&mut self.buffer, &mut self.output) {
                    self.output.event(job.nonce, &Event::Exited(outcome));
                    self.job = None;
                }
            }
            if self.job.is_none()
                && let Some(nonce) = self.reset.take()
            {
                self.reset(nonce);
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

    /// Tells the worker when the interactor is shown its peer's end, and the pair when the interactor ends.
    fn tick_pair(&mut self) {
        let Some(pair) = &mut self.pair else { return };
        match &mut self.job {
            Some(job) if job.runs() => match pair.tick(sys::monotonic_ns(), &self.meter) {
                Some(Turn::Shown) => self.output.event(job.nonce, &Event::PeerEndShown),
                Some(Turn::Overdue) => job.stop(Limit::Killed),
                None => {}
            },
            _ => pair.ended(),
        }
    }

    fn reap(&mut self) -> io::Result<()> {
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

    fn command(&mut self, nonce: u64, command: Command) -> io::Result<()> {
        if let Command::Data(bytes) = &command {
            self.data(nonce, bytes);
            return Ok(());
        }
        if let Some(put) = self.put.take() {
            self.output.failed(put.nonce, "a command came before all data of the file".to_owned());
        }
        if let Some(spool) = self.spool.take() {
            self.command_to_spool(spool, nonce, command);
            return Ok(());
        }
        if self.job.is_some() {
            self.command_to_job(nonce, command);
            return Ok(());
        }
        match command {
            // Of a job that has ended.
            Command::Data(_)
            | Command::Stdin(_)
            | Command::StdinEof
            | Command::Kill
            | Command::PeerEnded { .. } => {}
            Command::Put { root, path, mode, size, keep } => {
                let file = (root, path, mode, size, keep);
                let (put, done) = Put::begin(nonce, file, &self.places, &mut self.shelf);
                self.put = (!put.complete()).then_some(put);
                self.answer(nonce, done, None);
            }
            Command::Exec(spec) => self.exec(nonce, spec),
            Command::Fetch { root, path, max_bytes, max_files } => {
                let fetch = Fetch {
                    nonce,
                    max_bytes,
                    max_files,
                    output: &mut self.output,
                    input: &self.control.stream,
                };
                let done = fetch.run(&self.places, root, &path);
                self.answer(nonce, done, None);
            }
            Command::Reset => self.reset(nonce),
            Command::PipesOpen { dir, create, read, write } => {
                self.pair = None;
                let done = Fifos::open(&dir, create, &read, &write).map(|fifos| self.fifos = Some(fifos));
                self.answer(nonce, done, Some(Event::PipesReady));
            }
            Command::PipesSeal => {
                let done = match &self.fifos {
                    Some(fifos) => fifos.seal(),
                    None => Err(io::Error::other("no pipes are open")),
                };
                self.answer(nonce, done, Some(Event::PipesReady));
            }
        }
        Ok(())
    }

    /// A command while a job waits for its standard input.
    fn command_to_spool(&mut self, mut spool: Spool, nonce: u64, command: Command) {
        let of_job = nonce == spool.nonce;
        match command {
            Command::Stdin(bytes) if of_job => match spool.push(&bytes) {
                Ok(()) => self.spool = Some(spool),
                Err(error) => self.output.failed(nonce, error.to_string()),
            },
            Command::StdinEof if of_job => match spool.finish() {
                Ok((spec, file)) => self.launch(nonce, spec, Some(file)),
                Err(error) => self.output.failed(nonce, error.to_string()),
            },
            Command::Kill if of_job => {
                self.not_started(nonce, Some(Limit::Killed), &io::Error::other("killed"));
            }
            Command::Reset => {
                self.not_started(spool.nonce, Some(Limit::Killed), &io::Error::other("reset"));
                self.reset(nonce);
            }
            Command::Stdin(_) | Command::StdinEof | Command::Kill => self.spool = Some(spool),
            refused => {
                self.spool = Some(spool);
                self.refuse(nonce, &refused);
            }
        }
    }

    /// A command while a job runs: only its own standard input, its end, and a reset have a meaning.
    fn command_to_job(&mut self, nonce: u64, command: Command) {
        let Some(job) = &mut self.job else { return };
        match command {
            Command::Stdin(bytes) if nonce == job.nonce => {
                job.feed.push(bytes);
                job.feed.write();
            }
            Command::StdinEof if nonce == job.nonce => job.feed.end(),
            Command::Kill if nonce == job.nonce => job.stop(Limit::Killed),
            Command::PeerEnded { settle_us, last_words_us } if nonce == job.nonce => {
                if let Some(pair) = &mut self.pair {
                    pair.peer_ended(settle_us, last_words_us, sys::monotonic_ns(), &self.meter);
                }
            }
            Command::Stdin(_) | Command::StdinEof | Command::Kill | Command::PeerEnded { .. } => {}
            Command::Reset => {
                job.stop(Limit::Killed);
                self.reset = Some(nonce);
            }
            refused => self.refuse(nonce, &refused),
        }
    }

    /// Answers a command that must not come while there is a job.
    fn refuse(&mut self, nonce: u64, command: &Command) {
        if let Command::Put { size, .. } = command {
            self.put = Some(Put::refused(nonce, *size)).filter(|put| !put.complete());
        }
        self.output.failed(nonce, "a job is running".to_owned());
    }

    fn data(&mut self, nonce: u64, bytes: &[u8]) {
        let Some(put) = self.put.as_mut().filter(|put| put.nonce == nonce) else {
            return self.output.failed(nonce, "data of no file".to_owned());
        };
        let done = put.data(bytes, &mut self.shelf);
        if put.complete() {
            self.put = None;
        }
        self.answer(nonce, done, None);
    }

    fn exec(&mut self, nonce: u64, spec: ExecSpec) {
        match Spool::begin(nonce, &spec, &self.meter) {
            Ok(Some(spool)) => self.spool = Some(spool),
            Ok(None) => self.launch(nonce, spec, None),
            Err(error) => self.output.failed(nonce, error.to_string()),
        }
    }

    /// Starts a job; `file` is its standard input, if it has one.
    fn launch(&mut self, nonce: u64, spec: ExecSpec, file: Option<OwnedFd>) {
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
    fn not_started(&mut self, nonce: u64, limit: Option<Limit>, error: &io::Error) {
        let outcome = Outcome::not_started(error.raw_os_error().unwrap_or(0), error.to_string());
        let now_ns = sys::monotonic_ns();
        let outcome = Outcome { limit, started_ns: now_ns, ended_ns: now_ns, ..outcome };
        self.output.event(nonce, &Event::Exited(outcome));
    }

    fn reset(&mut self, nonce: u64) {
        sys::kill_others();
        (self.fifos, self.pair) = (None, None);
        let done = self
            .places
            .wipe()
            .and_then(|()| self.shelf.seal())
            .and_then(|()| self.shelf.restore(&self.places))
            .and_then(|()| self.places.make_out());
        self.answer(nonce, done, Some(Event::ResetDone));
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
