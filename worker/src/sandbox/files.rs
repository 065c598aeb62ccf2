//! Files into a sandbox and out of it: bytes over the one stream, never a path of the host's.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use gavel_model::FileName;
use gavel_runner::{CHUNK, Command, Event, Root, encode_data};
use tokio::io::AsyncReadExt as _;

use super::artifact::{Artifact, ArtifactFile, Place};
use super::connection::{Sandbox, name};
use super::error::SandboxError;
use super::input::Input;

/// The most files of an artifact: a Java program with thousands of classes is no submission.
const MAX_FILES: u32 = 4096;
pub(super) const FETCH_WITHIN: Duration = Duration::from_secs(30);

/// A source file with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceBytes {
    /// Its name below `/app/work`.
    pub name: FileName,
    /// What is in it.
    pub bytes: Bytes,
}

impl Sandbox {
    /// Puts source files into `/app/work`, until the next reset.
    ///
    /// # Errors
    /// When the sandbox is gone. That they do not fit is told by the next job.
    pub async fn put_sources(&mut self, files: &[SourceBytes]) -> Result<(), SandboxError> {
        for file in files {
            self.put(Root::Work, file.name.as_str(), 0o644, &file.bytes, false).await?;
        }
        Ok(())
    }

    /// Loads what is to be run; every reset restores it.
    ///
    /// # Errors
    /// When the sandbox is gone. That it does not fit is told by the next job.
    pub async fn load(&mut self, artifact: &Artifact) -> Result<(), SandboxError> {
        for file in &artifact.files {
            self.put(file.root.into(), &file.path, file.mode, &file.bytes, true).await?;
        }
        Ok(())
    }

    /// Puts one file.
    ///
    /// # Errors
    /// When the sandbox is gone, or the path is refused.
    pub async fn put(
        &mut self,
        root: Root,
        path: &str,
        mode: u32,
        bytes: &[u8],
        keep: bool,
    ) -> Result<(), SandboxError> {
        let nonce = self.next_nonce();
        let size = bytes.len() as u64;
        self.send(nonce, &Command::Put { root, path: path.to_owned(), mode, size, keep }).await?;
        for chunk in bytes.chunks(CHUNK) {
            let mut frame = Vec::new();
            encode_data(nonce, chunk, &mut frame).map_err(SandboxError::Encode)?;
            self.send_frame(frame).await?;
        }
        Ok(())
    }

    /// Puts an input as a file of `/app/work`, until the next reset.
    ///
    /// # Errors
    /// As [`Sandbox::put_file`].
    pub async fn put_input(&mut self, name: &str, input: &Input) -> Result<(), SandboxError> {
        match input {
            Input::File(path) => self.put_file(Root::Work, name, path).await,
            Input::Bytes(bytes) => self.put(Root::Work, name, 0o644, bytes, false).await,
            Input::Empty | Input::Pipe => self.put(Root::Work, name, 0o644, &[], false).await,
        }
    }

    /// Puts one file of the worker's, streamed, until the next reset.
    ///
    /// # Errors
    /// When the sandbox is gone, the path is refused, or the file cannot be read or changes while it is.
    pub async fn put_file(&mut self, root: Root, path: &str, file: &Path) -> Result<(), SandboxError> {
        let nonce = self.next_nonce();
        let mut source = tokio::fs::File::open(file).await.map_err(SandboxError::Input)?;
        let size = source.metadata().await.map_err(SandboxError::Input)?.len();
        self.send(nonce, &Command::Put { root, path: path.to_owned(), mode: 0o644, size, keep: false })
            .await?;
        let mut left = size;
        let mut buffer = vec![0; CHUNK];
        while left > 0 {
            let want = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let read = source.read(&mut buffer[..want]).await.map_err(SandboxError::Input)?;
            if read == 0 {
                return Err(SandboxError::Input(std::io::ErrorKind::UnexpectedEof.into()));
            }
            let mut frame = Vec::new();
            encode_data(nonce, &buffer[..read], &mut frame).map_err(SandboxError::Encode)?;
            self.send_frame(frame).await?;
            left -= read as u64;
        }
        Ok(())
    }

    /// Fetches every file below a folder of `/tmp` as an artifact.
    ///
    /// # Errors
    /// When there is something other than files and folders, or more than `max_bytes` of them.
    pub async fn fetch(&mut self, path: &str, max_bytes: u64) -> Result<Artifact, SandboxError> {
        let before = self.begin();
        let nonce = self.next_nonce();
        let command =
            Command::Fetch { root: Root::Tmp, path: path.to_owned(), max_bytes, max_files: MAX_FILES };
        self.send(nonce, &command).await?;
        let fetched = tokio::time::timeout(FETCH_WITHIN, self.fetched(nonce, path, max_bytes)).await;
        let fetched = fetched
            .map_err(|_| SandboxError::Deadline { what: "fetching an artifact", within: FETCH_WITHIN })??;
        self.well(before, None);
        Ok(fetched)
    }

    async fn fetched(&mut self, nonce: u64, below: &str, max_bytes: u64) -> Result<Artifact, SandboxError> {
        let mut artifact = Artifact::default();
        let mut open: Option<(ArtifactFile, Vec<u8>, u64)> = None;
        let mut total = 0_u64;
        loop {
            let (of, event) = self.event().await?;
            if self.pending.is_reset(of, &event) {
                continue;
            }
            let unexpected = SandboxError::Unexpected { event: name(&event), during: "fetching an artifact" };
            match event {
                Event::File { path, mode, size } if of == nonce && open.is_none() => {
                    total = total.saturating_add(size);
                    if total > max_bytes || artifact.files.len() >= MAX_FILES as usize {
                        return Err(unexpected);
                    }
                    let file = ArtifactFile {
                        root: Place::Tmp,
                        path: format!("{below}/{path}"),
                        mode,
                        bytes: Bytes::new(),
                    };
                    open = Some((file, Vec::new(), size));
                }
                Event::Data(bytes) if of == nonce => match &mut open {
                    Some((_, content, size)) if content.len() as u64 + bytes.len() as u64 <= *size => {
                        content.extend_from_slice(&bytes);
                    }
                    _ => return Err(unexpected),
                },
                Event::Fetched { .. } if of == nonce && open.is_none() => {
                    self.pending.answered(nonce);
                    return Ok(artifact);
                }
                Event::Failed { what } => return Err(self.pending.failure(of, what)),
                _ => return Err(unexpected),
            }
            if let Some((file, content, _)) = open.take_if(|(_, content, size)| content.len() as u64 == *size)
            {
                artifact.files.push(ArtifactFile { bytes: content.into(), ..file });
            }
        }
    }
}
