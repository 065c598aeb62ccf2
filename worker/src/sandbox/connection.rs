//! The attached stream: frames out, events in.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use gavel_runner::{Cgroup, Command, Decoder, Event, PROTOCOL, encode_command};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::attached::{Attached, Container, ForeignBytes};
use super::error::SandboxError;
use super::pending::Pending;
use super::spoilt::Spoilt;

/// Frames on their way to the runner, each at most 64 KiB and a header.
const OUTGOING: usize = 8;
/// Events on their way from the runner.
const INCOMING: usize = 16;
/// How much is written with one system call.
const BATCH: usize = 128 * 1024;

type Incoming = Result<(u64, Event), SandboxError>;

/// A running sandbox. Dropping it destroys it.
pub struct Sandbox {
    container: Box<dyn Container>,
    outgoing: mpsc::Sender<Vec<u8>>,
    incoming: mpsc::Receiver<Incoming>,
    nonce: u64,
    cgroup: Cgroup,
    pub(super) pending: Pending,
    pub(super) spoilt: Option<Spoilt>,
    /// CPU time of what ran here since it was last asked for.
    pub(super) used: Duration,
    /// Ends both pumps, also one that writes to a runner which reads nothing: that lets go of the stream.
    _pumps: DropGuard,
}

impl Sandbox {
    /// A sandbox over an attached stream, which is pumped by two tasks that end with it.
    #[must_use]
    pub fn over(attached: Attached, tasks: &TaskTracker) -> Self {
        let Attached { output, input, container } = attached;
        let (outgoing, frames) = mpsc::channel(OUTGOING);
        let (events, incoming) = mpsc::channel(INCOMING);
        let dropped = CancellationToken::new();
        tasks.spawn(dropped.clone().run_until_cancelled_owned(write(input, frames)));
        tasks.spawn(dropped.clone().run_until_cancelled_owned(read(output, events)));
        // Random, so that no program can have prepared a frame for it.
        let nonce = rand::random::<u64>() | 1;
        Self {
            container,
            outgoing,
            incoming,
            nonce,
            cgroup: Cgroup::Unknown,
            pending: Pending::default(),
            spoilt: None,
            used: Duration::ZERO,
            _pumps: dropped.drop_guard(),
        }
    }

    /// Waits for the runner's greeting.
    ///
    /// # Errors
    /// When it does not come in time, or is of another protocol.
    pub async fn ready(mut self, within: Duration) -> Result<Self, SandboxError> {
        let greeting = tokio::time::timeout(within, self.event()).await;
        match greeting.map_err(|_| SandboxError::Deadline { what: "starting a sandbox", within })?? {
            (0, Event::Ready { protocol: PROTOCOL, cgroup }) => {
                self.cgroup = cgroup;
                Ok(self)
            }
            (_, Event::Ready { protocol, .. }) => Err(SandboxError::Version { found: protocol }),
            (_, event) => Err(SandboxError::Unexpected { event: name(&event), during: "starting" }),
        }
    }

    /// The container's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.container.id()
    }

    /// Where the runner reads its counters.
    #[must_use]
    pub const fn cgroup(&self) -> Cgroup {
        self.cgroup
    }

    /// CPU time of the programs that have ended here since this was last asked.
    pub fn take_used(&mut self) -> Duration {
        std::mem::take(&mut self.used)
    }

    /// Whether the container still runs, as far as is known without asking.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.outgoing.is_closed() && !self.incoming.is_closed()
    }

    /// A nonce that was never used in this sandbox.
    pub(super) fn next_nonce(&mut self) -> u64 {
        self.nonce = self.nonce.wrapping_add(rand::random::<u32>().into()).max(1);
        self.nonce
    }

    pub(super) fn frames(&self) -> mpsc::Sender<Vec<u8>> {
        self.outgoing.clone()
    }

    pub(super) async fn send(&mut self, nonce: u64, command: &Command) -> Result<(), SandboxError> {
        let mut frame = Vec::new();
        encode_command(nonce, command, &mut frame).map_err(SandboxError::Encode)?;
        self.pending.note(nonce, command);
        self.send_frame(frame).await
    }

    /// Sends one frame; that it cannot be sent is explained as far as possible.
    pub(super) async fn send_frame(&self, frame: Vec<u8>) -> Result<(), SandboxError> {
        match self.outgoing.send(frame).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.ended().await),
        }
    }

    /// The next event; an end of the stream is explained as far as possible.
    pub(super) async fn event(&mut self) -> Result<(u64, Event), SandboxError> {
        match self.incoming.recv().await {
            Some(event) => event,
            None => Err(self.ended().await),
        }
    }

    /// Why the container is gone.
    async fn ended(&self) -> SandboxError {
        if self.container.ran_out_of_memory().await {
            SandboxError::OutOfMemory
        } else {
            SandboxError::Closed
        }
    }
}

/// A word for an event, for messages.
pub(super) const fn name(event: &Event) -> &'static str {
    match event {
        Event::Ready { .. } => "ready",
        Event::Stdout(_) => "stdout",
        Event::Stderr(_) => "stderr",
        Event::Exited(_) => "exited",
        Event::File { .. } => "file",
        Event::Data(_) => "data",
        Event::Fetched { .. } => "fetched",
        Event::ResetDone => "reset done",
        Event::BlankDone => "blank done",
        Event::PipesReady => "pipes ready",
        Event::PeerEndShown => "peer's end shown",
        Event::Waited { .. } => "waited",
        Event::Taken { .. } => "taken",
        Event::Failed { .. } => "failed",
    }
}

/// Writes frames until the sandbox is dropped; the dropped stream is what ends the container.
async fn write(mut input: Pin<Box<dyn AsyncWrite + Send>>, mut frames: mpsc::Receiver<Vec<u8>>) {
    while let Some(mut batch) = frames.recv().await {
        while batch.len() < BATCH {
            match frames.try_recv() {
                Ok(next) => batch.extend_from_slice(&next),
                Err(_) => break,
            }
        }
        // A write that fails means that the container is gone, which the reading side reports.
        if input.write_all(&batch).await.is_err() || input.flush().await.is_err() {
            return;
        }
    }
}

/// Reads events until the stream ends or breaks, or the sandbox is dropped.
async fn read(
    mut output: Pin<Box<dyn Stream<Item = Result<Bytes, ForeignBytes>> + Send>>,
    events: mpsc::Sender<Incoming>,
) {
    let mut decoder = Decoder::<Event>::new();
    loop {
        match output.next().await {
            Some(Ok(bytes)) => decoder.push(&bytes),
            Some(Err(ForeignBytes)) => return report(&events, SandboxError::ForeignStream).await,
            None => return,
        }
        loop {
            match decoder.next() {
                Ok(Some(event)) => {
                    if events.send(Ok(event)).await.is_err() {
                        return;
                    }
                }
                Ok(None) => break,
                Err(error) => return report(&events, SandboxError::Protocol(error)).await,
            }
        }
    }
}

async fn report(events: &mpsc::Sender<Incoming>, error: SandboxError) {
    if events.send(Err(error)).await.is_err() {
        tracing::debug!("a sandbox was dropped before its fault could be told");
    }
}
