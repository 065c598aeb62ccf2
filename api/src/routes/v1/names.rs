//! What this door calls the parts of a request.

use crate::intake::Field;

/// The path of a field in `POST /api/v1/submissions`.
pub fn name(field: &Field) -> Option<String> {
    Some(match field {
        Field::Language => "language".to_owned(),
        Field::Source => "source".to_owned(),
        Field::Files => "files".to_owned(),
        Field::FileName(k) => format!("files[{k}].name"),
        Field::FileContent(k) => format!("files[{k}].content"),
        Field::Args => "args".to_owned(),
        Field::Arg(k) => format!("args[{k}]"),
        Field::CompilerOption(k) => format!("compiler_options[{k}]"),
        Field::Limits => "limits".to_owned(),
        Field::Limit(limit) => format!("limits.{limit}"),
        Field::Work => "work".to_owned(),
        Field::WorkKind => "work.kind".to_owned(),
        Field::Stdin => "work.stdin".to_owned(),
        Field::ExpectedOutput => "work.expected_output".to_owned(),
        Field::InputFile => "work.input_file".to_owned(),
        Field::OutputFile => "work.output_file".to_owned(),
        Field::Tests => "work.tests".to_owned(),
        Field::TestName(k) => format!("work.tests[{k}].name"),
        Field::TestInput(k) => format!("work.tests[{k}].input"),
        Field::TestAnswer(k) => format!("work.tests[{k}].answer"),
        Field::AllTests => "work.all_tests".to_owned(),
        Field::Checker => "work.checker".to_owned(),
        Field::CheckerKind => "work.checker.kind".to_owned(),
        Field::CheckerOption(option) => format!("work.checker.{option}"),
        Field::Problem => "work.problem".to_owned(),
        Field::IfUnavailable => "if_unavailable".to_owned(),
        Field::CallbackUrl => "callback_url".to_owned(),
        Field::Data(of) => format!("{}.data", name(of)?),
    })
}
