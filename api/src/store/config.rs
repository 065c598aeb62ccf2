//! `[store]`

use std::path::PathBuf;
use std::time::Duration;

use gavel_platform::settings::Require;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::sql::is_url;

/// `[store]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct StoreConfig {
    /// The `SQLite` file.
    pub path: PathBuf,
    /// A Postgres instead of the file: `postgres://user@host:port/database?sslmode=verify-full`. Several processes may
    /// share it.
    #[serde(serialize_with = "gavel_platform::settings::redact")]
    pub url: SecretString,
    /// The password for `url`, where that has none.
    #[serde(serialize_with = "gavel_platform::settings::redact")]
    pub password: SecretString,
    /// How many connections this process has to Postgres at most; one more listens.
    pub connections: u32,
    /// How long a request may wait for a connection to Postgres before it is answered that the store is away.
    #[serde(with = "humantime_serde")]
    pub patience: Duration,
    /// How long submissions and batches are kept once they are final; 0 is for good.
    #[serde(with = "humantime_serde")]
    pub keep: Duration,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            path: ".gavel/gavel.db".into(),
            url: SecretString::default(),
            password: SecretString::default(),
            connections: 10,
            patience: Duration::from_secs(3),
            keep: Duration::ZERO,
        }
    }
}

/// The fewest connections that do: one task of the service keeps one while it works with another.
const FEWEST: u32 = 4;

impl StoreConfig {
    /// Whether it is a Postgres, which other processes may use too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        !self.url.expose_secret().is_empty()
    }

    /// What types cannot say; see [`gavel_platform::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        require(
            !self.is_shared() || is_url(&self.url),
            "store.url",
            "must be empty, or say where a Postgres is, such as postgres://gavel@db.example:5432/gavel?sslmode=verify-full",
        );
        require(self.connections >= FEWEST, "store.connections", "must be at least 4");
        require(!self.patience.is_zero(), "store.patience", "must be more than nothing");
    }
}
