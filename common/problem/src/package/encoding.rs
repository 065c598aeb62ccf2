//! Text that was not saved as the format wants it: plain UTF-8 without a mark, lines that end in a line feed.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// How much of a file is looked at, in bytes.
const HEAD: u64 = 64 * 1024;
/// A file without a mark is taken for UTF-16 after this many bytes at least.
const SHORTEST: usize = 4;

/// Something about a file's bytes that other tools show as nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// It begins with the byte-order mark of UTF-8.
    Utf8Mark,
    /// It is in UTF-16, with a byte-order mark or by the look of it.
    Utf16,
    /// It is in UTF-32, with a byte-order mark.
    Utf32,
}

/// The begin of a file.
#[derive(Debug)]
pub(super) struct Head(Vec<u8>);

impl Head {
    /// Reads it; `None` if that fails, which is for others to tell.
    pub fn read(path: &Path) -> Option<Self> {
        let mut bytes = Vec::new();
        File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut bytes)).ok()?;
        Some(Self(bytes))
    }

    /// The encoding, if it is not the plain one.
    pub fn encoding(&self) -> Option<Encoding> {
        encoding(&self.0)
    }

    /// Whether a line ends with a carriage return.
    pub fn has_carriage_returns(&self) -> bool {
        self.0.windows(2).any(|pair| pair == b"\r\n")
    }
}

impl Encoding {
    /// The word for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8Mark => "UTF-8 with a byte-order mark",
            Self::Utf16 => "UTF-16",
            Self::Utf32 => "UTF-32",
        }
    }
}

/// The encoding that bytes are in, if it is not the plain one.
pub(super) fn encoding(bytes: &[u8]) -> Option<Encoding> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Some(Encoding::Utf8Mark);
    }
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Some(Encoding::Utf32);
    }
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    (marked || looks_like_utf16(bytes)).then_some(Encoding::Utf16)
}

/// Every second byte is zero and no other is: Latin text in UTF-16, which is no text in UTF-8.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let zeros = |odd: bool| {
        let mut places = bytes.iter().enumerate();
        places.all(|(place, byte)| (*byte == 0) == ((place % 2 == 1) == odd))
    };
    bytes.len() >= SHORTEST && bytes.len().is_multiple_of(2) && (zeros(true) || zeros(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(b"" => None; "nothing")]
    #[test_case(b"4 5\n" => None; "plain")]
    #[test_case("größer\n".as_bytes() => None; "plain outside of ASCII")]
    #[test_case(b"\xff\xd8\xff\xe0" => None; "a picture")]
    #[test_case(b"\0\0\0\0\0\0" => None; "zeros")]
    #[test_case(b"1\0" => None; "too short to tell")]
    #[test_case(b"1\x002\x003" => None; "half a character")]
    #[test_case(b"\xef\xbb\xbf4 5\n" => Some(Encoding::Utf8Mark); "marked UTF-8")]
    #[test_case(b"\xff\xfe4\0\n\0" => Some(Encoding::Utf16); "little end first")]
    #[test_case(b"\xfe\xff\x004\0\n" => Some(Encoding::Utf16); "big end first")]
    #[test_case(b"4\0 \x005\0\n\0" => Some(Encoding::Utf16); "little end first without a mark")]
    #[test_case(b"\x004\0 \x005\0\n" => Some(Encoding::Utf16); "big end first without a mark")]
    #[test_case(b"\xff\xfe\0\x004\0\0\0" => Some(Encoding::Utf32); "UTF-32")]
    fn bytes_are_in(bytes: &[u8]) -> Option<Encoding> {
        encoding(bytes)
    }
}
