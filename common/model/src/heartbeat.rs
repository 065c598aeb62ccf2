//! What a worker says of itself.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What came of trying out what keeps programs in, when it was last tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canary {
    /// All held: the worker judges.
    Sound,
    /// Something did not, or could not be tried: the worker takes nothing.
    Unsound,
    /// Nothing was tried yet, or an older worker says nothing of it, or a newer one something else.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Canary {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Unsound => "unsound",
            Self::Unknown => "unknown",
        }
    }
}

/// How a worker is, sent every [`Heartbeat::PERIOD`] and whenever it begins to drain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// What its compilers and interpreters say of their versions, by language; those that say nothing are left out.
    #[serde(default)]
    pub compilers: BTreeMap<String, String>,
    /// Whether it keeps programs in.
    #[serde(default)]
    pub canary: Canary,
    /// How fast its cores are, 1 being the reference that docs/OPERATIONS.md names; absent until it was measured.
    #[serde(default)]
    pub calibration: Option<f64>,
}

impl Heartbeat {
    /// How often a worker says it.
    pub const PERIOD: std::time::Duration = std::time::Duration::from_secs(5);

    /// Whether it takes submissions, as far as is known.
    #[must_use]
    pub fn takes(&self) -> bool {
        !self.draining && self.canary != Canary::Unsound
    }

    /// After how much silence a worker counts as gone.
    pub const GONE_AFTER: std::time::Duration = std::time::Duration::from_secs(15);
}
