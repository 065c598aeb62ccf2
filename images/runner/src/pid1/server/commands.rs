//! What each command means, by what is going on when it comes.

use std::io;

use gavel_runner::{Command, Event, Limit};

use super::Server;
use super::reset::Border;
use crate::pid1::fetch::Fetch;
use crate::pid1::fifo::Fifos;
use crate::pid1::put::Put;
use crate::pid1::spool::Spool;
use crate::pid1::sys;

impl Server {
    pub(super) fn command(&mut self, nonce: u64, command: Command) -> io::Result<()> {
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
            | Command::Signal { .. }
            | Command::PeerWaited { .. }
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
            Command::FetchFile { root, path, max_bytes } => {
                let (output, input) = (&mut self.output, &self.control.stream);
                let fetch = Fetch { nonce, max_bytes, max_files: 1, output, input };
                let done = fetch.run_file(&self.places, root, &path);
                self.answer(nonce, done, None);
            }
            Command::Reset => self.reset(nonce, Border::Tests),
            Command::Blank => self.reset(nonce, Border::Submissions),
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
                self.reset(nonce, Border::Tests);
            }
            Command::Blank => {
                self.not_started(spool.nonce, Some(Limit::Killed), &io::Error::other("reset"));
                self.reset(nonce, Border::Submissions);
            }
            Command::Stdin(_) | Command::StdinEof | Command::Kill | Command::Signal { .. } => {
                self.spool = Some(spool);
            }
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
            Command::PeerWaited { total_us } if nonce == job.nonce => job.peer_waited(total_us),
            Command::Signal { number } if nonce == job.nonce => job.signal(number),
            Command::Stdin(_)
            | Command::StdinEof
            | Command::Kill
            | Command::Signal { .. }
            | Command::PeerWaited { .. }
            | Command::PeerEnded { .. } => {}
            Command::Reset => {
                job.stop(Limit::Killed);
                self.reset = Some((nonce, Border::Tests));
            }
            Command::Blank => {
                job.stop(Limit::Killed);
                self.reset = Some((nonce, Border::Submissions));
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
}
