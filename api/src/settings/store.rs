//! `[store]`

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// `[store]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct StoreConfig {
    /// The `SQLite` file.
    pub path: PathBuf,
    /// How long submissions and batches are kept once they are final; 0 is for good.
    #[serde(with = "humantime_serde")]
    pub keep: Duration,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { path: ".gavel/gavel.db".into(), keep: Duration::ZERO }
    }
}
