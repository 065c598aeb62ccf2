//! White space as DMOJ's checkers see it: only whether there is some, and whether a line ends in it.

use std::io::Read;

use super::answer::is_space;

/// How much is read at a time.
const CHUNK: usize = 64 * 1024;

/// Turns every run of white space into one line feed, where it holds a line's end, or else into one space; none is left
/// at the begin and at the end.
#[derive(Debug, Default)]
pub(super) struct Squeeze {
    begun: bool,
    gap: Gap,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

impl Squeeze {
    /// Appends to `out` what becomes of the next bytes.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            if is_space(*byte) {
                let line = matches!(byte, b'\n' | b'\r');
                self.gap = self.gap.max(if line { Gap::Line } else { Gap::Space });
                continue;
            }
            match self.gap {
                Gap::Line if self.begun => out.push(b'\n'),
                Gap::Space if self.begun => out.push(b' '),
                _ => {}
            }
            out.push(*byte);
            (self.begun, self.gap) = (true, Gap::None);
        }
    }
}

/// Turns line ends of every kind into line feeds, and ends the last line.
#[derive(Debug, Default)]
pub(super) struct LineFeeds {
    /// The byte before was a carriage return, which has become a line feed already.
    after_return: bool,
    last: Option<u8>,
}

impl LineFeeds {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            let becomes = match byte {
                b'\n' if self.after_return => None,
                b'\r' => Some(b'\n'),
                other => Some(*other),
            };
            self.after_return = *byte == b'\r';
            if let Some(byte) = becomes {
                out.push(byte);
                self.last = Some(byte);
            }
        }
    }

    fn finish(&self, out: &mut Vec<u8>) {
        if self.last.is_some_and(|last| last != b'\n') {
            out.push(b'\n');
        }
    }
}

/// What is made of an answer while it is read.
#[derive(Debug)]
pub(super) enum Change {
    Squeeze(Squeeze),
    LineFeeds(LineFeeds),
}

/// An answer that is changed while it is read.
pub(super) struct Changed<R> {
    reader: R,
    change: Change,
    ready: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: Read> Changed<R> {
    pub const fn new(reader: R, change: Change) -> Self {
        Self { reader, change, ready: Vec::new(), taken: 0, ended: false }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        let mut chunk = vec![0; CHUNK];
        while self.taken == self.ready.len() && !self.ended {
            let count = self.reader.read(&mut chunk)?;
            (self.taken, self.ended) = (0, count == 0);
            self.ready.clear();
            match &mut self.change {
                Change::Squeeze(squeeze) => squeeze.push(&chunk[..count], &mut self.ready),
                Change::LineFeeds(feeds) if self.ended => feeds.finish(&mut self.ready),
                Change::LineFeeds(feeds) => feeds.push(&chunk[..count], &mut self.ready),
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Changed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.refill()?;
        let rest = &self.ready[self.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}
