//! Settings for people: nothing secret in them.

use secrecy::SecretString;
use serde::{Serialize, Serializer};

use super::Config;

/// What stands in place of a secret.
const REDACTED: &str = "<redacted>";

/// The settings in force, as TOML, without secrets.
///
/// # Errors
/// When they cannot be written as TOML.
pub fn redacted_toml(config: &Config) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(config)
}

/// The compiled-in defaults, as TOML.
///
/// # Errors
/// When they cannot be written as TOML.
pub fn default_toml() -> Result<String, toml::ser::Error> {
    redacted_toml(&Config::default())
}

pub(super) fn redact<S: Serializer>(_: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(REDACTED)
}

pub(super) fn redact_all<S: Serializer>(secrets: &[SecretString], serializer: S) -> Result<S::Ok, S::Error> {
    vec![REDACTED; secrets.len()].serialize(serializer)
}
