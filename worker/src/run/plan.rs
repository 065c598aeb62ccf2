//! What is to be run, whatever it came from.

use std::io::Read;
use std::path::PathBuf;

use bytes::{Buf as _, Bytes};
use gavel_model::Checker;
use gavel_problem::FileIo;
use gavel_problem::checker::Comparison;

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
    /// Against an answer.
    Compared {
        /// The right output.
        answer: Answer,
        /// What counts as the same.
        comparison: Comparison,
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
        let comparison = match checker {
            Checker::Tokens(options) => Comparison::Tokens(options),
            Checker::Exact => Comparison::Exact,
            Checker::Lines => Comparison::Lines,
            Checker::Nothing => return Self::Nothing,
        };
        Self::Compared { answer, comparison }
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
