//! What a program printed, as far as it is shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

/// How the bytes are written down in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// As they are.
    #[default]
    Utf8,
    /// Standard base64, since they are not UTF-8.
    Base64,
}

/// A program's output, truncated at a stated length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Captured {
    /// The bytes, in `encoding`.
    pub data: String,
    /// How `data` is written.
    pub encoding: Encoding,
    /// How many bytes the program wrote in all.
    pub bytes: u64,
    /// Whether `data` holds only the first part.
    pub truncated: bool,
}

impl Captured {
    /// Writes down the first bytes of `total` that a program wrote.
    ///
    /// A multi-byte character cut at the end of a truncated text is dropped rather than turning all into base64.
    #[must_use]
    pub fn new(first: &[u8], total: u64) -> Self {
        let truncated = total > first.len() as u64;
        let (data, encoding) = match std::str::from_utf8(first) {
            Ok(text) => (text.to_owned(), Encoding::Utf8),
            Err(error) if truncated && error.error_len().is_none() => {
                (String::from_utf8_lossy(&first[..error.valid_up_to()]).into_owned(), Encoding::Utf8)
            }
            Err(_) => (BASE64.encode(first), Encoding::Base64),
        };
        Self { data, encoding, bytes: total, truncated }
    }

    /// The bytes; none where `data` is not what `encoding` says.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => self.data.clone().into_bytes(),
            Encoding::Base64 => BASE64.decode(&self.data).unwrap_or_default(),
        }
    }

    /// The text for a person: base64 is decoded, bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn lossy(&self) -> String {
        match self.encoding {
            Encoding::Utf8 => self.data.clone(),
            Encoding::Base64 => String::from_utf8_lossy(&self.content()).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let captured = Captured::new("héllo".as_bytes(), 6);
        assert_eq!(
            (captured.data.as_str(), captured.encoding, captured.truncated),
            ("héllo", Encoding::Utf8, false)
        );
    }

    #[test]
    fn a_character_cut_by_truncation_does_not_make_base64() {
        let captured = Captured::new(&"hé".as_bytes()[..2], 3);
        assert_eq!(
            (captured.data.as_str(), captured.encoding, captured.truncated),
            ("h", Encoding::Utf8, true)
        );
    }

    #[test]
    fn bytes_travel_as_base64_and_come_back() {
        let captured = Captured::new(b"\xff\x00a", 3);
        assert_eq!((captured.data.as_str(), captured.encoding), ("/wBh", Encoding::Base64));
        assert_eq!(captured.lossy(), "\u{fffd}\0a");
    }
}
