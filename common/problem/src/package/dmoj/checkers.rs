//! `checker` and `interactive`: who judges.

use std::path::Path;

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::super::files::Folder;
use super::super::limits::Limits;
use super::super::load::LoadOptions;
use super::super::manifest::{NOTHING, TestCase, Validation};
use super::super::text::TextNotes;
use super::super::yaml::{Node, Value};
use super::FILE;
use super::bridged::{Bridged, bridged};
use super::cases::StatedTest;
use crate::checker::{CheckerOptions, Comparison, FloatGrammar, Things};

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
}

/// Checkers that are there at DMOJ and not here.
const REFUSED: [(&str, &str); 4] = [
    (
        "linecount",
        "it gives points for every right line, also of programs that fail; make the lines tests of their own",
    ),
    ("linematches", "it gives points for every right line; make the lines tests of their own"),
    ("rstripped", "use standard, or identical"),
    ("wcmp", "use standard, or bring the checker and name it as bridged"),
];

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
        let tests = placed(root, stated, |_| None, false, report);
        return Some(Judges { validation, tests, interactive: true, limits });
    }
    let mut compared = Vec::with_capacity(stated.len());
    let mut program: Option<&Node> = None;
    let mut mixed = false;
    for test in &stated {
        match checker(test, report)? {
            Checker::Compares(comparison) => compared.push(Some(comparison)),
            Checker::Bridged(node) => {
                mixed |= program.is_some_and(|other| other.value != node.value);
                program = Some(node);
                compared.push(None);
            }
        }
    }
    mixed |= program.is_some() && compared.iter().any(Option::is_some);
    if mixed {
        let message = "checker: tests with different checkers are supported only where none is bridged";
        report.error(FILE, None, message);
        return None;
    }
    let validation = match program {
        None => Validation::Default,
        Some(node) => {
            let about = Bridged { node, what: "checker", line: Some(node.line) };
            let bridge = bridged(root, files, about, options, report)?;
            bridge.limit(&mut limits);
            bridge.validation()
        }
    };
    let needs_output = program.is_none();
    let tests = placed(root, stated, |index| compared.get(index).copied().flatten(), needs_output, report);
    Some(Judges { validation, tests, interactive: false, limits })
}

fn placed(
    root: &Path,
    stated: Vec<StatedTest<'_>>,
    checker: impl Fn(usize) -> Option<Comparison>,
    needs_output: bool,
    report: &mut Report,
) -> Vec<TestCase> {
    let mut notes = TextNotes::default();
    let mut tests = Vec::with_capacity(stated.len());
    for (index, test) in stated.into_iter().enumerate() {
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
            validator_args: Vec::new(),
            checker: checker(index),
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
    let mut args = Fields::of(FILE, "checker.args.", args, report);
    let comparison = comparison(&name, &mut args, node.line, report);
    args.finish(report);
    comparison.map(Checker::Compares)
}

fn comparison(name: &str, args: &mut Fields<'_>, line: u32, report: &mut Report) -> Option<Comparison> {
    let (mut absolute, mut relative) = (true, true);
    match name {
        "standard" => return Some(standard()),
        "easy" => return Some(Comparison::Unordered(Things::Bytes)),
        "unordered" => return Some(Comparison::Unordered(Things::Tokens)),
        "sorted" => {
            let words = [("lines", Things::Lines), ("whitespace", Things::Tokens)];
            let things = args.word("split_on", &words, report);
            return Some(Comparison::Unordered(things.unwrap_or(Things::Lines)));
        }
        "identical" | "identical_with_pe" => {
            // It changes what is told, not the verdict.
            args.flag("pe_allowed", report);
            return Some(Comparison::ExactLines);
        }
        "floats" => {
            let modes = [("default", (true, true)), ("absolute", (true, false)), ("relative", (false, true))];
            (absolute, relative) = args.word("error_mode", &modes, report).unwrap_or((true, true));
        }
        "floatsabs" => relative = false,
        "floatsrel" => absolute = false,
        _ => {
            refuse(name, line, report);
            return None;
        }
    }
    let precision =
        args.number("precision", "a number from 0 to 300", |n| (0.0..=300.0).contains(&n), report);
    let epsilon = 10_f64.powi(-(precision.unwrap_or(6.0).trunc() as i32));
    Some(Comparison::TokensOnLines(CheckerOptions {
        float_absolute_tolerance: Some(epsilon).filter(|_| absolute),
        float_relative_tolerance: Some(epsilon).filter(|_| relative),
        ..exactly()
    }))
}

fn refuse(name: &str, line: u32, report: &mut Report) {
    let why = match REFUSED.iter().find(|(refused, _)| *refused == name) {
        Some((_, why)) => (*why).to_owned(),
        None if name.contains('.') => {
            "a checker in Python that runs inside DMOJ's judge; write it in C++ and name it as bridged"
                .to_owned()
        }
        None => "there is none of that name".to_owned(),
    };
    report.error(FILE, Some(line), format!("checker {name} is not supported: {why}"));
}

const fn exactly() -> CheckerOptions {
    CheckerOptions {
        case_sensitive: true,
        space_change_sensitive: false,
        float_absolute_tolerance: None,
        float_relative_tolerance: None,
        float_grammar: FloatGrammar::Decimal,
    }
}

const fn standard() -> Comparison {
    Comparison::TokensOnLines(exactly())
}
