//! `[api]`

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use gavel_platform::settings::Require;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::auth::is_acceptable;

/// Stands for every origin in `cors_origins`.
pub const ANY_ORIGIN: &str = "*";

/// The HTTP service.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiConfig {
    /// Where it listens. Without a key it refuses to bind anything but loopback.
    pub bind: SocketAddr,
    /// Keys that clients send as `Authorization: Bearer KEY`; empty means none is asked for.
    /// Each has 16 to 256 visible ASCII characters. In the environment: separated by commas.
    #[serde(serialize_with = "gavel_platform::settings::redact_all")]
    pub keys: Vec<SecretString>,
    /// Origins whose web pages may call the service from a browser, such as `https://contest.example`; `*` is any, empty
    /// is none. In the environment: separated by commas.
    pub cors_origins: Vec<String>,
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
    /// How often a stream of events says that it is alive, where it has nothing else to say.
    #[serde(with = "humantime_serde")]
    pub keep_alive: Duration,
    /// How long a submission may be stored without being published before the reconciler publishes it.
    #[serde(with = "humantime_serde")]
    pub republish_after: Duration,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            keys: Vec::new(),
            cors_origins: Vec::new(),
            max_source_kb: 512,
            max_input_kb: 32 * 1024,
            max_body_kb: 64 * 1024,
            max_package_mb: 1024,
            max_files: 100,
            max_tests: 1_000,
            max_wait: Duration::from_secs(60),
            keep_alive: Duration::from_secs(15),
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
        require(
            self.keys.iter().all(is_acceptable),
            "api.keys",
            "each key must have 16 to 256 visible ASCII characters",
        );
        require(!self.keep_alive.is_zero(), "api.keep_alive", "must be more than nothing");
        require(
            self.cors_origins.iter().all(|origin| is_origin(origin)),
            "api.cors_origins",
            "must be origins as browsers send them, such as https://contest.example or http://localhost:8080, or *",
        );
    }
}

/// Whether a text is an origin as browsers send it: scheme, host and, unless it is the scheme's own, a port.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return text == ANY_ORIGIN };
    let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._:[]".contains(c);
    !scheme.is_empty()
        && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c))
        && !host.is_empty()
        && host.chars().all(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("http://localhost:8080" => true)]
    #[test_case("https://judge.example" => true)]
    #[test_case("http://[::1]:3000" => true)]
    #[test_case("*" => true)]
    #[test_case("https://judge.example/" => false; "a path")]
    #[test_case("judge.example" => false; "no scheme")]
    #[test_case("https://Judge.example" => false; "browsers send lowercase")]
    #[test_case("https://*.example" => false; "a pattern")]
    #[test_case("https://a b" => false; "a blank")]
    #[test_case("" => false; "nothing")]
    fn origins_are_written_as_browsers_send_them(text: &str) -> bool {
        is_origin(text)
    }
}
