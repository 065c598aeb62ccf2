//! Why an output is wrong, in words a judge can use.

use std::fmt;

/// The most bytes of a token that a message shows.
pub const MAX_EXCERPT: usize = 64;

/// The beginning of a token, kept for a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    bytes: Vec<u8>,
    truncated: bool,
}

impl Excerpt {
    /// The first [`MAX_EXCERPT`] bytes of `token`.
    #[must_use]
    pub fn of(token: &[u8]) -> Self {
        let mut excerpt = Self::default();
        excerpt.extend(token);
        excerpt
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let room = MAX_EXCERPT - self.bytes.len();
        self.truncated |= bytes.len() > room;
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.truncated = false;
    }

    pub(super) fn is_full(&self) -> bool {
        self.truncated
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}{}\"", self.bytes.escape_ascii(), if self.truncated { "..." } else { "" })
    }
}

/// Where and why the output was rejected.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// The token of the output, counted from 1.
    pub token: u64,
    /// The line of the output, counted from 1.
    pub output_line: u64,
    /// The line of the answer, counted from 1.
    pub answer_line: u64,
    /// What is wrong there.
    pub reason: RejectionReason,
}

/// What is wrong with an output.
#[derive(Clone, Debug, PartialEq)]
pub enum RejectionReason {
    /// The tokens differ as strings.
    Token {
        /// The answer's token.
        expected: Excerpt,
        /// The output's token.
        got: Excerpt,
    },
    /// The answer has a number here, the output has none.
    NotANumber {
        /// The answer's token.
        expected: Excerpt,
        /// The output's token.
        got: Excerpt,
    },
    /// Both are numbers, too far apart.
    Number {
        /// The answer's token.
        expected: Excerpt,
        /// The output's token.
        got: Excerpt,
        /// Output minus answer.
        difference: f64,
    },
    /// White space differs (`space_change_sensitive`); `None` is the end or the beginning of a token.
    Space {
        /// The answer's white space byte.
        expected: Option<u8>,
        /// The output's white space byte.
        got: Option<u8>,
    },
    /// The output ended where the answer goes on.
    Missing {
        /// The answer's next token.
        expected: Excerpt,
    },
    /// The output goes on where the answer ended.
    Trailing {
        /// The output's next token.
        got: Excerpt,
    },
}

impl RejectionReason {
    /// A fixed word for this kind of mistake.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Token { .. } => "token",
            Self::NotANumber { .. } => "not_a_number",
            Self::Number { .. } => "number",
            Self::Space { .. } => "space",
            Self::Missing { .. } => "missing",
            Self::Trailing { .. } => "trailing",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token {} on line {} of the output", self.token, self.output_line)?;
        write!(f, " (line {} of the answer): {}", self.answer_line, self.reason)
    }
}

impl fmt::Display for RejectionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token { expected, got } => write!(f, "expected {expected}, got {got}"),
            Self::NotANumber { expected, got } => {
                write!(f, "expected a number near {expected}, got {got}, which is no number")
            }
            Self::Number { expected, got, difference } => {
                write!(f, "expected {expected}, got {got}: too far apart, by {difference:e}")
            }
            Self::Space { expected, got } => {
                write!(f, "expected {}, got {}", NamedSpace(*expected), NamedSpace(*got))
            }
            Self::Missing { expected } => write!(f, "expected {expected}, but the output ended"),
            Self::Trailing { got } => write!(f, "expected the end, got {got}"),
        }
    }
}

struct NamedSpace(Option<u8>);

impl fmt::Display for NamedSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("no white space"),
            Some(b' ') => f.write_str("a space"),
            Some(b'\n') => f.write_str("a line feed"),
            Some(b'\r') => f.write_str("a carriage return"),
            Some(b'\t') => f.write_str("a tab"),
            Some(0x0b) => f.write_str("a vertical tab"),
            Some(0x0c) => f.write_str("a form feed"),
            Some(byte) => write!(f, "byte {byte:#04x}"),
        }
    }
}
