//! Whether an output holds the same things as the answer, in whatever order.
//!
//! Neither is held: each thing becomes two keyed hashes, and those are added up. The keys are drawn anew for every comparison,
//! so that no program can look for things whose sums are the same.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher};
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::answer::is_space;
use super::token::CheckError;

/// What is compared regardless of its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Things {
    /// Lines that are not empty, each as the tokens on it (DMOJ's `sorted`).
    Lines,
    /// Tokens (DMOJ's `unordered`).
    Tokens,
    /// Bytes that are no white space, letters in either case (DMOJ's `easy`).
    Bytes,
}

impl Things {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Tokens => "tokens",
            Self::Bytes => "characters",
        }
    }
}

/// Compares an output, pushed in chunks, with an answer, read at the end.
pub struct UnorderedChecker<R> {
    answer: R,
    keys: [RandomState; 2],
    output: Tally,
}

impl<R: Read> UnorderedChecker<R> {
    /// A comparison with this answer.
    pub fn new(answer: R, things: Things) -> Self {
        let keys = [RandomState::new(), RandomState::new()];
        Self { answer, output: Tally::new(things), keys }
    }

    /// Takes the next bytes of the output.
    pub fn push(&mut self, output: &[u8]) {
        self.output.push(output, &self.keys);
    }

    /// The output has ended: how it differs from the answer, if it does.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn finish(mut self) -> Result<Option<String>, CheckError> {
        let things = self.output.things;
        let mut answer = Tally::new(things);
        let mut chunk = vec![0; 64 * 1024];
        loop {
            match self.answer.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => answer.push(&chunk[..count], &self.keys),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(CheckError::Answer(error)),
            }
        }
        answer.end_thing();
        self.output.end_thing();
        let what = things.as_str();
        Ok(if answer.count != self.output.count {
            Some(format!("{} {what}, expected {}", self.output.count, answer.count))
        } else if answer.sums != self.output.sums {
            Some(format!("as many {what} as expected, {}, but not the same", answer.count))
        } else {
            None
        })
    }
}

/// What a text holds.
struct Tally {
    things: Things,
    count: u64,
    sums: [u64; 2],
    /// The thing that has begun.
    thing: Option<[std::hash::DefaultHasher; 2]>,
    /// A token stands on this line, before what comes next.
    token: bool,
    /// And white space after it.
    gap: bool,
}

impl Tally {
    const fn new(things: Things) -> Self {
        Self { things, count: 0, sums: [0; 2], thing: None, token: false, gap: false }
    }

    fn push(&mut self, bytes: &[u8], keys: &[RandomState; 2]) {
        for byte in bytes {
            match self.things {
                Things::Lines => self.line_byte(*byte, keys),
                Things::Tokens if is_space(*byte) => self.end_thing(),
                Things::Tokens => self.take(*byte, keys),
                Things::Bytes if is_space(*byte) => {}
                Things::Bytes => {
                    self.take(byte.to_ascii_lowercase(), keys);
                    self.end_thing();
                }
            }
        }
    }

    fn line_byte(&mut self, byte: u8, keys: &[RandomState; 2]) {
        if matches!(byte, b'\n' | b'\r') {
            self.end_thing();
        } else if is_space(byte) {
            // A line of white space is a line, one without tokens.
            self.begin(keys);
            self.gap = self.token;
        } else {
            if std::mem::take(&mut self.gap) {
                self.take(b' ', keys);
            }
            self.token = true;
            self.take(byte, keys);
        }
    }

    fn begin(&mut self, keys: &[RandomState; 2]) -> &mut [std::hash::DefaultHasher; 2] {
        self.thing.get_or_insert_with(|| [keys[0].build_hasher(), keys[1].build_hasher()])
    }

    fn take(&mut self, byte: u8, keys: &[RandomState; 2]) {
        for hasher in self.begin(keys) {
            hasher.write_u8(byte);
        }
    }

    fn end_thing(&mut self) {
        (self.token, self.gap) = (false, false);
        let Some(hashers) = self.thing.take() else { return };
        self.count += 1;
        for (sum, hasher) in self.sums.iter_mut().zip(&hashers) {
            *sum = sum.wrapping_add(hasher.finish());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    fn same(answer: &[u8], output: &[u8], things: Things, chunk: usize) -> bool {
        let mut checker = UnorderedChecker::new(answer, things);
        output.chunks(chunk).for_each(|piece| checker.push(piece));
        checker.finish().unwrap().is_none()
    }

    #[test_case(Things::Lines, "a b\nc\n", "c\r\n\n  a  b" => true; "lines in another order and shape")]
    #[test_case(Things::Lines, "a b\nc\n", "a\nb c\n" => false; "other lines of the same tokens")]
    #[test_case(Things::Lines, "a\n", "a\na\n" => false; "a line twice")]
    #[test_case(Things::Lines, "a\n", "a\n \n" => false; "a line of white space is a line")]
    #[test_case(Things::Lines, "ab\n", "a b\n" => false; "a line cut in two tokens")]
    #[test_case(Things::Tokens, "a b\nc\n", "c b a" => true; "tokens in another order")]
    #[test_case(Things::Tokens, "a b", "a B" => false; "another token")]
    #[test_case(Things::Tokens, "a a b", "a b b" => false; "as many, but others")]
    #[test_case(Things::Bytes, "Hello World", "dlrow olleH" => true; "letters in any case and order")]
    #[test_case(Things::Bytes, "abc", "abd" => false; "another letter")]
    #[test_case(Things::Lines, "", "\n\r\n" => true; "nothing and empty lines")]
    fn in_any_order(things: Things, answer: &str, output: &str) -> bool {
        let told: Vec<_> =
            (1..4).map(|chunk| same(answer.as_bytes(), output.as_bytes(), things, chunk)).collect();
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        told[0]
    }

    /// `sorted.py` of DMOJ's judge, in few words.
    fn sorted(text: &str) -> Vec<Vec<&str>> {
        let lines = text.split(['\r', '\n']).filter(|line| !line.is_empty());
        let mut lines: Vec<Vec<&str>> = lines.map(|line| line.split_ascii_whitespace().collect()).collect();
        lines.sort();
        lines
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_sorted_checker(
            answer in "[ab \n\r\t]{0,8}", output in "[ab \n\r\t]{0,8}", chunk in 1_usize..5,
        ) {
            let expected = sorted(&answer) == sorted(&output);
            prop_assert_eq!(same(answer.as_bytes(), output.as_bytes(), Things::Lines, chunk), expected);
        }
    }
}
