//! Base64 as Ruby writes and reads it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How many characters a line has.
const LINE: usize = 60;

/// With a line feed behind every 60 characters and at the end (`Base64.encode64`).
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let whole = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(whole.len() + whole.len() / LINE + 1);
    // Base64 is ASCII: every byte is a character.
    for (k, c) in whole.chars().enumerate() {
        if k > 0 && k % LINE == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines
}

/// Whatever can be read of it: what is no base64 is skipped, and padding ends it (`Base64.decode64`).
#[must_use]
pub fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(b"", "" ; "nothing")]
    #[test_case(b"hello, world\n", "aGVsbG8sIHdvcmxkCg==\n"; "short")]
    #[test_case(&[b'a'; 46], "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\nYQ==\n"; "two lines")]
    fn lines_have_sixty_characters(bytes: &[u8], text: &str) {
        assert_eq!(encode(bytes), text);
        assert_eq!(decode(text), bytes);
    }

    #[test_case("aGVs\nbG8=", "hello"; "line feeds")]
    #[test_case("aG*Vs bG8", "hello"; "garbage and no padding")]
    #[test_case("aGVsbG8=aGVsbG8=", "hello"; "padding ends it")]
    fn it_is_read_leniently(text: &str, expected: &str) {
        assert_eq!(decode(text), expected.as_bytes());
    }
}
