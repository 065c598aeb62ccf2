//! Text in pieces that do not end in the middle of a character.

use gavel_model::LiveStream;

/// Both streams of a program.
#[derive(Debug, Default)]
pub struct Streams {
    stdout: Characters,
    stderr: Characters,
}

impl Streams {
    /// What is whole of all that came of a stream; what is no UTF-8 counts as whole.
    pub fn push(&mut self, stream: LiveStream, bytes: &[u8]) -> Vec<u8> {
        match stream {
            LiveStream::Stdout => self.stdout.push(bytes),
            LiveStream::Stderr => self.stderr.push(bytes),
        }
    }

    /// What was held back of each, when nothing more comes.
    pub fn rest(&mut self) -> [(LiveStream, Vec<u8>); 2] {
        [(LiveStream::Stdout, self.stdout.rest()), (LiveStream::Stderr, self.stderr.rest())]
    }
}

/// Holds back the begin of a character until its end comes.
#[derive(Debug, Default)]
struct Characters(Vec<u8>);

impl Characters {
    /// What is whole of all that came; what is no UTF-8 counts as whole.
    fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.0.extend_from_slice(bytes);
        let rest = self.0.split_off(self.0.len() - unfinished(&self.0));
        std::mem::replace(&mut self.0, rest)
    }

    /// What was held back, when nothing more comes.
    fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

/// How many bytes at the end begin a character that is not over.
fn unfinished(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let needs = match bytes[bytes.len() - back] {
            // Within a character.
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        return if needs > back { back } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_in_any_pieces_stays_text(text in "\\PC{0,30}", cuts in proptest::collection::vec(1_usize..5, 1..9)) {
            let (mut characters, mut told) = (Characters::default(), String::new());
            let (mut rest, mut sizes) = (text.as_bytes(), cuts.iter().cycle());
            while !rest.is_empty() {
                let (piece, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
                told.push_str(std::str::from_utf8(&characters.push(piece)).unwrap());
                rest = later;
            }
            prop_assert_eq!(characters.rest(), b"");
            prop_assert_eq!(told, text);
        }

        #[test]
        fn no_byte_is_lost(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..6), 0..9)) {
            let mut characters = Characters::default();
            let mut told: Vec<u8> = pieces.iter().flat_map(|piece| characters.push(piece)).collect();
            told.extend(characters.rest());
            prop_assert_eq!(told, pieces.concat());
        }
    }
}
