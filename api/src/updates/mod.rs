//! What happens to submissions, told to whoever follows one.
//!
//! Whoever changes a submission tells the [`Updates`] hub, and workers' events reach it through [`Updates::relay`].
//! `?wait=` and the streams of events follow it. The hub holds the last steps of a submission that somebody follows, those
//! of one whose followers have just gone for as long as they may come back, and nothing of any other: it is no memory.
//! What is final is in the store. Where several processes share that, each hears from it what another one has stored.

mod batches;
mod follow;
mod hub;
mod log;
mod position;
mod stored;

pub use batches::FollowBatch;
pub use follow::{Follow, News};
pub use hub::Updates;
pub use position::Position;
pub use stored::retell;
