//! The output and the answer, byte by byte.

use std::fmt;
use std::io::Read;

use super::answer::Answer;
use super::token::CheckError;

/// Where an output stops being the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first byte that differs, counted from 1.
    pub byte: u64,
    /// The line it is on, counted from 1.
    pub line: u64,
    /// What the answer has there; nothing where it ends.
    pub expected: Option<u8>,
    /// What the output has there; nothing where it ends.
    pub got: Option<u8>,
}

/// Compares an output, pushed in chunks, with an answer, read as needed: every byte must be the same, the last line's
/// end included.
pub struct ExactChecker<R> {
    answer: Answer<R>,
    equal: u64,
    difference: Option<Difference>,
}

impl<R: Read> ExactChecker<R> {
    /// A comparison with this answer, which is read only as the output is pushed.
    pub fn new(answer: R) -> Self {
        Self { answer: Answer::new(answer), equal: 0, difference: None }
    }

    /// Takes the next bytes of the output. Once it returns a difference the rest need not be pushed.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn push(&mut self, mut output: &[u8]) -> Result<Option<Difference>, CheckError> {
        while self.difference.is_none()
            && let Some(first) = output.first()
        {
            let answer = self.answer.buffered()?;
            let same = answer.iter().zip(output).take_while(|(expected, got)| expected == got).count();
            let lines = output[..same].iter().filter(|byte| **byte == b'\n').count() as u64;
            let ended = answer.is_empty();
            self.answer.take_many(same, lines);
            self.equal += same as u64;
            if ended {
                self.differ(None, Some(*first));
            } else if same == 0 {
                let expected = self.answer.peek()?;
                self.differ(expected, Some(*first));
            }
            output = &output[same..];
        }
        Ok(self.difference)
    }

    /// The output has ended: where it differs from the answer, if it does.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn finish(mut self) -> Result<Option<Difference>, CheckError> {
        if self.difference.is_none()
            && let Some(expected) = self.answer.peek()?
        {
            self.differ(Some(expected), None);
        }
        Ok(self.difference)
    }

    fn differ(&mut self, expected: Option<u8>, got: Option<u8>) {
        self.difference = Some(Difference { byte: self.equal + 1, line: self.answer.line, expected, got });
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { byte, line, expected, got } = self;
        write!(f, "byte {byte} on line {line}: expected {}, got {}", Shown(*expected), Shown(*got))
    }
}

struct Shown(Option<u8>);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("the end"),
            Some(byte) => write!(f, "\"{}\"", byte.escape_ascii()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    fn said(answer: &[u8], output: &[u8], chunk: usize) -> String {
        let mut checker = ExactChecker::new(answer);
        for piece in output.chunks(chunk) {
            checker.push(piece).unwrap();
        }
        checker.finish().unwrap().map_or_else(|| "same".to_owned(), |difference| difference.to_string())
    }

    #[test_case("", "" => "same"; "nothing")]
    #[test_case("a b\n", "a b\n" => "same"; "same")]
    #[test_case("a b\n", "a b" => r#"byte 4 on line 1: expected "\n", got the end"#; "last line feed missing")]
    #[test_case("a b", "a b\n" => r#"byte 4 on line 1: expected the end, got "\n""#; "a line feed more")]
    #[test_case("a\nb c\n", "a\nb  c\n" => r#"byte 5 on line 2: expected "c", got " ""#; "a blank more")]
    #[test_case("a\n", "A\n" => r#"byte 1 on line 1: expected "a", got "A""#; "case")]
    #[test_case("a\n", "a\r\n" => r#"byte 2 on line 1: expected "\n", got "\r""#; "line end")]
    #[test_case("", "x" => r#"byte 1 on line 1: expected the end, got "x""#; "nothing expected")]
    fn every_byte_counts(answer: &str, output: &str) -> String {
        let told: Vec<_> = (1..=3).map(|chunk| said(answer.as_bytes(), output.as_bytes(), chunk)).collect();
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        told[0].clone()
    }

    proptest! {
        #[test]
        fn it_is_equality_whatever_the_chunks(
            answer in proptest::collection::vec(0_u8..4, 0..200),
            output in proptest::collection::vec(0_u8..4, 0..200),
            chunk in 1_usize..50,
        ) {
            prop_assert_eq!(said(&answer, &answer, chunk), "same");
            prop_assert_eq!(said(&answer, &output, chunk) == "same", answer == output);
        }

        #[test]
        fn the_first_difference_is_named(
            answer in proptest::collection::vec(any::<u8>(), 1..100_000), at in any::<prop::sample::Index>(),
        ) {
            let at = at.index(answer.len());
            let mut output = answer.clone();
            output[at] ^= 1;
            let told = said(&answer, &output, 70_000);
            prop_assert!(told.starts_with(&format!("byte {} ", at + 1)), "{told}");
        }
    }
}
