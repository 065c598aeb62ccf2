//! What one process does at a time.

use gavel_model::Lane;

/// A task that one of the processes that share a store is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Handing submissions of a lane over to the broker.
    HandOver(Lane),
    /// Forgetting what nobody needs any more.
    Tidy,
    /// Removing blobs that nothing refers to.
    Collect,
}

/// A task is this process's until this is dropped, or the process is gone.
pub struct Turn {
    _held: Box<dyn Send>,
}

impl Turn {
    /// A turn that ends when something is dropped.
    #[must_use]
    pub fn new(held: impl Send + 'static) -> Self {
        Self { _held: Box::new(held) }
    }
}
