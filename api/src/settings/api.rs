//! `[api]`

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use gavel_model::Bounds;
use gavel_platform::settings::Require;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::doors::{JobeConfig, Judge0Config, PistonConfig, is_header};
use super::{IfUnavailable, LiveConfig, SloConfig};
use crate::auth::is_acceptable;

/// Stands for every origin in `cors_origins`.
pub const ANY_ORIGIN: &str = "*";

/// What a request body takes of memory at worst, times its size: the body as it came, a string of it without its
/// escapes, and the value that is made of that.
pub const BODY_COPIES: u64 = 3;

/// What large bodies leave of the memory to others: one part in so many.
const LEFT: u64 = 8;

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
    /// Names under which the service may be asked while no key is, besides those of the loopback; without a port. In
    /// the environment: separated by commas.
    pub hosts: Vec<String>,
    /// Origins whose web pages may call the service from a browser, such as `https://contest.example`; `*` is any, empty
    /// is none. In the environment: separated by commas.
    pub cors_origins: Vec<String>,
    /// A header in which clients of other systems send their key, besides those that the systems name; empty is none.
    pub key_header: String,
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
    /// The most connections open at a time.
    pub max_connections: usize,
    /// The most of them of one peer; not above `max_connections` in effect.
    pub max_connections_per_peer: usize,
    /// How long a connection may be without the whole head of a request, or take nothing of an answer.
    #[serde(with = "humantime_serde")]
    pub idle_timeout: Duration,
    /// The most memory that all request bodies above 64 KiB may take together, in MiB.
    pub body_memory_mb: u64,
    /// How many keys one peer may try in a minute.
    pub guesses_per_minute: NonZeroU32,
    /// How many submissions an owner may send in a minute; 0 is as many as they like. Not for keys with the scope `admin`.
    pub submissions_per_minute: u32,
    /// How many single submissions of an owner may be unfinished at a time; 0 is as many as they like. Not for keys with the
    /// scope `admin`.
    pub max_unfinished: u32,
    /// How many submissions that came with batches an owner may have unfinished at a time, beside single ones; 0 is as many as
    /// they like. Not for keys with the scope `admin`.
    pub max_batched: u32,
    /// How many submissions of all owners together may be without a result; beyond it everything new gets 503. 0 is as many as
    /// come.
    pub max_pending: u64,
    /// What becomes of a submission in a language that no worker takes while others do, unless it says itself: `refuse` or
    /// `queue`.
    pub if_unavailable: IfUnavailable,
    /// How many entries a batch may have.
    pub max_batch: u32,
    /// The longest `?wait=`.
    #[serde(with = "humantime_serde")]
    pub max_wait: Duration,
    /// How often a stream of events says that it is alive, where it has nothing else to say.
    #[serde(with = "humantime_serde")]
    pub keep_alive: Duration,
    /// How long a submission that is about to be published may stay so before somebody else publishes it.
    #[serde(with = "humantime_serde")]
    pub republish_after: Duration,
    /// Within what time each lane's submissions should have their results.
    pub slo: SloConfig,
    /// Programs that are run in a talk with their client.
    pub live: LiveConfig,
    /// The door for clients of Judge0.
    pub judge0: Judge0Config,
    /// The door for clients of Piston.
    pub piston: PistonConfig,
    /// The door for clients of Jobe.
    pub jobe: JobeConfig,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            keys: Vec::new(),
            hosts: Vec::new(),
            cors_origins: Vec::new(),
            key_header: String::new(),
            judge0: Judge0Config::default(),
            piston: PistonConfig::default(),
            jobe: JobeConfig::default(),
            max_source_kb: 512,
            max_input_kb: 32 * 1024,
            max_body_kb: 64 * 1024,
            max_package_mb: 1024,
            max_files: 100,
            max_tests: 1_000,
            max_connections: 2048,
            max_connections_per_peer: 1024,
            idle_timeout: Duration::from_secs(30),
            body_memory_mb: 224,
            guesses_per_minute: NonZeroU32::MIN.saturating_add(99),
            submissions_per_minute: 600,
            max_unfinished: 1_000,
            max_batched: 100_000,
            max_pending: 1_000_000,
            if_unavailable: IfUnavailable::Refuse,
            max_batch: 100_000,
            max_wait: Duration::from_secs(60),
            keep_alive: Duration::from_secs(15),
            republish_after: Duration::from_secs(5),
            slo: SloConfig::default(),
            live: LiveConfig::default(),
        }
    }
}

impl ApiConfig {
    /// The largest request body, in bytes.
    #[must_use]
    pub const fn max_body(&self) -> u64 {
        self.max_body_kb.saturating_mul(1024)
    }

    /// How large a submission may be; workers hold those to it that came past the API.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        Bounds {
            source: self.max_source_kb.saturating_mul(1024),
            input: self.max_input_kb.saturating_mul(1024),
            total: self.max_body(),
            files: self.max_files,
            tests: self.max_tests,
        }
    }

    /// What all request bodies may take of memory, in bytes.
    #[must_use]
    pub const fn body_memory(&self) -> u64 {
        self.body_memory_mb.saturating_mul(1024 * 1024)
    }

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
        require(self.max_batch > 0, "api.max_batch", "a batch must be allowed one entry at least");
        require(
            self.key_header.is_empty() || is_header(&self.key_header),
            "api.key_header",
            "must be the name of a header, such as X-RapidAPI-Key",
        );
        self.live.check(require);
        self.judge0.check(!self.keys.is_empty(), require);
        require(!self.keep_alive.is_zero(), "api.keep_alive", "must be more than nothing");
        require(
            self.hosts.iter().all(|host| is_host(host)),
            "api.hosts",
            "must be names or addresses without scheme and port, such as judge.example",
        );
        require(
            self.max_connections > 0 && self.max_connections_per_peer > 0,
            "api.max_connections",
            "at least one connection must be allowed, of a peer too",
        );
        require(!self.idle_timeout.is_zero(), "api.idle_timeout", "must not be zero");
        require(
            self.max_body().saturating_mul(BODY_COPIES) <= large_body_memory(self.body_memory()),
            "api.body_memory_mb",
            "must be at least 3.5 times api.max_body_kb, or the largest body could never be read",
        );
        require(
            self.cors_origins.iter().all(|origin| is_origin(origin)),
            "api.cors_origins",
            "must be origins as browsers send them, such as https://contest.example or http://localhost:8080, or *",
        );
    }
}

/// What bodies above 1 MiB may take of so much memory, so that they never keep smaller ones out; in bytes.
#[must_use]
pub const fn large_body_memory(all: u64) -> u64 {
    all - all / LEFT
}

/// Whether a text is a host as it stands before the port in a URL.
fn is_host(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let address = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !text.is_empty() && text.chars().all(is_part),
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
