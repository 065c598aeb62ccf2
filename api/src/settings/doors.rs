//! `[api.judge0]`, `[api.piston]`, `[api.jobe]` and what doors of other systems have in common.

use std::net::SocketAddr;

use axum::http::HeaderName;
use gavel_platform::settings::Require;
use serde::{Deserialize, Serialize};

/// The door for clients of Judge0.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Judge0Config {
    /// Where it is served at the root, besides `/judge0` of `api.bind`. Without a key loopback only. In the environment:
    /// separated by commas.
    pub bind: Vec<SocketAddr>,
    /// The version it says it is. The official SDK knows `1.13.1` and `1.14.0` and takes its language ids by it.
    pub version: String,
    /// Whether texts are base64 unless a request says otherwise, as in versions after 1.13.1.
    pub implicit_base64: bool,
    /// Whether submissions may be deleted, by keys with the scope `admin`.
    pub submission_delete: bool,
}

/// The door for clients of Piston.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PistonConfig {
    /// Whether a version that is not here stands for the one that is: clients have the versions of Piston's former public
    /// service written down. The answer tells the true one.
    pub any_version: bool,
}

/// The door for clients of Jobe.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct JobeConfig {
    /// What uploaded files may take of memory, in MiB. Those that were not used for the longest go first; clients send
    /// what is gone again.
    pub files_mb: u64,
}

impl Default for JobeConfig {
    fn default() -> Self {
        Self { files_mb: 64 }
    }
}

impl Default for Judge0Config {
    fn default() -> Self {
        Self {
            bind: Vec::new(),
            version: "1.13.1".to_owned(),
            implicit_base64: false,
            submission_delete: false,
        }
    }
}

impl Judge0Config {
    pub(super) fn check(&self, has_keys: bool, require: &mut Require<'_>) {
        require(
            has_keys || self.bind.iter().all(|address| address.ip().is_loopback()),
            "api.judge0.bind",
            "without api.keys only a loopback address may be used, such as 127.0.0.1:2358",
        );
        require(
            !self.version.is_empty()
                && self.version.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)),
            "api.judge0.version",
            "must be a version, such as 1.13.1",
        );
    }
}

/// Whether a text can be the name of a header.
#[must_use]
pub fn is_header(text: &str) -> bool {
    text.parse::<HeaderName>().is_ok()
}
