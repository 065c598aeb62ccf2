//! Watching a program's output go by: never held as a whole.

use std::fs::File;
use std::io::{Read, Write as _};

use gavel_problem::checker::{CheckError, CheckOutcome, ExactChecker, LinesChecker, TokenChecker};

use super::plan::{Answer, CheckBy};
use crate::fault::Fault;
use crate::sandbox::{Head, Sink, Tail};

/// How much of standard error's end is kept for a runtime's last words: a stack trace of Java has up to 1024 lines.
const LAST_WORDS: usize = 128 * 1024;

/// Takes what one test's program writes.
pub(crate) struct Observer {
    pub(crate) out: Head,
    pub(crate) err: Head,
    /// The end of standard error.
    pub(crate) last: Tail,
    comparison: Option<Comparison>,
    spool: Option<File>,
    fault: Option<Fault>,
}

/// The output held against the answer as it goes by.
enum Comparison {
    Tokens(Box<TokenChecker<Box<dyn Read + Send>>>),
    Exact(ExactChecker<Box<dyn Read + Send>>),
    Lines(LinesChecker<Box<dyn Read + Send>>),
}

impl Comparison {
    fn push(&mut self, bytes: &[u8]) -> Result<(), CheckError> {
        match self {
            Self::Tokens(checker) => checker.push(bytes).map(drop),
            Self::Exact(checker) => checker.push(bytes).map(drop),
            Self::Lines(checker) => checker.push(bytes).map(drop),
        }
    }

    /// What is wrong with the whole output.
    fn finish(self) -> Result<Option<String>, CheckError> {
        Ok(match self {
            Self::Tokens(checker) => match checker.finish()? {
                CheckOutcome::Accepted => None,
                CheckOutcome::Rejected(rejection) => Some(rejection.to_string()),
            },
            Self::Exact(checker) => checker.finish()?.map(|difference| difference.to_string()),
            Self::Lines(checker) => checker.finish()?.map(|difference| difference.to_string()),
        })
    }
}

impl Observer {
    /// Keeps the first `show` bytes of standard output, compares all of it as `check` says, and writes all of it to
    /// `spool`.
    pub(crate) fn new(check: &CheckBy, show: usize, spool: Option<File>) -> Result<Self, Fault> {
        let comparison = match check {
            CheckBy::Nothing | CheckBy::Validators { .. } => None,
            CheckBy::Tokens { answer, options } => {
                Some(Comparison::Tokens(Box::new(TokenChecker::new(open(answer)?, *options))))
            }
            CheckBy::Exact { answer } => Some(Comparison::Exact(ExactChecker::new(open(answer)?))),
            CheckBy::Lines { answer } => Some(Comparison::Lines(LinesChecker::new(open(answer)?)?)),
        };
        Ok(Self {
            out: Head::new(show),
            err: Head::new(show),
            last: Tail::new(LAST_WORDS),
            comparison,
            spool,
            fault: None,
        })
    }

    /// What the checker says of the whole output: nothing when it is right.
    pub(crate) fn rejection(&mut self) -> Result<Option<String>, Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let Some(comparison) = self.comparison.take() else { return Ok(None) };
        Ok(comparison.finish()?)
    }
}

impl Sink for Observer {
    fn stdout(&mut self, bytes: &[u8]) {
        self.out.push(bytes);
        if let Some(spool) = &mut self.spool
            && let Err(source) = spool.write_all(bytes)
        {
            self.fault.get_or_insert(Fault::File { what: "an output could not be kept".to_owned(), source });
        }
        if let Some(comparison) = &mut self.comparison
            && let Err(error) = comparison.push(bytes)
        {
            self.fault.get_or_insert(error.into());
        }
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.err.push(bytes);
        self.last.push(bytes);
    }
}

fn open(answer: &Answer) -> Result<Box<dyn Read + Send>, Fault> {
    answer.open().map_err(|source| Fault::File { what: "an answer cannot be opened".to_owned(), source })
}
