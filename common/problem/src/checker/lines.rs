//! The output and the answer, line by line, without white space at the end of a line and of the whole.
//!
//! That is what Judge0 compares (`app/jobs/isolate_job.rs`, `strip_text`): both texts are split at line feeds, the right
//! end of each line is stripped, and so is the end of the whole. NUL is stripped as well, as Ruby's `rstrip` does.

use std::io::Read;

use super::answer::{Answer, is_space};
use super::exact::Difference;
use super::token::CheckError;

/// Compares an output, pushed in chunks, with an answer, read as needed; neither is held as a whole.
pub struct LinesChecker<R> {
    answer: Answer<R>,
    /// What the answer has between its last compared byte and the next one that counts.
    gap: Gap,
    /// Where the output is in its own gap.
    at: Place,
    difference: Option<Difference>,
    bytes: u64,
}

/// What stands before the next byte of the answer that counts.
struct Gap {
    /// Line feeds.
    lines: u64,
    /// White space behind the last of them; it counts, since something follows it.
    blanks: Vec<u8>,
    /// What follows; nothing at the end.
    next: Option<u8>,
}

/// Which part of the gap the output has already.
#[derive(Default)]
struct Place {
    lines: u64,
    blanks: usize,
    /// Whether its white space is other than the answer's: that counts once something follows it.
    differs: bool,
}

/// What is stripped.
const fn is_blank(byte: u8) -> bool {
    is_space(byte) || byte == 0
}

impl<R: Read> LinesChecker<R> {
    /// A comparison with this answer.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn new(answer: R) -> Result<Self, CheckError> {
        let mut answer = Answer::new(answer);
        let gap = Gap::read(&mut answer)?;
        Ok(Self { answer, gap, at: Place::default(), difference: None, bytes: 0 })
    }

    /// Takes the next bytes of the output. Once it returns a difference the rest need not be pushed.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn push(&mut self, output: &[u8]) -> Result<Option<Difference>, CheckError> {
        for byte in output {
            if self.difference.is_some() {
                break;
            }
            self.bytes += 1;
            match *byte {
                b'\n' => self.at = Place { lines: self.at.lines + 1, ..Place::default() },
                blank if is_blank(blank) => {
                    self.at.differs |= self.gap.blanks.get(self.at.blanks) != Some(&blank);
                    self.at.blanks += 1;
                }
                other => self.take(other)?,
            }
        }
        Ok(self.difference)
    }

    /// The output has ended: where it differs from the answer, if it does.
    ///
    /// # Errors
    /// None today; the answer is read ahead.
    pub fn finish(mut self) -> Result<Option<Difference>, CheckError> {
        if self.difference.is_none() && self.gap.next.is_some() {
            self.differ(None);
        }
        Ok(self.difference)
    }

    fn take(&mut self, byte: u8) -> Result<(), CheckError> {
        let Place { lines, blanks, differs } = self.at;
        let same_gap = lines == self.gap.lines && blanks == self.gap.blanks.len() && !differs;
        if !same_gap || self.gap.next != Some(byte) {
            self.differ(Some(byte));
            return Ok(());
        }
        self.answer.take(byte);
        self.at = Place::default();
        self.gap = Gap::read(&mut self.answer)?;
        Ok(())
    }

    fn differ(&mut self, got: Option<u8>) {
        let byte = self.bytes + u64::from(got.is_none());
        self.difference = Some(Difference { byte, line: self.answer.line, expected: self.gap.next, got });
    }
}

impl Gap {
    fn read<R: Read>(answer: &mut Answer<R>) -> Result<Self, CheckError> {
        let mut gap = Self { lines: 0, blanks: Vec::new(), next: None };
        while let Some(byte) = answer.peek()? {
            if byte == b'\n' {
                gap.lines += 1;
                gap.blanks.clear();
            } else if is_blank(byte) {
                gap.blanks.push(byte);
            } else {
                gap.next = Some(byte);
                break;
            }
            answer.take(byte);
        }
        Ok(gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    fn same(answer: &[u8], output: &[u8], chunk: usize) -> bool {
        let mut checker = LinesChecker::new(answer).unwrap();
        for piece in output.chunks(chunk) {
            checker.push(piece).unwrap();
        }
        checker.finish().unwrap().is_none()
    }

    /// The rule as it is written in Ruby.
    fn stripped(text: &[u8]) -> Vec<u8> {
        let end = |text: &[u8]| text.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
        let lines: Vec<_> =
            text.split(|byte| *byte == b'\n').map(|line| line[..end(line)].to_vec()).collect();
        let joined = lines.join(&b'\n');
        joined[..end(&joined)].to_vec()
    }

    #[test_case("", "" => true; "nothing")]
    #[test_case("7\n", "7" => true; "no last line feed")]
    #[test_case("7", "7 \n\n \n" => true; "blanks at the end")]
    #[test_case("a\nb", "a \r\nb" => true; "blanks at the end of a line")]
    #[test_case("a b", "a  b" => false; "blanks inside")]
    #[test_case("a", " a" => false; "a blank at the begin")]
    #[test_case("a", "\na" => false; "a line at the begin")]
    #[test_case("a\n\nb", "a\nb" => false; "a line less")]
    #[test_case("a\n\tb", "a\n b" => false; "another blank at the begin of a line")]
    #[test_case("\n", "" => true; "an answer of nothing but a line feed")]
    #[test_case("7", "8" => false; "another")]
    #[test_case("7", "" => false; "no output")]
    #[test_case("", "7" => false; "no answer")]
    fn only_the_ends_of_lines_may_differ(answer: &str, output: &str) -> bool {
        let told: Vec<_> = (1..4).map(|chunk| same(answer.as_bytes(), output.as_bytes(), chunk)).collect();
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        told[0]
    }

    proptest! {
        #[test]
        fn it_is_equality_of_what_is_stripped(
            answer in "[ab \n\t\r]{0,12}", output in "[ab \n\t\r]{0,12}", chunk in 1_usize..5,
        ) {
            let (answer, output) = (answer.as_bytes(), output.as_bytes());
            prop_assert_eq!(same(answer, output, chunk), stripped(answer) == stripped(output));
        }
    }
}
