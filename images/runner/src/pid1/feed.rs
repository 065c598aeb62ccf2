//! A job's streams: what goes into its standard input, what comes out of its outputs.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Write};

use gavel_runner::CHUNK;

use super::output::{Encode, Output};

/// No more commands are taken while this much standard input waits; one more piece may come on top.
const FULL: usize = CHUNK;

/// Standard input on its way to the program.
#[derive(Default)]
pub struct Feed {
    /// `None` once it is closed.
    pub pipe: Option<File>,
    queue: VecDeque<Vec<u8>>,
    offset: usize,
    queued: usize,
    ended: bool,
    /// Bytes that ever came.
    received: u64,
}

impl Feed {
    /// A feed into the writing end of a pipe, which must not block.
    pub fn new(pipe: File) -> Self {
        Self { pipe: Some(pipe), ..Self::default() }
    }

    /// Whether the worker should wait.
    pub fn full(&self) -> bool {
        self.queued >= FULL
    }

    /// Whether something waits to be written.
    pub fn pending(&self) -> bool {
        self.pipe.is_some() && self.queued > 0
    }

    /// Bytes that are no longer under way: the pipe took them, or nobody ever will.
    pub fn taken(&self) -> u64 {
        self.received - self.queued as u64
    }

    /// Takes a piece; nothing of a closed feed.
    pub fn push(&mut self, bytes: Vec<u8>) {
        self.received += bytes.len() as u64;
        if self.pipe.is_some() && !self.ended && !bytes.is_empty() {
            self.queued += bytes.len();
            self.queue.push_back(bytes);
        }
    }

    /// No more will come.
    pub fn end(&mut self) {
        self.ended = true;
        self.close_if_done();
    }

    /// Closes it, whatever waits.
    pub fn close(&mut self) {
        *self = Self { received: self.received, ..Self::default() };
    }

    /// Writes what the program takes.
    pub fn write(&mut self) {
        while let (Some(pipe), Some(piece)) = (&mut self.pipe, self.queue.front()) {
            match pipe.write(piece.get(self.offset..).unwrap_or_default()) {
                Ok(count) => {
                    self.offset += count;
                    self.queued -= count;
                    if self.offset == piece.len() {
                        self.offset = 0;
                        self.queue.pop_front();
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // The program has closed its end: what it does not read is nobody's failure.
                Err(_) => self.close(),
            }
        }
        self.close_if_done();
    }

    fn close_if_done(&mut self) {
        if self.ended && self.queued == 0 {
            self.close();
        }
    }
}

/// One output of the program.
pub struct Drain {
    /// `None` when it ended, or was never there.
    pub pipe: Option<File>,
    /// Bytes read so far.
    pub seen: u64,
    forward: u64,
    limit: u64,
    encode: Encode,
}

impl Drain {
    /// Reads from `pipe`, forwards `forward` bytes, allows `limit`.
    pub fn new(pipe: Option<File>, forward: u64, limit: u64, encode: Encode) -> Self {
        Self { pipe, seen: 0, forward, limit, encode }
    }

    /// Whether the program wrote more than it may.
    pub fn over(&self) -> bool {
        self.seen > self.limit
    }

    /// Reads once without waiting. `false` when there is nothing more for now.
    pub fn read(&mut self, buffer: &mut [u8], nonce: u64, output: &mut Output) -> bool {
        let Some(pipe) = &mut self.pipe else { return false };
        match pipe.read(buffer) {
            Ok(0) => self.pipe = None,
            Ok(count) => {
                let left = usize::try_from(self.forward.saturating_sub(self.seen)).unwrap_or(usize::MAX);
                output.data(self.encode, nonce, buffer.get(..count.min(left)).unwrap_or_default());
                self.seen = self.seen.saturating_add(count as u64);
                return true;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return true,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => self.pipe = None,
        }
        false
    }
}
