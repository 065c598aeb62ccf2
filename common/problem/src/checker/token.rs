//! The comparison itself: a state machine over the bytes of the output.

use std::io::Read;

use super::answer::{Answer, is_space};
use super::float::MAX_FLOAT_TOKEN;
use super::number::Number;
use super::options::CheckerOptions;
use super::rejection::{Excerpt, MAX_EXCERPT, Rejection, RejectionReason};

/// What the checker thinks of a whole output.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckOutcome {
    /// The output is right.
    Accepted,
    /// The output is wrong, and where.
    Rejected(Rejection),
}

/// The comparison could not be made: a judge error, never the program's fault.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The answer file failed to read.
    #[error("the answer cannot be read")]
    Answer(#[source] std::io::Error),
}

/// Compares an output, pushed in chunks, with an answer, read as needed.
///
/// Holds one 64 KiB buffer of the answer and at most [`MAX_FLOAT_TOKEN`] bytes of a token on each side.
pub struct TokenChecker<R> {
    answer: Answer<R>,
    options: CheckerOptions,
    state: State,
    /// Tokens of the output begun so far.
    token: u64,
    output_line: u64,
    /// The line of the answer on which the current token stands.
    answer_line: u64,
    /// The answer's token as far as it was read ahead; compared first.
    ahead: Vec<u8>,
    compared: usize,
    /// The output's token, for its value.
    number: Vec<u8>,
    expected: Excerpt,
    got: Excerpt,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    /// Between two tokens of the output.
    Between,
    /// In a token compared as a string; true if it still matches.
    Text {
        same: bool,
    },
    /// In a token whose answer is this number; true while the output's fits the limit.
    Number {
        answer: Number,
        fits: bool,
    },
    /// In a token after the end of the answer.
    Trailing,
    Rejected(Rejection),
}

/// Compares a whole output that is at hand.
///
/// # Errors
///
/// [`CheckError`] if the answer cannot be read.
pub fn check(answer: impl Read, output: &[u8], options: CheckerOptions) -> Result<CheckOutcome, CheckError> {
    let mut checker = TokenChecker::new(answer, options);
    checker.push(output)?;
    checker.finish()
}

impl<R: Read> TokenChecker<R> {
    /// A comparison with this answer, which is read only as the output is pushed.
    pub fn new(answer: R, options: CheckerOptions) -> Self {
        Self {
            answer: Answer::new(answer),
            options,
            state: State::Between,
            token: 0,
            output_line: 1,
            answer_line: 1,
            ahead: Vec::new(),
            compared: 0,
            number: Vec::new(),
            expected: Excerpt::default(),
            got: Excerpt::default(),
        }
    }

    /// Takes the next bytes of the output. Once it returns a rejection the rest need not be pushed.
    ///
    /// # Errors
    ///
    /// [`CheckError`] if the answer cannot be read.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Option<Rejection>, CheckError> {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.state == State::Between {
                rest = self.skip_equal(rest)?;
            }
            let Some((byte, tail)) = rest.split_first() else { break };
            match self.state {
                State::Rejected(_) => break,
                State::Between if is_space(*byte) => self.space(*byte)?,
                State::Between => {
                    self.begin_token()?;
                    continue;
                }
                _ if is_space(*byte) => {
                    self.end_token()?;
                    continue;
                }
                _ => self.token_byte(*byte)?,
            }
            rest = tail;
        }
        Ok(self.rejection())
    }

    /// The output has ended.
    ///
    /// # Errors
    ///
    /// [`CheckError`] if the answer cannot be read.
    pub fn finish(mut self) -> Result<CheckOutcome, CheckError> {
        if !matches!(self.state, State::Between | State::Rejected(_)) {
            self.end_token()?;
        }
        if self.state == State::Between {
            self.end_output()?;
        }
        Ok(self.rejection().map_or(CheckOutcome::Accepted, CheckOutcome::Rejected))
    }

    /// Passes what is byte for byte the same on both sides, up to the last white space of it.
    fn skip_equal<'a>(&mut self, output: &'a [u8]) -> Result<&'a [u8], CheckError> {
        let answer = self.answer.buffered()?;
        let same = output.iter().zip(answer).take_while(|(a, b)| a == b).count();
        let Some(last) = output[..same].iter().rposition(|byte| is_space(*byte)) else { return Ok(output) };
        let (equal, rest) = output.split_at(last + 1);
        let mut before = true;
        let (mut lines, mut tokens) = (0, 0);
        for byte in equal {
            let space = is_space(*byte);
            tokens += u64::from(before && !space);
            lines += u64::from(*byte == b'\n');
            before = space;
        }
        self.answer.take_many(equal.len(), lines);
        self.output_line += lines;
        self.token += tokens;
        Ok(rest)
    }

    fn space(&mut self, byte: u8) -> Result<(), CheckError> {
        if self.options.space_change_sensitive {
            let expected = self.answer.peek()?.filter(|byte| is_space(*byte));
            if expected != Some(byte) {
                self.reject_between(RejectionReason::Space { expected, got: Some(byte) });
                return Ok(());
            }
            self.answer.take(byte);
        }
        self.output_line += u64::from(byte == b'\n');
        Ok(())
    }

    /// Goes past the answer's space where the output has none; false when that is a rejection.
    fn pass_answer_space(&mut self) -> Result<bool, CheckError> {
        if !self.options.space_change_sensitive {
            self.answer.skip_space()?;
            return Ok(true);
        }
        let Some(expected) = self.answer.peek()?.filter(|byte| is_space(*byte)) else { return Ok(true) };
        self.reject_between(RejectionReason::Space { expected: Some(expected), got: None });
        Ok(false)
    }

    /// The output's next byte begins a token.
    fn begin_token(&mut self) -> Result<(), CheckError> {
        self.forget_token();
        if !self.pass_answer_space()? {
            return Ok(());
        }
        self.token += 1;
        self.answer_line = self.answer.line;
        if self.answer.peek()?.is_none() {
            self.state = State::Trailing;
            return Ok(());
        }
        self.state = State::Text { same: true };
        if self.options.compares_floats() {
            let ended = self.answer.read_token(&mut self.ahead, MAX_FLOAT_TOKEN)?;
            if let Some(answer) = self.options.float_grammar.number(&self.ahead).filter(|_| ended) {
                self.number.clear();
                self.state = State::Number { answer, fits: true };
            }
        }
        Ok(())
    }

    fn forget_token(&mut self) {
        self.got.clear();
        self.expected.clear();
        self.ahead.clear();
        self.compared = 0;
    }

    fn token_byte(&mut self, byte: u8) -> Result<(), CheckError> {
        self.got.extend(&[byte]);
        match &mut self.state {
            State::Text { same: true } => {
                let expected = self.next_answer_byte()?;
                let equal =
                    |a: u8, b: u8| a == b || !self.options.case_sensitive && a.eq_ignore_ascii_case(&b);
                if !expected.is_some_and(|expected| equal(expected, byte)) {
                    self.state = State::Text { same: false };
                }
            }
            State::Number { fits, .. } => {
                *fits &= self.number.len() < MAX_FLOAT_TOKEN;
                if *fits {
                    self.number.push(byte);
                } else {
                    return self.end_token();
                }
            }
            _ => {}
        }
        // A token that differs is read on only to be shown, and only as far as it is shown.
        if self.got.is_full() && matches!(self.state, State::Text { same: false } | State::Trailing) {
            self.end_token()?;
        }
        Ok(())
    }

    /// The next byte of the answer's token, `None` at its end.
    fn next_answer_byte(&mut self) -> Result<Option<u8>, CheckError> {
        if let Some(byte) = self.ahead.get(self.compared) {
            self.compared += 1;
            return Ok(Some(*byte));
        }
        let Some(byte) = self.answer.peek()?.filter(|byte| !is_space(*byte)) else { return Ok(None) };
        self.answer.take(byte);
        self.expected.extend(&[byte]);
        Ok(Some(byte))
    }

    /// The output's token has ended, or no more of it matters.
    fn end_token(&mut self) -> Result<(), CheckError> {
        let got = self.got.clone();
        match self.state {
            State::Text { same } => {
                if same && self.next_answer_byte()?.is_none() {
                    self.state = State::Between;
                } else {
                    let expected = self.expected_excerpt()?;
                    self.reject(RejectionReason::Token { expected, got });
                }
            }
            State::Number { answer, fits } => {
                let value = self.options.float_grammar.number(&self.number).filter(|_| fits);
                let expected = Excerpt::of(&self.ahead);
                match value {
                    None => self.reject(RejectionReason::NotANumber { expected, got }),
                    Some(value) if !self.options.within_tolerance(&answer, &value) => {
                        let difference = answer.difference(&value);
                        self.reject(RejectionReason::Number { expected, got, difference });
                    }
                    Some(_) => self.state = State::Between,
                }
            }
            State::Trailing => self.reject(RejectionReason::Trailing { got }),
            State::Between | State::Rejected(_) => {}
        }
        Ok(())
    }

    /// The output has ended between two tokens: the answer must have, too.
    fn end_output(&mut self) -> Result<(), CheckError> {
        if !self.pass_answer_space()? {
            return Ok(());
        }
        if self.answer.peek()?.is_some() {
            self.answer_line = self.answer.line;
            self.token += 1;
            self.forget_token();
            let expected = self.expected_excerpt()?;
            self.reject(RejectionReason::Missing { expected });
        }
        Ok(())
    }

    /// The answer's token as far as a message shows it, reading on where the comparison stopped.
    fn expected_excerpt(&mut self) -> Result<Excerpt, CheckError> {
        if self.ahead.is_empty() {
            let mut more = Vec::new();
            self.answer.read_token(&mut more, MAX_EXCERPT + 1)?;
            self.expected.extend(&more);
            return Ok(self.expected.clone());
        }
        Ok(Excerpt::of(&self.ahead))
    }

    fn reject(&mut self, reason: RejectionReason) {
        self.state = State::Rejected(Rejection {
            token: self.token,
            output_line: self.output_line,
            answer_line: self.answer_line,
            reason,
        });
    }

    /// Rejects before the next token.
    fn reject_between(&mut self, reason: RejectionReason) {
        self.token += 1;
        self.answer_line = self.answer.line;
        self.reject(reason);
    }

    fn rejection(&self) -> Option<Rejection> {
        match &self.state {
            State::Rejected(rejection) => Some(rejection.clone()),
            _ => None,
        }
    }
}
