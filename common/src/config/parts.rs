//! Small sections that several parts share.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// `[log]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LogConfig {
    /// What is logged, in the syntax of `tracing_subscriber::EnvFilter`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

/// `[languages]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LanguagesConfig {
    /// The folder whose sub-folders each hold a `language.toml`.
    pub dir: PathBuf,
    /// The tag of their images: `gavel/<language>-run:<tag>`, as `images/build.sh` makes them. Two versions of Gavel on
    /// one machine have images of their own under two tags.
    pub tag: String,
}

impl Default for LanguagesConfig {
    fn default() -> Self {
        Self { dir: "images".into(), tag: "latest".to_owned() }
    }
}

/// `[broker]`: RabbitMQ, between `gavel api` and `gavel worker`; `gavel up` has its queues inside the process.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct BrokerConfig {
    /// Where `RabbitMQ` is, `amqp://user:password@host:port/vhost`; it may hold a password and is never printed.
    #[serde(serialize_with = "super::print::redact")]
    pub url: SecretString,
    /// What the names of exchanges and queues begin with; two Gavels may share one `RabbitMQ` under two prefixes.
    pub prefix: String,
    /// How long a published message may wait for the broker's confirm.
    #[serde(with = "humantime_serde")]
    pub confirm_timeout: std::time::Duration,
}

impl Default for BrokerConfig {
    fn default() -> Self {
        Self {
            url: "amqp://guest:guest@127.0.0.1:5672/%2f".into(),
            prefix: "gavel".to_owned(),
            confirm_timeout: std::time::Duration::from_secs(10),
        }
    }
}

/// `[store]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct StoreConfig {
    /// The `SQLite` file.
    pub path: PathBuf,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { path: ".gavel/gavel.db".into() }
    }
}

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
