//! What a program reads from its standard input.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use gavel_runner::{CHUNK, Command, Stdin, encode_command, encode_stdin};
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;

use super::error::SandboxError;

/// Standard input of a program.
#[derive(Clone, Debug)]
pub enum Input {
    /// Nothing: end of file at once.
    Empty,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file of the worker, streamed.
    File(PathBuf),
    /// The FIFO of an interactive pair.
    Pipe,
}

impl Input {
    /// How many bytes it is; 0 for what comes from another program.
    ///
    /// # Errors
    /// When it is a file that cannot be looked at.
    pub async fn size(&self) -> std::io::Result<u64> {
        Ok(match self {
            Self::Empty | Self::Pipe => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(path) => tokio::fs::metadata(path).await?.len(),
        })
    }

    /// What the runner makes of it: bytes that are known become a file that the program can seek and map, as far as
    /// there is room (see [`Stdin::File`]).
    pub(super) async fn stdin(&self) -> Result<Stdin, SandboxError> {
        Ok(match self {
            Self::Empty => Stdin::Empty,
            Self::Pipe => Stdin::Pipe,
            Self::Bytes(_) | Self::File(_) => {
                Stdin::File { size: self.size().await.map_err(SandboxError::Input)? }
            }
        })
    }

    /// Sends it all to the job `nonce`, then end of file. Ends quietly when the sandbox goes away.
    pub(super) async fn feed(&self, nonce: u64, frames: &mpsc::Sender<Vec<u8>>) -> Result<(), SandboxError> {
        match self {
            Self::Empty | Self::Pipe => return Ok(()),
            Self::Bytes(bytes) => {
                for chunk in bytes.chunks(CHUNK) {
                    send(nonce, chunk, frames).await?;
                }
            }
            Self::File(path) => feed_file(path, nonce, frames).await?,
        }
        let mut frame = Vec::new();
        encode_command(nonce, &Command::StdinEof, &mut frame).map_err(SandboxError::Encode)?;
        frames.send(frame).await.map_err(|_| SandboxError::Closed)
    }
}

async fn feed_file(path: &Path, nonce: u64, frames: &mpsc::Sender<Vec<u8>>) -> Result<(), SandboxError> {
    let mut file = tokio::fs::File::open(path).await.map_err(SandboxError::Input)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = file.read(&mut buffer).await.map_err(SandboxError::Input)?;
        if read == 0 {
            return Ok(());
        }
        send(nonce, &buffer[..read], frames).await?;
    }
}

async fn send(nonce: u64, chunk: &[u8], frames: &mpsc::Sender<Vec<u8>>) -> Result<(), SandboxError> {
    let mut frame = Vec::new();
    encode_stdin(nonce, chunk, &mut frame).map_err(SandboxError::Encode)?;
    frames.send(frame).await.map_err(|_| SandboxError::Closed)
}
