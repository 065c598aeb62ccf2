//! What a sandbox is reached through. The real one is a container's attached stream (`container/attach.rs`); a test
//! brings a script.

use std::pin::Pin;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use tokio::io::AsyncWrite;

/// The two directions of an attached stream, and the container at its other end.
pub struct Attached {
    /// What the runner writes to its standard output. It ends when the container does, or the connection breaks.
    pub output: Pin<Box<dyn Stream<Item = Result<Bytes, ForeignBytes>> + Send>>,
    /// The runner's standard input; closing it ends the container.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
    /// The container.
    pub container: Box<dyn Container>,
}

/// Bytes that came over the attached stream and are not the runner's standard output.
#[derive(Debug)]
pub struct ForeignBytes;

/// The container of a sandbox. Dropping it removes it.
pub trait Container: Send + Sync {
    /// Its id.
    fn id(&self) -> &str;

    /// Whether the kernel ended it for memory; asked once its stream has ended, may wait a moment for the answer.
    fn ran_out_of_memory(&self) -> BoxFuture<'_, bool>;
}
