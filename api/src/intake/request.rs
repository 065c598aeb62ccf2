//! Work as it is asked for, before anything of it is checked.

use bytes::Bytes;
use gavel_model::{Checker, DoorNote, FileIo, Lane, LimitsRequest};

use crate::settings::IfUnavailable;

/// A program and what to do with it.
#[derive(Clone, Debug)]
pub struct Request {
    /// An id or alias; without it a file's extension tells.
    pub language: Option<String>,
    /// The program.
    pub program: RequestedProgram,
    /// Its arguments.
    pub args: Vec<String>,
    /// Words for the compiler's command line.
    pub compiler_options: Vec<String>,
    /// The queue it goes to.
    pub lane: Lane,
    /// Limits of each run, as far as they are stated.
    pub limits: LimitsRequest,
    /// What to do with the program.
    pub work: RequestedWork,
    /// Whether the result carries what the program printed, also for `tests` and `problem` work.
    pub stdout: bool,
    /// Where the client wants to be called when it is final.
    pub callback_url: Option<String>,
    /// What to do where no worker takes its language now; as the settings say, if it does not.
    pub if_unavailable: Option<IfUnavailable>,
    /// What the door has to remember of it.
    pub note: Option<DoorNote>,
}

/// A program as it is handed in.
#[derive(Clone, Debug)]
pub enum RequestedProgram {
    /// One text, which gets the language's own file name.
    Text(Bytes),
    /// Files by name; the first is the entry.
    Files(Vec<(String, Bytes)>),
}

/// What to do with a program.
#[derive(Clone, Debug)]
pub enum RequestedWork {
    /// One run with one standard input; the output is compared where there is something to compare it with.
    Run {
        /// Standard input.
        stdin: Bytes,
        /// The right output.
        expected_output: Option<Bytes>,
        /// How it is compared.
        checker: Checker,
        /// The files that stand for standard input and output.
        file_io: FileIo,
    },
    /// Tests that come with it.
    Tests {
        /// The tests, in order.
        tests: Vec<RequestedTest>,
        /// How outputs are compared.
        checker: Checker,
        /// Judge on after the first failure.
        all_tests: bool,
        /// The files that stand for standard input and output.
        file_io: FileIo,
    },
    /// A stored problem.
    Problem {
        /// `id`, or `id@sha256`.
        problem: String,
        /// Judge on after the first failure.
        all_tests: bool,
    },
}

/// One input with its answer.
#[derive(Clone, Debug)]
pub struct RequestedTest {
    /// What results call it; without it, its place in the list, from 1.
    pub name: Option<String>,
    /// Standard input.
    pub input: Bytes,
    /// The right output.
    pub answer: Bytes,
}

impl Request {
    /// A program that is run once with empty input, with nothing stated that need not be.
    #[must_use]
    pub fn new(program: RequestedProgram) -> Self {
        Self {
            language: None,
            program,
            args: Vec::new(),
            compiler_options: Vec::new(),
            lane: Lane::Practice,
            limits: LimitsRequest::default(),
            work: RequestedWork::run(Bytes::new()),
            stdout: false,
            callback_url: None,
            if_unavailable: None,
            note: None,
        }
    }
}

impl RequestedWork {
    /// One run whose output is not compared.
    #[must_use]
    pub fn run(stdin: Bytes) -> Self {
        Self::Run { stdin, expected_output: None, checker: Checker::default(), file_io: FileIo::default() }
    }
}
