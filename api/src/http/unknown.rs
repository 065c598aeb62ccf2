//! Fields that do not exist, found at every depth of what a client sends.

use serde::de::{Deserialize, Deserializer};
use serde_ignored::Path;

use crate::error::{ApiError, ErrorCode};

/// The most unknown fields that are told.
const MAX_TOLD: usize = 20;

/// The longest path of a field that is read back, in characters.
const MAX_PATH: usize = 100;

/// A value, and the fields beside it that nobody reads.
pub struct Known<T> {
    value: T,
    unknown: Vec<String>,
}

impl<T> Known<T> {
    /// The value, where it is all there is.
    ///
    /// # Errors
    /// Every field that does not exist, by its path.
    pub fn only(self) -> Result<T, ApiError> {
        let Some(first) = self.unknown.first().cloned() else { return Ok(self.value) };
        let told: Vec<_> = self.unknown.iter().take(MAX_TOLD).map(|path| format!("`{path}`")).collect();
        let message = match self.unknown.len() {
            1 => format!("unknown field {}", told[0]),
            count if count > MAX_TOLD => format!("{count} unknown fields, among them {}", told.join(", ")),
            _ => format!("unknown fields {}", told.join(", ")),
        };
        Err(ApiError::of(first, ErrorCode::UnknownField, message))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Known<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut unknown = Vec::new();
        let value = serde_ignored::deserialize(deserializer, |path| {
            let mut text = String::new();
            write(&path, &mut text);
            unknown.push(text.chars().take(MAX_PATH).collect());
        })?;
        Ok(Self { value, unknown })
    }
}

/// A path as clients write it: `files[0].name`.
fn write(path: &Path<'_>, text: &mut String) {
    match path {
        Path::Root => {}
        Path::Seq { parent, index } => {
            write(parent, text);
            text.push_str(&format!("[{index}]"));
        }
        Path::Map { parent, key } => {
            write(parent, text);
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(key);
        }
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            write(parent, text);
        }
    }
}
