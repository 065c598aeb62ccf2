//! Messages for everybody who listens, which may be lost.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::TRANSIENT_CAPACITY;

/// Who listens.
pub(super) struct Fanout<T>(Mutex<Vec<mpsc::Sender<T>>>);

impl<T> Default for Fanout<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Fanout<T> {
    /// Listens from now on, until the receiver is dropped.
    pub(super) fn listen(&self) -> mpsc::Receiver<T> {
        let (sender, receiver) = mpsc::channel(TRANSIENT_CAPACITY);
        // A panic while holding it cannot leave the list half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Hands a message to everybody who listens and has room.
    pub(super) fn send(&self, message: &T) {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| !listener.is_closed());
        for listener in listeners.iter() {
            // Without room it is lost, as it would be on the way from another machine.
            listener.try_send(message.clone()).ok();
        }
    }

    /// Ends every stream.
    pub(super) fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
