//! What happens to submissions, told to whoever follows one.
//!
//! Whoever changes a submission tells the [`Updates`] hub; `?wait=` follows it, and so can any other reader. The hub
//! holds the newest update of a submission that somebody follows, and nothing of any other: it is no memory. What
//! happened before is in the store.

mod follow;
mod hub;

pub use follow::Follow;
pub use hub::Updates;

use std::sync::Arc;

use gavel_model::JudgeResult;

/// What happened to a submission.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// The broker answers for it: it waits for a worker.
    Queued,
    /// Its final result is stored.
    Done(Arc<JudgeResult>),
}

impl Update {
    /// Whether it may follow another one: a submission never goes back, though updates may arrive out of order.
    #[must_use]
    const fn follows(&self, before: Option<&Self>) -> bool {
        match (before, self) {
            (None, _) => true,
            (Some(Self::Queued), Self::Done(_)) => true,
            (Some(_), _) => false,
        }
    }
}
