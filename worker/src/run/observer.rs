//! Watching a program's output go by: never held as a whole.

use std::fs::File;
use std::io::{Read, Write as _};

use gavel_problem::checker::{CheckOutcome, TokenChecker};

use super::plan::{Answer, CheckBy};
use crate::fault::Fault;
use crate::sandbox::{Head, Sink};

/// How much of standard error is looked at for a runtime's own out-of-memory message.
pub(crate) const STDERR_KEPT: usize = 64 * 1024;

/// Takes what one test's program writes.
pub(crate) struct Observer {
    pub(crate) out: Head,
    pub(crate) err: Head,
    checker: Option<TokenChecker<Box<dyn Read + Send>>>,
    spool: Option<File>,
    fault: Option<Fault>,
}

impl Observer {
    /// Keeps the first `show` bytes of standard output, compares all of it as `check` says, and writes all of it to
    /// `spool`.
    pub(crate) fn new(check: &CheckBy, show: usize, spool: Option<File>) -> Result<Self, Fault> {
        let checker = match check {
            CheckBy::Nothing | CheckBy::Validators { .. } => None,
            CheckBy::Tokens { answer, options } => Some(TokenChecker::new(open(answer)?, *options)),
        };
        Ok(Self { out: Head::new(show), err: Head::new(STDERR_KEPT.max(show)), checker, spool, fault: None })
    }

    /// What the checker says of the whole output: nothing when it is right.
    pub(crate) fn rejection(&mut self) -> Result<Option<String>, Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let Some(checker) = self.checker.take() else { return Ok(None) };
        match checker.finish()? {
            CheckOutcome::Accepted => Ok(None),
            CheckOutcome::Rejected(rejection) => Ok(Some(rejection.to_string())),
        }
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
        if let Some(checker) = &mut self.checker
            && let Err(error) = checker.push(bytes)
        {
            self.fault.get_or_insert(error.into());
        }
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.err.push(bytes);
    }
}

fn open(answer: &Answer) -> Result<Box<dyn Read + Send>, Fault> {
    answer.open().map_err(|source| Fault::File { what: "an answer cannot be opened".to_owned(), source })
}
