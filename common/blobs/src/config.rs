//! `[blobs]`

use std::path::PathBuf;
use std::time::Duration;

use gavel_platform::settings::Require;
use serde::{Deserialize, Serialize};

/// The shortest time after which a blob counts as unused: what is being accepted must have come to the store by then.
const LEAST_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// `[blobs]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct BlobConfig {
    /// The folder; API and workers must see the same one.
    pub dir: PathBuf,
    /// How long a blob is kept that no submission and no problem refers to; 0 is for good.
    #[serde(with = "humantime_serde")]
    pub keep_unused: Duration,
}

impl Default for BlobConfig {
    fn default() -> Self {
        Self { dir: ".gavel/blobs".into(), keep_unused: Duration::ZERO }
    }
}

impl BlobConfig {
    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        require(
            self.keep_unused.is_zero() || self.keep_unused >= LEAST_KEPT,
            "blobs.keep_unused",
            "must be at least 1day, or 0s for good",
        );
    }
}
