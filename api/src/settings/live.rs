//! `[api.live]`

use std::time::Duration;

use gavel_model::LIVE_LONGEST;
use gavel_platform::settings::Require;
use serde::{Deserialize, Serialize};

/// Programs that are run in a talk with their client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LiveConfig {
    /// The most sessions at a time of one API process; 0 is none.
    pub max_sessions: usize,
    /// The most of them of one owner; not for keys with the scope `admin`.
    pub max_sessions_per_owner: usize,
    /// How long a program may run, whatever it waits for, at most 25 minutes; a client may ask for less.
    #[serde(with = "humantime_serde")]
    pub longest: Duration,
    /// How long nothing may be read and nothing be written before the program is ended; a client may ask for less.
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
    /// How long a client may take to say what is to be run.
    #[serde(with = "humantime_serde")]
    pub init_within: Duration,
    /// How long a worker is waited for.
    #[serde(with = "humantime_serde")]
    pub start_within: Duration,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self {
            max_sessions: 64,
            max_sessions_per_owner: 8,
            longest: Duration::from_secs(600),
            idle: Duration::from_secs(60),
            init_within: Duration::from_secs(5),
            start_within: Duration::from_secs(30),
        }
    }
}

impl LiveConfig {
    pub(super) fn check(&self, require: &mut Require<'_>) {
        require(
            !self.longest.is_zero() && self.longest <= LIVE_LONGEST,
            "api.live.longest",
            "must be more than nothing and at most 25m",
        );
        let some = [self.idle, self.init_within, self.start_within].iter().all(|time| !time.is_zero());
        require(some, "api.live", "idle, init_within and start_within must be more than nothing");
    }
}
