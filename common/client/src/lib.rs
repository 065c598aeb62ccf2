//! The HTTP client of Gavel's service: submits, waits, follows, and asks who judges. docs/API.md tells of each call.

mod again;
mod client;
mod error;
mod problems;
mod rejudge;
mod views;
mod watch;

pub use again::again;
pub use client::Client;
pub use error::{ClientError, PackageNote};
pub use problems::{Problem, Problems};
pub use rejudge::{Change, ChangedSubmission, Outcome, Rejudge};
pub use views::{
    DeadLetter, DeadLetters, FleetSlots, Purged, QueueView, Queues, Replayed, ReplayedLetter, SkippedLetter,
    Submitted, Worker,
};
