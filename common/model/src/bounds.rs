//! How much a submission may be, whatever way it comes: over HTTP, or in a message of a platform that publishes itself.

use std::collections::BTreeSet;

use gavel_problem::FileIo;

use crate::checker::{Checker, is_tolerance};
use crate::payload::Payload;
use crate::source::{FileName, SourceFile};
use crate::submission::Submission;
use crate::work::{TestCase, Work};

/// The most arguments a program gets.
pub const MAX_ARGS: usize = 256;

/// The most bytes all arguments have together.
pub const MAX_ARGS_BYTES: u64 = 16 * 1024;

/// The longest name of a test, in bytes.
pub const MAX_TEST_NAME: u64 = 100;

/// The most words for the compiler.
const MAX_OPTIONS: usize = 64;

/// The longest of them, in bytes; of a language's name too.
const MAX_WORD: usize = 100;

/// How large a submission and its parts may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// All files of the program together, in bytes.
    pub source: u64,
    /// One input or answer, in bytes.
    pub input: u64,
    /// Everything together, in bytes.
    pub total: u64,
    /// How many files.
    pub files: usize,
    /// How many tests that come with it.
    pub tests: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { source: 512 << 10, input: 32 << 20, total: 64 << 20, files: 100, tests: 1_000 }
    }
}

/// A submission that no client of the API could have sent: what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfBounds {
    /// More of something than there may be.
    #[error("{what}: {found}, the maximum is {most}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much.
        found: u64,
        /// How much there may be.
        most: u64,
    },
    /// Nothing where there must be something.
    #[error("no {0}")]
    None(&'static str),
    /// Two files that cannot both be there.
    #[error("files: {0:?} is there twice, or as a file and a folder")]
    Files(String),
    /// A text that holds what it must not.
    #[error("{0} that cannot be")]
    Text(&'static str),
}

impl Bounds {
    /// Whether a client could have sent this.
    ///
    /// # Errors
    /// The first thing that is not within bounds.
    pub fn check(&self, submission: &Submission) -> Result<(), OutOfBounds> {
        let Submission { language, files, args, compiler_options, work, .. } = submission;
        at_most("bytes of the language's name", language.len() as u64, MAX_WORD as u64)?;
        at_most("compiler options", compiler_options.len() as u64, MAX_OPTIONS as u64)?;
        let longest = compiler_options.iter().map(String::len).max().unwrap_or_default();
        at_most("bytes of a compiler option", longest as u64, MAX_WORD as u64)?;
        check_args(args)?;
        let source = self.check_files(files)?;
        if let Work::Run { file_io, .. } | Work::Tests { file_io, .. } = work {
            check_file_io(file_io, files)?;
        }
        let work = self.check_work(work)?;
        at_most("bytes in all", source.saturating_add(work), self.total)
    }

    fn check_files(&self, files: &[SourceFile]) -> Result<u64, OutOfBounds> {
        if files.is_empty() {
            return Err(OutOfBounds::None("files"));
        }
        at_most("files", files.len() as u64, self.files as u64)?;
        if let Some(clash) = clash(files.iter().map(|file| &file.name)) {
            return Err(OutOfBounds::Files(clash.name().to_owned()));
        }
        let size = files.iter().map(|file| file.content.size()).fold(0, u64::saturating_add);
        at_most("bytes of source", size, self.source)?;
        Ok(size)
    }

    fn check_work(&self, work: &Work) -> Result<u64, OutOfBounds> {
        match work {
            Work::Run { stdin, expected_output, checker, .. } => {
                check_checker(checker)?;
                let payloads = std::iter::once(stdin).chain(expected_output);
                self.check_inputs(payloads)
            }
            Work::Tests { tests, checker, .. } => {
                check_checker(checker)?;
                if tests.is_empty() {
                    return Err(OutOfBounds::None("tests"));
                }
                at_most("tests", tests.len() as u64, self.tests as u64)?;
                for TestCase { name, .. } in tests {
                    at_most("bytes of a test's name", name.len() as u64, MAX_TEST_NAME)?;
                    if name.is_empty() || name.chars().any(char::is_control) {
                        return Err(OutOfBounds::Text("a test's name"));
                    }
                }
                self.check_inputs(tests.iter().flat_map(|test| [&test.input, &test.answer]))
            }
            Work::Problem { .. } => Ok(0),
        }
    }

    fn check_inputs<'a>(&self, payloads: impl Iterator<Item = &'a Payload>) -> Result<u64, OutOfBounds> {
        let mut total = 0_u64;
        for payload in payloads {
            at_most("bytes of an input or answer", payload.size(), self.input)?;
            total = total.saturating_add(payload.size());
        }
        Ok(total)
    }
}

/// A file for input or output is neither the other one nor one of the program's.
fn check_file_io(file_io: &FileIo, files: &[SourceFile]) -> Result<(), OutOfBounds> {
    let (input, output) = file_io.brought(|name| files.iter().any(|file| file.name.as_str() == name));
    match file_io.shared().or(input).or(output) {
        Some(name) => Err(OutOfBounds::Files(name.as_str().to_owned())),
        None => Ok(()),
    }
}

/// Two files of which one keeps the other from being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// The name of this file, by its place, is there before.
    Twice(usize, String),
    /// This file, by its place, wants a folder where there is a file.
    FileAndFolder(usize, String),
}

impl Clash {
    fn name(&self) -> &str {
        match self {
            Self::Twice(_, name) | Self::FileAndFolder(_, name) => name,
        }
    }
}

/// The first two files that cannot both be there.
pub fn clash<'a>(names: impl Iterator<Item = &'a FileName> + Clone) -> Option<Clash> {
    let mut taken = BTreeSet::new();
    for (k, name) in names.clone().enumerate() {
        if !taken.insert(name.as_str()) {
            return Some(Clash::Twice(k, name.to_string()));
        }
    }
    for (k, name) in names.enumerate() {
        let mut folders = name.as_str().match_indices('/').map(|(end, _)| &name.as_str()[..end]);
        if let Some(folder) = folders.find(|folder| taken.contains(folder)) {
            return Some(Clash::FileAndFolder(k, folder.to_owned()));
        }
    }
    None
}

fn check_args(args: &[String]) -> Result<(), OutOfBounds> {
    at_most("arguments", args.len() as u64, MAX_ARGS as u64)?;
    at_most("bytes of arguments", args.iter().map(|arg| arg.len() as u64).sum(), MAX_ARGS_BYTES)?;
    if args.iter().any(|arg| arg.contains('\0')) { Err(OutOfBounds::Text("an argument")) } else { Ok(()) }
}

fn check_checker(checker: &Checker) -> Result<(), OutOfBounds> {
    let Checker::Tokens(options) = checker else { return Ok(()) };
    let tolerances = [options.float_absolute_tolerance, options.float_relative_tolerance];
    if tolerances.into_iter().flatten().all(is_tolerance) {
        Ok(())
    } else {
        Err(OutOfBounds::Text("a tolerance"))
    }
}

fn at_most(what: &'static str, found: u64, most: u64) -> Result<(), OutOfBounds> {
    if found > most { Err(OutOfBounds::TooMuch { what, found, most }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CheckerOptions, Digest, Lane, Limits, SubmissionId};
    use test_case::test_case;

    fn submission() -> Submission {
        Submission {
            id: SubmissionId::new(),
            lane: Lane::Practice,
            language: "c".to_owned(),
            files: vec![file("main.c", 10)],
            args: Vec::new(),
            compiler_options: Vec::new(),
            limits: Limits::DEFAULT,
            address_space_mb: None,
            work: run(bytes(10), None, Checker::default()),
            stdout: false,
            note: None,
            traceparent: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn bytes(size: u64) -> Payload {
        Payload::Blob { sha256: Digest::of(b""), size }
    }

    fn file(name: &str, size: u64) -> SourceFile {
        SourceFile { name: name.to_owned().try_into().unwrap(), content: bytes(size) }
    }

    fn run(stdin: Payload, expected_output: Option<Payload>, checker: Checker) -> Work {
        Work::Run { stdin, expected_output, checker, file_io: FileIo::default() }
    }

    fn by_files(input: &str, output: &str) -> Work {
        let file = |name: &str| Some(name.to_owned().try_into().unwrap());
        let file_io = FileIo { input_file: file(input), output_file: file(output), ..FileIo::default() };
        Work::Run { stdin: bytes(0), expected_output: None, checker: Checker::default(), file_io }
    }

    fn tests(count: usize, name: &str, size: u64) -> Work {
        let test = TestCase { name: name.to_owned(), input: bytes(size), answer: bytes(size) };
        Work::Tests {
            tests: vec![test; count],
            checker: Checker::default(),
            all_tests: false,
            file_io: FileIo::default(),
        }
    }

    fn tolerance(value: f64) -> Work {
        let options = CheckerOptions { float_absolute_tolerance: Some(value), ..CheckerOptions::default() };
        run(bytes(0), Some(bytes(0)), Checker::Tokens(options))
    }

    #[test_case(|one| one.work = by_files("a", "a") => "files: \"a\" is there twice, or as a file and a folder"; "one file for input and output")]
    #[test_case(|one| one.work = by_files("a", "main.c") => "files: \"main.c\" is there twice, or as a file and a folder"; "the program is the output")]
    #[test_case(|one| one.files.clear() => "no files"; "no file")]
    #[test_case(|one| one.files = vec![file("a", 0); 101] => "files: 101, the maximum is 100"; "files")]
    #[test_case(|one| one.files = vec![file("a", 0), file("a", 0)] => "files: \"a\" is there twice, or as a file and a folder"; "twice")]
    #[test_case(|one| one.files = vec![file("a/b", 0), file("a", 0)] => "files: \"a\" is there twice, or as a file and a folder"; "folder")]
    #[test_case(|one| one.files = vec![file("a", 300 << 10), file("b", 300 << 10)] => "bytes of source: 614400, the maximum is 524288"; "source")]
    #[test_case(|one| one.files = vec![file("a", u64::MAX), file("b", u64::MAX)] => "bytes of source: 18446744073709551615, the maximum is 524288"; "overflow")]
    #[test_case(|one| one.args = vec![String::new(); 257] => "arguments: 257, the maximum is 256"; "arguments")]
    #[test_case(|one| one.args = vec!["x".repeat(20_000)] => "bytes of arguments: 20000, the maximum is 16384"; "long arguments")]
    #[test_case(|one| one.args = vec!["\0".to_owned()] => "an argument that cannot be"; "nul")]
    #[test_case(|one| one.compiler_options = vec![String::new(); 65] => "compiler options: 65, the maximum is 64"; "options")]
    #[test_case(|one| one.compiler_options = vec!["x".repeat(101)] => "bytes of a compiler option: 101, the maximum is 100"; "long option")]
    #[test_case(|one| one.language = "x".repeat(101) => "bytes of the language's name: 101, the maximum is 100"; "language")]
    #[test_case(|one| one.work = tests(0, "1", 0) => "no tests"; "no test")]
    #[test_case(|one| one.work = tests(1_001, "1", 0) => "tests: 1001, the maximum is 1000"; "tests")]
    #[test_case(|one| one.work = tests(1, "", 0) => "a test's name that cannot be"; "no name")]
    #[test_case(|one| one.work = tests(1, "a\nb", 0) => "a test's name that cannot be"; "a line end in a name")]
    #[test_case(|one| one.work = tests(1, &"x".repeat(101), 0) => "bytes of a test's name: 101, the maximum is 100"; "long name")]
    #[test_case(|one| one.work = tests(1, "1", (32 << 20) + 1) => "bytes of an input or answer: 33554433, the maximum is 33554432"; "input")]
    #[test_case(|one| one.work = tests(10, "1", 4 << 20) => "bytes in all: 83886090, the maximum is 67108864"; "in all")]
    #[test_case(|one| one.work = tolerance(-1.0) => "a tolerance that cannot be"; "a tolerance below nothing")]
    #[test_case(|one| one.work = tolerance(f64::NAN) => "a tolerance that cannot be"; "no number")]
    fn what_no_client_could_send_is_refused(change: fn(&mut Submission)) -> String {
        let mut one = submission();
        Bounds::default().check(&one).unwrap();
        change(&mut one);
        Bounds::default().check(&one).unwrap_err().to_string()
    }

    #[test]
    fn what_is_at_its_bounds_is_within() {
        let mut one = submission();
        one.files = (0..100).map(|k| file(&format!("{k}/a"), 5 << 10)).collect();
        one.args = vec!["x".repeat(64); 256];
        one.work = tests(1_000, &"x".repeat(100), 32 << 10);
        Bounds::default().check(&one).unwrap();
    }
}
