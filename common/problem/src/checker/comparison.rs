//! How an output is held against an answer where no program of the package judges.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::exact::ExactChecker;
use super::lines::LinesChecker;
use super::options::CheckerOptions;
use super::squeeze::{Change, Changed, LineFeeds, Squeeze};
use super::token::{CheckError, CheckOutcome, TokenChecker};
use super::unordered::{Things, UnorderedChecker};

/// What counts as the right output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Token by token: the default output validator of the Kattis format.
    Tokens(CheckerOptions),
    /// Token by token, and the lines end after the same tokens; empty lines and white space at the ends of lines do not
    /// matter (DMOJ's `standard` and `floats`).
    TokensOnLines(CheckerOptions),
    /// Byte by byte.
    Exact,
    /// Byte by byte, once every line of the answer ends with a line feed (DMOJ's `identical`).
    ExactLines,
    /// Line by line, without white space at the end of a line and of the whole.
    Lines,
    /// The same things, in whatever order.
    Unordered(Things),
}

impl Default for Comparison {
    fn default() -> Self {
        Self::Tokens(CheckerOptions::default())
    }
}

/// An output, pushed in chunks, held against an answer; neither is held as a whole.
pub struct Comparer<R: Read>(Kind<R>);

enum Kind<R: Read> {
    Tokens(Box<TokenChecker<R>>),
    TokensOnLines(Box<OnLines<R>>),
    Exact(ExactChecker<R>),
    ExactLines(ExactChecker<Changed<R>>),
    Lines(LinesChecker<R>),
    Unordered(Box<UnorderedChecker<R>>),
}

/// Both sides squeezed, so that white space can be compared byte by byte.
struct OnLines<R: Read> {
    checker: TokenChecker<Changed<R>>,
    output: Squeeze,
    squeezed: Vec<u8>,
}

impl<R: Read> Comparer<R> {
    /// A comparison with this answer.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn new(answer: R, comparison: Comparison) -> Result<Self, CheckError> {
        Ok(Self(match comparison {
            Comparison::Tokens(options) => Kind::Tokens(Box::new(TokenChecker::new(answer, options))),
            Comparison::TokensOnLines(options) => {
                let options = CheckerOptions { space_change_sensitive: true, ..options };
                let answer = Changed::new(answer, Change::Squeeze(Squeeze::default()));
                let checker = TokenChecker::new(answer, options);
                Kind::TokensOnLines(Box::new(OnLines {
                    checker,
                    output: Squeeze::default(),
                    squeezed: Vec::new(),
                }))
            }
            Comparison::Exact => Kind::Exact(ExactChecker::new(answer)),
            Comparison::ExactLines => {
                let answer = Changed::new(answer, Change::LineFeeds(LineFeeds::default()));
                Kind::ExactLines(ExactChecker::new(answer))
            }
            Comparison::Lines => Kind::Lines(LinesChecker::new(answer)?),
            Comparison::Unordered(things) => Kind::Unordered(Box::new(UnorderedChecker::new(answer, things))),
        }))
    }

    /// Takes the next bytes of the output.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), CheckError> {
        match &mut self.0 {
            Kind::Tokens(checker) => checker.push(bytes).map(drop),
            Kind::TokensOnLines(on_lines) => {
                on_lines.squeezed.clear();
                on_lines.output.push(bytes, &mut on_lines.squeezed);
                on_lines.checker.push(&on_lines.squeezed).map(drop)
            }
            Kind::Exact(checker) => checker.push(bytes).map(drop),
            Kind::ExactLines(checker) => checker.push(bytes).map(drop),
            Kind::Lines(checker) => checker.push(bytes).map(drop),
            Kind::Unordered(checker) => {
                checker.push(bytes);
                Ok(())
            }
        }
    }

    /// The output has ended: what is wrong with it, if anything is.
    ///
    /// # Errors
    /// [`CheckError`] if the answer cannot be read.
    pub fn finish(self) -> Result<Option<String>, CheckError> {
        let of_tokens = |outcome| match outcome {
            CheckOutcome::Accepted => None,
            CheckOutcome::Rejected(rejection) => Some(rejection.to_string()),
        };
        Ok(match self.0 {
            Kind::Tokens(checker) => of_tokens(checker.finish()?),
            Kind::TokensOnLines(on_lines) => of_tokens(on_lines.checker.finish()?),
            Kind::Exact(checker) => checker.finish()?.map(|difference| difference.to_string()),
            Kind::ExactLines(checker) => checker.finish()?.map(|difference| difference.to_string()),
            Kind::Lines(checker) => checker.finish()?.map(|difference| difference.to_string()),
            Kind::Unordered(checker) => checker.finish()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::FloatGrammar;
    use proptest::prelude::*;
    use test_case::test_case;

    fn same(answer: &str, output: &str, comparison: Comparison, chunk: usize) -> bool {
        let mut comparer = Comparer::new(answer.as_bytes(), comparison).unwrap();
        for piece in output.as_bytes().chunks(chunk) {
            comparer.push(piece).unwrap();
        }
        comparer.finish().unwrap().is_none()
    }

    const STANDARD: Comparison = Comparison::TokensOnLines(CheckerOptions {
        case_sensitive: true,
        space_change_sensitive: false,
        float_absolute_tolerance: None,
        float_relative_tolerance: None,
        float_grammar: FloatGrammar::Decimal,
    });

    fn floats() -> Comparison {
        let Comparison::TokensOnLines(options) = STANDARD else { unreachable!() };
        Comparison::TokensOnLines(CheckerOptions { float_absolute_tolerance: Some(1e-6), ..options })
    }

    #[test_case(STANDARD, "a b\nc\n", "\r\n a  b \r\n\r\nc" => true; "white space of another shape")]
    #[test_case(STANDARD, "a b\nc\n", "a\nb c" => false; "lines that end elsewhere")]
    #[test_case(STANDARD, "a", "A" => false; "letters in another case")]
    #[test_case(STANDARD, "1", "1.0" => false; "numbers are words")]
    #[test_case(STANDARD, "", " \n" => true; "nothing but white space")]
    #[test_case(STANDARD, "a b", "a" => false; "a token less")]
    #[test_case(floats(), "1.5 x\n2\n", "1.5000001 x\n2.0" => true; "numbers within the tolerance")]
    #[test_case(floats(), "1.5 x\n2\n", "1.5 X\n2" => false; "words beside numbers")]
    #[test_case(floats(), "1 2\n", "1\n2\n" => false; "numbers on other lines")]
    #[test_case(Comparison::ExactLines, "a\r\nb", "a\nb\n" => true; "an answer saved on Windows")]
    #[test_case(Comparison::ExactLines, "a\rb\n\n", "a\nb\n\n" => true; "carriage returns alone")]
    #[test_case(Comparison::ExactLines, "a\nb\n", "a\nb" => false; "the last line is not ended")]
    #[test_case(Comparison::ExactLines, "", "" => true; "nothing")]
    #[test_case(Comparison::Exact, "a\r\n", "a\n" => false; "bytes are bytes")]
    fn it_is_right(comparison: Comparison, answer: &str, output: &str) -> bool {
        let told: Vec<_> = (1..5).map(|chunk| same(answer, output, comparison, chunk)).collect();
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        told[0]
    }

    /// DMOJ's documentation of `standard`: split into lines, those into tokens, lines without tokens dropped.
    fn standard(text: &str) -> Vec<Vec<&str>> {
        let lines = text.split(['\r', '\n']).map(|line| line.split_ascii_whitespace().collect());
        lines.filter(|line: &Vec<&str>| !line.is_empty()).collect()
    }

    proptest! {
        #[test]
        fn the_standard_checker_is_equality_of_lines_of_tokens(
            answer in "[ab \n\r\t]{0,9}", output in "[ab \n\r\t]{0,9}", chunk in 1_usize..5,
        ) {
            prop_assert_eq!(same(&answer, &output, STANDARD, chunk), standard(&answer) == standard(&output));
        }
    }
}
