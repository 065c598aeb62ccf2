//! `[broker]`

use std::path::PathBuf;
use std::time::Duration;

use gavel_platform::settings::Require;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// `[broker]`: RabbitMQ, between `gavel api` and `gavel worker`; `gavel up` has its queues inside the process.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct BrokerConfig {
    /// Where `RabbitMQ` is, `amqp://user:password@host:port/vhost`, or `amqps://`; it may hold a password and is never printed.
    #[serde(serialize_with = "gavel_platform::settings::redact")]
    pub url: SecretString,
    /// With `amqps`: the certificates of the authority that the broker's own is signed by, as PEM, and no other one is
    /// trusted then; empty: those of the machine.
    pub ca_file: PathBuf,
    /// With `amqps`: this side's certificate and those between it and its authority, as PEM; empty: none is shown.
    pub cert_file: PathBuf,
    /// The private key of `cert_file`, as PEM.
    pub key_file: PathBuf,
    /// What the names of exchanges and queues begin with; two Gavels may share one `RabbitMQ` under two prefixes.
    pub prefix: String,
    /// How long a published message may wait for the broker's confirm.
    #[serde(with = "humantime_serde")]
    pub confirm_timeout: Duration,
    /// How many submissions the queue of each lane holds at most; more are refused to whoever publishes, and wait in the
    /// store. 0: as many as come. Every process must be told the same.
    pub max_length: u32,
}

impl Default for BrokerConfig {
    fn default() -> Self {
        Self {
            url: "amqp://guest:guest@127.0.0.1:5672/%2f".into(),
            ca_file: PathBuf::new(),
            cert_file: PathBuf::new(),
            key_file: PathBuf::new(),
            prefix: "gavel".to_owned(),
            confirm_timeout: Duration::from_secs(10),
            max_length: 0,
        }
    }
}

impl BrokerConfig {
    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        require(
            is_prefix(&self.prefix),
            "broker.prefix",
            "must have 1 to 64 letters, digits, `-` or `_`, and parts of them may be joined by `.`",
        );
    }
}

/// Whether it can begin the name of a queue; `amq` belongs to `RabbitMQ` itself.
fn is_prefix(prefix: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    prefix.len() <= 64 && prefix.split('.').all(is_part) && prefix.split('.').next() != Some("amq")
}
