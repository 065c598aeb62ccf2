//! The work asked for, checked.

use crate::settings::ApiConfig;
use bytes::Bytes;
use gavel_problem::checker::CheckerOptions;

use super::request::{CheckerRequest, TestRequest, WorkRequest};
use crate::error::ApiError;
use crate::problems::Reference;

/// The longest name of a test, in bytes.
const MAX_TEST_NAME: u64 = 100;

/// Work that may be done.
pub enum CheckedWork {
    /// It comes with the request.
    Inline(InlineWork),
    /// By a stored problem, not yet looked up.
    Problem { reference: Reference, all_tests: bool },
}

/// Work that comes with the request, its bytes not yet packed.
pub enum InlineWork {
    Run { stdin: Bytes, expected_output: Option<Bytes> },
    Tests { tests: Vec<CheckedTest>, checker: CheckerOptions, all_tests: bool },
}

pub struct CheckedTest {
    pub name: String,
    pub input: Bytes,
    pub answer: Bytes,
}

pub fn check_work(work: WorkRequest, config: &ApiConfig) -> Result<CheckedWork, ApiError> {
    match work {
        WorkRequest::Run { stdin, expected_output } => {
            check_input("work.stdin", &stdin, config)?;
            if let Some(expected) = &expected_output {
                check_input("work.expected_output", expected, config)?;
            }
            let expected_output = expected_output.map(Bytes::from);
            Ok(CheckedWork::Inline(InlineWork::Run { stdin: stdin.into(), expected_output }))
        }
        WorkRequest::Tests { tests, checker: CheckerRequest::Tokens(checker), all_tests } => {
            check_checker(&checker)?;
            let tests = check_tests(tests, config)?;
            Ok(CheckedWork::Inline(InlineWork::Tests { tests, checker, all_tests }))
        }
        WorkRequest::Problem { problem, all_tests } => {
            let reference = Reference::parse(&problem, "work.problem")?;
            Ok(CheckedWork::Problem { reference, all_tests })
        }
    }
}

fn check_tests(tests: Vec<TestRequest>, config: &ApiConfig) -> Result<Vec<CheckedTest>, ApiError> {
    if tests.is_empty() {
        return Err(ApiError::invalid("work.tests", "work.tests is empty; one test at least is needed"));
    }
    if tests.len() > config.max_tests {
        let (count, max) = (tests.len() as u64, config.max_tests as u64);
        return Err(ApiError::too_large("work.tests", count, max, "entries"));
    }
    let mut checked = Vec::with_capacity(tests.len());
    for (k, TestRequest { name, input, answer }) in tests.into_iter().enumerate() {
        check_input(&format!("work.tests[{k}].input"), &input, config)?;
        check_input(&format!("work.tests[{k}].answer"), &answer, config)?;
        let name = match name {
            Some(name) => check_name(k, name)?,
            None => (k + 1).to_string(),
        };
        checked.push(CheckedTest { name, input: input.into(), answer: answer.into() });
    }
    Ok(checked)
}

fn check_name(k: usize, name: String) -> Result<String, ApiError> {
    let field = format!("work.tests[{k}].name");
    if name.len() as u64 > MAX_TEST_NAME {
        return Err(ApiError::too_large(field, name.len() as u64, MAX_TEST_NAME, "bytes"));
    }
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(ApiError::invalid(field, "a name is not empty and holds no control characters"));
    }
    Ok(name)
}

fn check_input(field: &str, text: &str, config: &ApiConfig) -> Result<(), ApiError> {
    let (size, max) = (text.len() as u64, config.max_input_kb.saturating_mul(1024));
    if size > max { Err(ApiError::too_large(field, size, max, "bytes")) } else { Ok(()) }
}

fn check_checker(checker: &CheckerOptions) -> Result<(), ApiError> {
    for (name, tolerance) in [
        ("float_absolute_tolerance", checker.float_absolute_tolerance),
        ("float_relative_tolerance", checker.float_relative_tolerance),
    ] {
        if let Some(value) = tolerance
            && !(value.is_finite() && value >= 0.0)
        {
            let field = format!("work.checker.{name}");
            return Err(ApiError::invalid(field, format!("{name} is {value}, it must be 0 or more")));
        }
    }
    Ok(())
}
