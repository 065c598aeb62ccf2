//! `[api.slo]`

use std::time::Duration;

use gavel_model::Lane;
use serde::{Deserialize, Serialize};

/// Within what time submissions should have their results: from acceptance until the result is stored.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SloConfig {
    /// Of a running contest.
    #[serde(with = "humantime_serde")]
    pub contest: Duration,
    /// Of what people wait for otherwise.
    #[serde(with = "humantime_serde")]
    pub practice: Duration,
    /// Of what is judged again.
    #[serde(with = "humantime_serde")]
    pub rejudge: Duration,
}

impl Default for SloConfig {
    fn default() -> Self {
        Self {
            contest: Duration::from_secs(15),
            practice: Duration::from_secs(60),
            rejudge: Duration::from_secs(3_600),
        }
    }
}

impl SloConfig {
    /// The target of a lane.
    #[must_use]
    pub const fn target(&self, lane: Lane) -> Duration {
        match lane {
            Lane::Contest => self.contest,
            Lane::Practice => self.practice,
            Lane::Rejudge => self.rejudge,
        }
    }
}
