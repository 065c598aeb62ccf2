//! The work asked for, checked.

use bytes::Bytes;
use gavel_model::{Checker, FileIo, MAX_TEST_NAME, is_tolerance};

use super::reference::{Reference, ReferenceError};
use super::refusal::{Field, Refusal};
use super::request::{RequestedTest, RequestedWork};
use crate::settings::ApiConfig;

/// Work that may be done.
pub enum CheckedWork {
    /// It comes with the request.
    Inline(InlineWork),
    /// By a stored problem, not yet looked up.
    Problem { reference: Reference, all_tests: bool },
}

/// Work that comes with the request, its bytes not yet packed.
pub enum InlineWork {
    Run { stdin: Bytes, expected_output: Option<Bytes>, checker: Checker, file_io: FileIo },
    Tests { tests: Vec<CheckedTest>, checker: Checker, all_tests: bool, file_io: FileIo },
}

pub struct CheckedTest {
    pub name: String,
    pub input: Bytes,
    pub answer: Bytes,
}

pub fn check_work(work: RequestedWork, config: &ApiConfig) -> Result<CheckedWork, Refusal> {
    match work {
        RequestedWork::Run { stdin, expected_output, checker, file_io } => {
            check_input(Field::Stdin, &stdin, config)?;
            if let Some(expected) = &expected_output {
                check_input(Field::ExpectedOutput, expected, config)?;
            }
            check_checker(&checker)?;
            check_file_io(&file_io)?;
            Ok(CheckedWork::Inline(InlineWork::Run { stdin, expected_output, checker, file_io }))
        }
        RequestedWork::Tests { tests, checker, all_tests, file_io } => {
            check_checker(&checker)?;
            check_file_io(&file_io)?;
            let tests = check_tests(tests, config)?;
            Ok(CheckedWork::Inline(InlineWork::Tests { tests, checker, all_tests, file_io }))
        }
        RequestedWork::Problem { problem, all_tests } => {
            let reference = Reference::parse(&problem).map_err(|error| match error {
                ReferenceError::Id => Refusal::UnknownProblem(reference_id(&problem).to_owned()),
                ReferenceError::Version => Refusal::VersionForm(problem),
            })?;
            Ok(CheckedWork::Problem { reference, all_tests })
        }
    }
}

fn reference_id(problem: &str) -> &str {
    problem.split_once('@').map_or(problem, |(id, _)| id)
}

fn check_tests(tests: Vec<RequestedTest>, config: &ApiConfig) -> Result<Vec<CheckedTest>, Refusal> {
    if tests.is_empty() {
        return Err(Refusal::Empty(Field::Tests));
    }
    if tests.len() > config.max_tests {
        return Err(Refusal::too_many_entries(Field::Tests, tests.len(), config.max_tests));
    }
    let mut checked = Vec::with_capacity(tests.len());
    for (k, RequestedTest { name, input, answer }) in tests.into_iter().enumerate() {
        check_input(Field::TestInput(k), &input, config)?;
        check_input(Field::TestAnswer(k), &answer, config)?;
        let name = match name {
            Some(name) => check_name(k, name)?,
            None => (k + 1).to_string(),
        };
        checked.push(CheckedTest { name, input, answer });
    }
    Ok(checked)
}

fn check_name(k: usize, name: String) -> Result<String, Refusal> {
    let field = Field::TestName(k);
    if name.len() as u64 > MAX_TEST_NAME {
        return Err(Refusal::too_many_bytes(field, name.len() as u64, MAX_TEST_NAME));
    }
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Refusal::TestName(field));
    }
    Ok(name)
}

fn check_input(field: Field, bytes: &Bytes, config: &ApiConfig) -> Result<(), Refusal> {
    let (size, max) = (bytes.len() as u64, config.max_input_kb.saturating_mul(1024));
    if size > max { Err(Refusal::too_many_bytes(field, size, max)) } else { Ok(()) }
}

fn check_file_io(file_io: &FileIo) -> Result<(), Refusal> {
    match file_io.shared() {
        Some(name) => Err(Refusal::SameName { field: Field::OutputFile, name: name.as_str().to_owned() }),
        None => Ok(()),
    }
}

fn check_checker(checker: &Checker) -> Result<(), Refusal> {
    let Checker::Tokens(options) = checker else { return Ok(()) };
    check_tolerance("float_absolute_tolerance", options.float_absolute_tolerance)?;
    check_tolerance("float_relative_tolerance", options.float_relative_tolerance)
}

/// A tolerance is 0 or more.
///
/// # Errors
/// When it is something else.
pub fn check_tolerance(option: &'static str, tolerance: Option<f64>) -> Result<(), Refusal> {
    match tolerance {
        Some(value) if !is_tolerance(value) => {
            Err(Refusal::Tolerance { field: Field::CheckerOption(option), value })
        }
        _ => Ok(()),
    }
}
