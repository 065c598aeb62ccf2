//! What is to be run, whatever it came from.

use std::io::Read;
use std::path::PathBuf;

use bytes::{Buf as _, Bytes};
use gavel_model::Checker;
use gavel_problem::FileIo;
use gavel_problem::checker::CheckerOptions;

use crate::sandbox::Input;

/// One test to run.
#[derive(Clone, Debug)]
pub struct TestSpec {
    /// Its name in the result.
    pub name: String,
    /// The group it belongs to.
    pub group: Option<String>,
    /// Standard input, or what is in the file that stands for it.
    pub input: Input,
    /// The files that stand for standard input and output.
    pub file_io: FileIo,
    /// Arguments of the program, after the submission's own.
    pub args: Vec<String>,
    /// Files in its working directory: place there, and place on the worker.
    pub files: Vec<(String, PathBuf)>,
    /// How its output is judged.
    pub check: CheckBy,
}

/// How an output is judged.
#[derive(Clone, Debug)]
pub enum CheckBy {
    /// It is not: a run that ends well is accepted.
    Nothing,
    /// Token by token.
    Tokens {
        /// The right output.
        answer: Answer,
        /// What counts as the same.
        options: CheckerOptions,
    },
    /// Byte by byte.
    Exact {
        /// The right output.
        answer: Answer,
    },
    /// Line by line, without white space at the end of a line and of the whole.
    Lines {
        /// The right output.
        answer: Answer,
    },
    /// By the problem's own validators.
    Validators {
        /// What they are given as the answer.
        answer: PathBuf,
        /// Their further arguments.
        flags: Vec<String>,
    },
}

impl CheckBy {
    /// How a submission that brings the answer wants it compared.
    #[must_use]
    pub fn answer(answer: Answer, checker: Checker) -> Self {
        match checker {
            Checker::Tokens(options) => Self::Tokens { answer, options },
            Checker::Exact => Self::Exact { answer },
            Checker::Lines => Self::Lines { answer },
            Checker::Nothing => Self::Nothing,
        }
    }
}

/// A right output.
#[derive(Clone, Debug)]
pub enum Answer {
    /// In memory.
    Bytes(Bytes),
    /// In a file of the worker.
    File(PathBuf),
}

impl Answer {
    /// Opens it for reading.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(&self) -> std::io::Result<Box<dyn Read + Send>> {
        match self {
            Self::Bytes(bytes) => Ok(Box::new(bytes.clone().reader())),
            Self::File(path) => Ok(Box::new(std::fs::File::open(path)?)),
        }
    }
}
