//! What things cost in JSON, as `serde_json` writes it.

use std::io;

use serde::Serialize;

/// Room for what a message adds to a result: its version.
pub(super) const ENVELOPE: usize = 64;

/// Counts what is written.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many bytes a value takes.
pub(super) fn length(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, value) {
        Ok(()) => counter.0,
        // No type of a result refuses to be written; one that did could not be published either.
        Err(_) => usize::MAX,
    }
}

/// How many bytes a text takes between its quotes.
pub(super) fn text_length(text: &str) -> usize {
    text.bytes().map(byte_length).sum()
}

const fn byte_length(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..=0x1f => 6,
        _ => 1,
    }
}

/// Keeps the first characters that take at most `most` bytes; tells whether there were more.
pub(super) fn cut(text: &mut String, most: usize) -> bool {
    let mut length = 0;
    let end = text.char_indices().find_map(|(at, character)| {
        length += match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => byte_length(byte),
            _ => character.len_utf8(),
        };
        (length > most).then_some(at)
    });
    if let Some(end) = end {
        text.truncate(end);
        text.shrink_to_fit();
    }
    end.is_some()
}
