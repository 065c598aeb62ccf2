//! Events on their way to the worker: a bounded buffer before a stream that may be slow.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd};

use gavel_runner::{CHUNK, Event, ProtocolError, encode_event};

use super::sys;

/// No more is produced while this much waits; one more piece may come on top.
const HIGH: usize = CHUNK;

/// Longest text of a failure; file names in it are the program's.
const FAILED_BYTES: usize = 4096;

/// One of the protocol's encoders for borrowed bytes.
pub type Encode = fn(u64, &[u8], &mut Vec<u8>) -> Result<(), ProtocolError>;

/// The event stream.
pub struct Output {
    stream: File,
    buffer: Vec<u8>,
    sent: usize,
}

impl Output {
    /// Takes the writing end of the control stream.
    pub fn new(stream: File) -> Self {
        Self { stream, buffer: Vec::with_capacity(HIGH + CHUNK + 4096), sent: 0 }
    }

    /// The stream, to be polled.
    pub fn stream(&self) -> &File {
        &self.stream
    }

    /// Whether something waits to be sent.
    pub fn pending(&self) -> bool {
        self.sent < self.buffer.len()
    }

    /// Whether more may be produced.
    pub fn has_room(&self) -> bool {
        self.buffer.len() - self.sent < HIGH
    }

    /// Appends an event. One that cannot be encoded is our own mistake: it becomes `Failed`, never nothing.
    pub fn event(&mut self, nonce: u64, event: &Event) {
        if let Err(error) = encode_event(nonce, event, &mut self.buffer) {
            self.failed(nonce, format!("event not sent: {error}"));
        }
    }

    /// Appends `Event::Failed`.
    pub fn failed(&mut self, nonce: u64, mut what: String) {
        if what.len() > FAILED_BYTES {
            what =
                String::from_utf8_lossy(what.as_bytes().get(..FAILED_BYTES).unwrap_or_default()).into_owned();
        }
        // Cannot fail: that little always fits in a frame.
        drop(encode_event(nonce, &Event::Failed { what }, &mut self.buffer));
    }

    /// Appends data with one of the protocol's encoders for borrowed bytes.
    pub fn data(&mut self, encode: Encode, nonce: u64, bytes: &[u8]) {
        for chunk in bytes.chunks(CHUNK) {
            // Cannot fail: a chunk always fits.
            drop(encode(nonce, chunk, &mut self.buffer));
        }
    }

    /// Sends what the stream takes without waiting.
    pub fn flush(&mut self) -> io::Result<()> {
        while let Some(rest) = self.buffer.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        if self.pending() {
            // Moved only when half of it is dead, so that each byte is moved at most once on average.
            if self.sent > self.buffer.len() / 2 {
                self.buffer.drain(..self.sent);
                self.sent = 0;
            }
        } else {
            self.buffer.clear();
            self.sent = 0;
        }
        Ok(())
    }

    /// Waits until more may be produced, or fails when the worker has gone (`input` ended).
    pub fn wait_for_room(&mut self, input: &File) -> io::Result<()> {
        self.flush()?;
        while !self.has_room() {
            let fd = |file: &File, events| libc::pollfd { fd: file.as_fd().as_raw_fd(), events, revents: 0 };
            let mut fds = [fd(&self.stream, libc::POLLOUT), fd(input, libc::POLLRDHUP)];
            sys::poll(&mut fds, None)?;
            if fds[1].revents != 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.flush()?;
        }
        Ok(())
    }
}
