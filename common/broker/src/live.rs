//! What joins the two ends of a live run, for as long as both are there.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;

use crate::BrokerError;

/// How many frames wait for a receiver. Windows in both directions keep the ends far below: who sends more does not
/// keep to them.
pub(crate) const LIVE_CAPACITY: usize = 4_096;

/// How one end sends to the other.
#[async_trait]
pub(crate) trait LiveSend<T>: Send + Sync {
    /// Sends a frame; returns once the other end's queue has it.
    async fn send(&self, frame: &T) -> Result<(), BrokerError>;
}

/// One end of a live run: frames in their order, none lost while both ends are there. When its [`LiveReceiver`] is dropped
/// nothing of it stays with the broker, and the other end learns that it is gone.
pub struct LiveLink<Out, In> {
    /// To the other end.
    pub sender: LiveSender<Out>,
    /// From it.
    pub receiver: LiveReceiver<In>,
}

/// Sends to the other end of a live run; cloning shares it.
pub struct LiveSender<Out>(Arc<dyn LiveSend<Out>>);

/// What comes from the other end of a live run.
pub struct LiveReceiver<In>(mpsc::Receiver<In>);

impl<Out, In> LiveLink<Out, In> {
    pub(crate) fn new(sender: Arc<dyn LiveSend<Out>>, receiver: mpsc::Receiver<In>) -> Self {
        Self { sender: LiveSender(sender), receiver: LiveReceiver(receiver) }
    }
}

impl<Out> Clone for LiveSender<Out> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Out> LiveSender<Out> {
    /// Sends a frame.
    ///
    /// # Errors
    /// [`BrokerError`]: the other end is gone or cannot be reached, and the run is over.
    pub async fn send(&self, frame: &Out) -> Result<(), BrokerError> {
        self.0.send(frame).await
    }
}

impl<In> LiveReceiver<In> {
    /// The next frame; none when the other end is known to be gone, or the broker is. Nothing is lost when the future is
    /// dropped.
    pub async fn receive(&mut self) -> Option<In> {
        self.0.recv().await
    }
}
