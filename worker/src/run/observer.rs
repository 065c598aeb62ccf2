//! Watching a program's output go by: never held as a whole.

use std::fs::File;
use std::io::{Read, Write as _};

use gavel_problem::checker::Comparer;

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
    /// The output held against the answer as it goes by.
    comparer: Option<Comparer<Box<dyn Read + Send>>>,
    spool: Option<File>,
    fault: Option<Fault>,
}

impl Observer {
    /// Keeps the first `show` bytes of standard output, compares all of it as `check` says, and writes all of it to
    /// `spool`.
    pub(crate) fn new(check: &CheckBy, show: usize, spool: Option<File>) -> Result<Self, Fault> {
        let comparer = match check {
            CheckBy::Nothing | CheckBy::Validators { .. } => None,
            CheckBy::Compared { answer, comparison } => Some(Comparer::new(open(answer)?, *comparison)?),
        };
        Ok(Self {
            out: Head::new(show),
            err: Head::new(show),
            last: Tail::new(LAST_WORDS),
            comparer,
            spool,
            fault: None,
        })
    }

    /// What the checker says of the whole output: nothing when it is right.
    pub(crate) fn rejection(&mut self) -> Result<Option<String>, Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let Some(comparer) = self.comparer.take() else { return Ok(None) };
        Ok(comparer.finish()?)
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
        if let Some(comparer) = &mut self.comparer
            && let Err(error) = comparer.push(bytes)
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
