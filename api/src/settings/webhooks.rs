//! `[webhooks]`

use std::time::Duration;

use gavel_platform::settings::Require;
use serde::{Deserialize, Serialize};

/// `[webhooks]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhooksConfig {
    /// Whether addresses of this machine and of local networks are called.
    pub allow_private: bool,
    /// How long a call may take.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// After how long a call that was not taken is made again; each further wait is four times as long, up to an hour.
    #[serde(with = "humantime_serde")]
    pub retry_after: Duration,
    /// After how long it is given up.
    #[serde(with = "humantime_serde")]
    pub give_up_after: Duration,
    /// How long it is told what came of a call that is done with.
    #[serde(with = "humantime_serde")]
    pub keep: Duration,
}

impl Default for WebhooksConfig {
    fn default() -> Self {
        Self {
            allow_private: false,
            timeout: Duration::from_secs(10),
            retry_after: Duration::from_secs(5),
            give_up_after: Duration::from_secs(24 * 60 * 60),
            keep: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

impl WebhooksConfig {
    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        require(!self.timeout.is_zero(), "webhooks.timeout", "must be more than nothing");
        require(!self.retry_after.is_zero(), "webhooks.retry_after", "must be more than nothing");
    }
}
