//! Commands on their way in.

use std::fs::File;
use std::io::{self, Read};

use gavel_runner::{CHUNK, Command, Decoder, ProtocolError};

/// Bytes of one read. Half a chunk: the decoder keeps what is left over, and memory here is every sandbox's.
const READ: usize = CHUNK / 2;

/// The command stream.
pub struct Control {
    /// To be polled.
    pub stream: File,
    decoder: Decoder<Command>,
    buffer: Box<[u8]>,
}

/// What a read brought.
pub enum Input {
    /// Perhaps some commands.
    More,
    /// The worker has gone.
    End,
}

impl Control {
    /// Takes the reading end of the control stream.
    pub fn new(stream: File) -> Self {
        Self { stream, decoder: Decoder::new(), buffer: vec![0; READ].into() }
    }

    /// Reads once.
    pub fn read(&mut self) -> io::Result<Input> {
        match self.stream.read(&mut self.buffer) {
            Ok(0) => Ok(Input::End),
            Ok(count) => {
                self.decoder.push(self.buffer.get(..count).unwrap_or_default());
                Ok(Input::More)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                Ok(Input::More)
            }
            Err(error) => Err(error),
        }
    }

    /// The next complete command.
    pub fn next(&mut self) -> Result<Option<(u64, Command)>, ProtocolError> {
        self.decoder.next()
    }
}
