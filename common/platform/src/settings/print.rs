//! Settings for people: nothing secret in them.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize, Serializer};

use super::Settings;

/// What stands in place of a secret.
const REDACTED: &str = "<redacted>";

/// The settings in force, as TOML, without secrets.
///
/// # Errors
/// When they cannot be written as TOML.
pub fn redacted_toml<S: Settings>(settings: &S) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(settings)
}

/// The compiled-in defaults, as TOML.
///
/// # Errors
/// When they cannot be written as TOML.
pub fn default_toml<S: Settings>() -> Result<String, toml::ser::Error> {
    redacted_toml(&S::default())
}

/// Writes a placeholder instead of a secret, and nothing where there is none: `#[serde(serialize_with = "gavel_platform::settings::redact")]`.
///
/// # Errors
/// When the serializer fails.
pub fn redact<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if secret.expose_secret().is_empty() { "" } else { REDACTED })
}

/// [`redact`] for a list of secrets; how many there are may be seen.
///
/// # Errors
/// When the serializer fails.
pub fn redact_all<S: Serializer>(secrets: &[SecretString], serializer: S) -> Result<S::Ok, S::Error> {
    vec![REDACTED; secrets.len()].serialize(serializer)
}
