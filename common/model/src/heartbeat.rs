//! What a worker says of itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a worker is, sent every [`Heartbeat::PERIOD`] and whenever it begins to drain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The worker's name, as in results.
    pub id: String,
    /// The version of its build.
    pub version: String,
    /// What it can judge, by id.
    pub languages: Vec<String>,
    /// How many submissions it judges at a time.
    pub slots: u32,
    /// How many it is judging.
    pub busy: u32,
    /// Whether it takes no more and ends once it is done.
    pub draining: bool,
    /// When its process began.
    pub started_at: Timestamp,
}

impl Heartbeat {
    /// How often a worker says it.
    pub const PERIOD: std::time::Duration = std::time::Duration::from_secs(5);

    /// After how much silence a worker counts as gone.
    pub const GONE_AFTER: std::time::Duration = std::time::Duration::from_secs(15);
}
