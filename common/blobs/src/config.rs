//! `[blobs]`

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[blobs]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct BlobConfig {
    /// The folder; API and workers must see the same one.
    pub dir: PathBuf,
}

impl Default for BlobConfig {
    fn default() -> Self {
        Self { dir: ".gavel/blobs".into() }
    }
}
