//! `checker` and `interactive`: who judges.

use std::path::Path;

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::super::files::Folder;
use super::super::limits::Limits;
use super::super::load::LoadOptions;
use super::super::manifest::{NOTHING, TestCase, Validation, ValidatorProtocol};
use super::super::program::{Named, program};
use super::super::text::TextNotes;
use super::super::yaml::{Node, Value};
use super::FILE;
use super::bridged::{Bridged, bridged};
use super::cases::StatedTest;
use super::compared::{comparison, standard};
use super::python::{arguments, json};
use crate::checker::Comparison;

/// Who judges, and the tests as they judge them.
pub(super) struct Judges {
    pub validation: Validation,
    pub tests: Vec<TestCase>,
    pub interactive: bool,
    pub limits: Limits,
}

/// What a `checker` is.
enum Checker<'a> {
    Compares(Comparison),
    Bridged(&'a Node),
    /// The file, and its arguments.
    Python(String, Option<&'a Node>),
}

/// The program that judges all tests.
enum Judge<'a> {
    Bridged(&'a Node),
    Python(String),
}

impl Judge<'_> {
    /// Whether both are the same program, wherever it is named.
    fn is(&self, other: &Self) -> bool {
        let once =
            matches!((self, other), (Self::Bridged(one), Self::Bridged(two)) if std::ptr::eq(*one, *two));
        once || self.key() == other.key()
    }

    fn key(&self) -> String {
        match self {
            Self::Bridged(node) => json(node, 0),
            Self::Python(file) => file.clone(),
        }
    }
}

/// Reads `interactive` and the tests' checkers.
pub(super) fn judges(
    root: &Path,
    files: &Folder,
    interactive: Option<(u32, &Node)>,
    stated: Vec<StatedTest<'_>>,
    mut limits: Limits,
    options: &LoadOptions,
    report: &mut Report,
) -> Option<Judges> {
    if let Some((line, node)) = interactive {
        let line = Some(line);
        if stated.iter().any(|test| test.checker.is_some()) {
            report.warning(FILE, line, "checker is not used: the interactor judges");
        }
        let bridge = bridged(root, files, Bridged { node, what: "interactive", line }, options, report)?;
        bridge.limit(&mut limits);
        let validation = bridge.validation();
        let nothing = vec![(None, Vec::new()); stated.len()];
        let tests = placed(root, stated, nothing, false, report);
        return Some(Judges { validation, tests, interactive: true, limits });
    }
    let mut said = Vec::with_capacity(stated.len());
    let mut judge: Option<(Judge<'_>, u32)> = None;
    let mut mixed = false;
    for test in &stated {
        let found = match checker(test, report)? {
            Checker::Compares(comparison) => {
                said.push((Some(comparison), Vec::new()));
                continue;
            }
            Checker::Bridged(node) => {
                said.push((None, Vec::new()));
                Judge::Bridged(node)
            }
            Checker::Python(file, args) => {
                let base = file.rsplit('/').next().unwrap_or(&file);
                said.push((None, arguments(test, args, base, report)?));
                Judge::Python(file)
            }
        };
        mixed |= judge.as_ref().is_some_and(|(other, _)| !other.is(&found));
        judge = Some((found, test.checker.map_or(test.line, |node| node.line)));
    }
    mixed |= judge.is_some() && said.iter().any(|(comparison, _)| comparison.is_some());
    if mixed {
        let message = "checker: tests with different checkers are supported only where none is a program";
        report.error(FILE, None, message);
        return None;
    }
    let needs_output = judge.is_none();
    let validation = match judge {
        None => Validation::Default,
        Some((Judge::Bridged(node), line)) => {
            let about = Bridged { node, what: "checker", line: Some(line) };
            let bridge = bridged(root, files, about, options, report)?;
            bridge.limit(&mut limits);
            bridge.validation()
        }
        Some((Judge::Python(file), line)) => {
            let named = Named {
                what: "checker",
                sources: &[file],
                language: Some("python"),
                protocol: ValidatorProtocol::PythonCheck,
                file: FILE,
                line: Some(line),
            };
            let program = program(root, files, &named, &options.languages, report)?;
            Validation::Custom { programs: vec![program], score: true }
        }
    };
    let tests = placed(root, stated, said, needs_output, report);
    Some(Judges { validation, tests, interactive: false, limits })
}

fn placed(
    root: &Path,
    stated: Vec<StatedTest<'_>>,
    said: Vec<(Option<Comparison>, Vec<String>)>,
    needs_output: bool,
    report: &mut Report,
) -> Vec<TestCase> {
    let mut notes = TextNotes::default();
    let mut tests = Vec::with_capacity(stated.len());
    for (index, (test, (checker, validator_args))) in stated.into_iter().zip(said).enumerate() {
        if needs_output && test.output.is_none() {
            report.error(FILE, Some(test.line), format!("test {}: out is missing", index + 1));
        }
        let input = test.input.unwrap_or_else(|| NOTHING.to_owned());
        let answer = test.output.unwrap_or_else(|| NOTHING.to_owned());
        notes.note(root, &input, &answer, false, report);
        tests.push(TestCase {
            name: test.name,
            input,
            answer,
            files: Vec::new(),
            args: Vec::new(),
            validator_args,
            input_args: Vec::new(),
            checker,
        });
    }
    notes.finish(report);
    tests
}

/// A name, or a map of `name` and `args`.
fn checker<'a>(test: &StatedTest<'a>, report: &mut Report) -> Option<Checker<'a>> {
    let Some(node) = test.checker else { return Some(Checker::Compares(standard())) };
    let (name, args) = match &node.value {
        Value::Mapping(_) => {
            let mut fields = Fields::of(FILE, "checker.", Some(node), report);
            let name = fields.text("name", report).map(str::to_owned);
            let args = fields.take("args");
            fields.finish(report);
            (name, args)
        }
        _ => (node.as_text().map(str::to_owned), None),
    };
    let Some(name) = name else {
        report.error(FILE, Some(node.line), "checker must be a name, or a map of name and args");
        return None;
    };
    if name == "bridged" {
        return args.map(Checker::Bridged).or_else(|| {
            report.error(FILE, Some(node.line), "checker.args is missing: files of a bridged checker");
            None
        });
    }
    if name.ends_with(".py") {
        return Some(Checker::Python(name, args));
    }
    let mut args = Fields::of(FILE, "checker.args.", args, report);
    let comparison = comparison(&name, test.binary, &mut args, node.line, report);
    args.finish(report);
    comparison.map(Checker::Compares)
}
