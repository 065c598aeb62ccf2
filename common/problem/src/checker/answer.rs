//! The answer file, read as far as the comparison has come.

use std::io::{BufRead, BufReader, Read};

use super::token::CheckError;

/// How much of the answer is read at a time.
const BUFFER: usize = 64 * 1024;

/// White space of the format: space, form feed, line feed, carriage return, tab, vertical tab.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\x0c' | b'\n' | b'\r' | b'\t' | b'\x0b')
}

/// The answer's bytes with a count of lines.
pub(super) struct Answer<R> {
    reader: BufReader<R>,
    /// The line of the next byte, counted from 1.
    pub line: u64,
}

impl<R: Read> Answer<R> {
    pub fn new(reader: R) -> Self {
        Self { reader: BufReader::with_capacity(BUFFER, reader), line: 1 }
    }

    /// What has been read and not yet compared; empty only at the end.
    pub fn buffered(&mut self) -> Result<&[u8], CheckError> {
        loop {
            match self.reader.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(CheckError::Answer(error)),
            }
        }
        Ok(self.reader.buffer())
    }

    pub fn peek(&mut self) -> Result<Option<u8>, CheckError> {
        Ok(self.buffered()?.first().copied())
    }

    /// Takes one byte that was seen.
    pub fn take(&mut self, byte: u8) {
        self.line += u64::from(byte == b'\n');
        self.reader.consume(1);
    }

    /// Takes bytes that were seen and hold `lines` line feeds.
    pub fn take_many(&mut self, count: usize, lines: u64) {
        self.line += lines;
        self.reader.consume(count);
    }

    pub fn skip_space(&mut self) -> Result<(), CheckError> {
        while let Some(byte) = self.peek()?.filter(|byte| is_space(*byte)) {
            self.take(byte);
        }
        Ok(())
    }

    /// Reads the rest of a token into `token`, at most until that holds `limit` bytes.
    /// True if the token ended within the limit.
    pub fn read_token(&mut self, token: &mut Vec<u8>, limit: usize) -> Result<bool, CheckError> {
        loop {
            let buffered = self.buffered()?;
            let length = buffered.iter().position(|byte| is_space(*byte)).unwrap_or(buffered.len());
            let room = limit - token.len();
            let taken = length.min(room);
            token.extend_from_slice(&buffered[..taken]);
            self.reader.consume(taken);
            if length > room {
                return Ok(false);
            }
            match self.peek()? {
                Some(byte) if !is_space(byte) => {}
                _ => return Ok(true),
            }
        }
    }
}
