//! `[api]`

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use gavel_platform::settings::Require;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The HTTP service.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiConfig {
    /// Where it listens. Without a key it refuses to bind anything but loopback.
    pub bind: SocketAddr,
    /// Keys that clients send as `Authorization: Bearer KEY`; empty means none is asked for.
    /// In the environment: separated by commas.
    #[serde(serialize_with = "gavel_platform::settings::redact_all")]
    pub keys: Vec<SecretString>,
    /// The largest source code of a submission, all files together, in KiB.
    pub max_source_kb: u64,
    /// The largest input or answer of one test case, in KiB.
    pub max_input_kb: u64,
    /// The largest request body, in KiB.
    pub max_body_kb: u64,
    /// The largest problem package that may be uploaded, packed, in MiB.
    pub max_package_mb: u64,
    /// The most files of a submission.
    pub max_files: usize,
    /// The most test cases of a submission that brings its own.
    pub max_tests: usize,
    /// The longest `?wait=`.
    #[serde(with = "humantime_serde")]
    pub max_wait: Duration,
    /// How long a submission may be stored without being published before the reconciler publishes it.
    #[serde(with = "humantime_serde")]
    pub republish_after: Duration,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            keys: Vec::new(),
            max_source_kb: 512,
            max_input_kb: 32 * 1024,
            max_body_kb: 64 * 1024,
            max_package_mb: 1024,
            max_files: 100,
            max_tests: 1_000,
            max_wait: Duration::from_secs(60),
            republish_after: Duration::from_secs(5),
        }
    }
}

impl ApiConfig {
    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        require(
            self.bind.ip().is_loopback() || !self.keys.is_empty(),
            "api.bind",
            "without api.keys only a loopback address may be used, such as 127.0.0.1:3000",
        );
    }
}
