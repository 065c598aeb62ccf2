//! `work`, as it is read: every field of every kind side by side, so that fields of no kind are seen at every depth.

use gavel_model::{Checker, FileIo, IoFile};
use serde::Deserialize;
use utoipa::ToSchema;

use super::checker::CheckerBody;
use super::request::read_bytes;
use crate::http::bytes::BytesBody;
use crate::http::object::Object;
use crate::intake::{Company, Field, Refusal, RequestedTest, RequestedWork};

/// `super::described::WorkRequest` tells which fields go together.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct WorkBody {
    kind: Option<WorkKind>,
    stdin: Option<BytesBody>,
    expected_output: Option<BytesBody>,
    tests: Option<Vec<Object<TestRequest>>>,
    checker: Option<Object<CheckerBody>>,
    input_file: Option<String>,
    output_file: Option<String>,
    all_tests: Option<bool>,
    problem: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WorkKind {
    Run,
    Tests,
    Problem,
}

/// One input with its answer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TestRequest {
    /// What results call it; without it, its place in the list, from 1.
    name: Option<String>,
    /// Standard input.
    #[schema(value_type = BytesBody)]
    input: Option<BytesBody>,
    /// The right output.
    #[schema(value_type = BytesBody)]
    answer: Option<BytesBody>,
}

impl WorkBody {
    /// What is to be done.
    ///
    /// # Errors
    /// When something that is needed is missing, or does not go with the kind.
    pub fn read(self) -> Result<RequestedWork, Refusal> {
        let kind = self.kind.ok_or(Refusal::Missing(Field::WorkKind))?;
        self.refuse_others(kind)?;
        match kind {
            WorkKind::Run => self.run(),
            WorkKind::Tests => self.tests(),
            WorkKind::Problem => {
                let problem = self.problem.ok_or(Refusal::Missing(Field::Problem))?;
                Ok(RequestedWork::Problem { problem, all_tests: self.all_tests.unwrap_or_default() })
            }
        }
    }

    fn refuse_others(&self, kind: WorkKind) -> Result<(), Refusal> {
        let fields = [
            (self.stdin.is_some(), Field::Stdin, matches!(kind, WorkKind::Run)),
            (self.expected_output.is_some(), Field::ExpectedOutput, matches!(kind, WorkKind::Run)),
            (self.tests.is_some(), Field::Tests, matches!(kind, WorkKind::Tests)),
            (self.checker.is_some(), Field::Checker, matches!(kind, WorkKind::Run | WorkKind::Tests)),
            (self.input_file.is_some(), Field::InputFile, matches!(kind, WorkKind::Run | WorkKind::Tests)),
            (self.output_file.is_some(), Field::OutputFile, matches!(kind, WorkKind::Run | WorkKind::Tests)),
            (self.all_tests.is_some(), Field::AllTests, matches!(kind, WorkKind::Tests | WorkKind::Problem)),
            (self.problem.is_some(), Field::Problem, matches!(kind, WorkKind::Problem)),
        ];
        match fields.into_iter().find(|(given, _, fits)| *given && !fits) {
            Some((_, field, _)) => Err(Refusal::Misplaced(field, Company::Work(kind.as_str()))),
            None => Ok(()),
        }
    }

    fn run(self) -> Result<RequestedWork, Refusal> {
        if self.checker.is_some() && self.expected_output.is_none() {
            return Err(Refusal::Misplaced(Field::Checker, Company::NoExpectedOutput));
        }
        let read = |body: Option<BytesBody>, field| body.map(|body| read_bytes(body, field)).transpose();
        Ok(RequestedWork::Run {
            stdin: read(self.stdin, Field::Stdin)?.unwrap_or_default(),
            expected_output: read(self.expected_output, Field::ExpectedOutput)?,
            checker: checker(self.checker)?,
            file_io: file_io(self.input_file, self.output_file)?,
        })
    }

    fn tests(self) -> Result<RequestedWork, Refusal> {
        let tests = self.tests.ok_or(Refusal::Missing(Field::Tests))?;
        let tests = tests.into_iter().enumerate().map(|(k, Object(test))| test.read(k));
        Ok(RequestedWork::Tests {
            tests: tests.collect::<Result<_, _>>()?,
            checker: checker(self.checker)?,
            all_tests: self.all_tests.unwrap_or_default(),
            file_io: file_io(self.input_file, self.output_file)?,
        })
    }
}

fn checker(body: Option<Object<CheckerBody>>) -> Result<Checker, Refusal> {
    body.map_or_else(|| Ok(Checker::default()), |Object(body)| body.read())
}

fn file_io(input: Option<String>, output: Option<String>) -> Result<FileIo, Refusal> {
    let read = |name: Option<String>, field| {
        name.map(|name| IoFile::try_from(name).map_err(|error| Refusal::IoFile(field, error))).transpose()
    };
    Ok(FileIo {
        input_file: read(input, Field::InputFile)?,
        output_file: read(output, Field::OutputFile)?,
        ..FileIo::default()
    })
}

impl WorkKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Tests => "tests",
            Self::Problem => "problem",
        }
    }
}

impl TestRequest {
    fn read(self, k: usize) -> Result<RequestedTest, Refusal> {
        let read = |body: Option<BytesBody>, field: Field| match body {
            Some(body) => read_bytes(body, field),
            None => Err(Refusal::Missing(field)),
        };
        Ok(RequestedTest {
            name: self.name,
            input: read(self.input, Field::TestInput(k))?,
            answer: read(self.answer, Field::TestAnswer(k))?,
        })
    }
}
