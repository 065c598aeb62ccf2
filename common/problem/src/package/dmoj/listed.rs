//! A list of tests and batches. What a test does not say its batch says, and else the file.

use super::super::diagnostic::Report;
use super::super::fields::{Fields, parse_number};
use super::super::yaml::{Node, Value};
use super::{FILE, refused};

/// One element of the list.
pub(super) enum Entry<'a> {
    Case(Case<'a>),
    Batch(Batch<'a>),
}

/// A test.
pub(super) struct Case<'a> {
    pub input: Option<String>,
    pub output: Option<String>,
    pub points: f64,
    pub checker: Option<&'a Node>,
    pub binary: bool,
    pub line: u32,
}

/// Tests that are worth something only together.
pub(super) struct Batch<'a> {
    pub cases: Vec<Case<'a>>,
    pub points: f64,
    /// Numbers of batches, from 1.
    pub dependencies: Vec<usize>,
    pub line: u32,
}

impl Entry<'_> {
    pub fn make_worthless(&mut self) {
        match self {
            Entry::Case(case) => case.points = 0.0,
            Entry::Batch(batch) => {
                batch.points = 0.0;
                batch.cases.iter_mut().for_each(|case| case.points = 0.0);
            }
        }
    }
}

/// What holds where a test says nothing.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub input: Option<String>,
    pub output: Option<String>,
    pub points: f64,
    pub checker: Option<&'a Node>,
    pub binary: bool,
}

impl<'a> Scope<'a> {
    /// What the file says for all; a test is worth 1 point otherwise.
    pub fn top(fields: &mut Fields<'a>, report: &mut Report) -> Self {
        let all = Self { input: None, output: None, points: 1.0, checker: None, binary: false };
        let checker = fields.take("checker");
        Self { checker, ..all.inside(fields, report) }
    }

    /// What a batch or a test says beyond that.
    fn inside(&self, fields: &mut Fields<'a>, report: &mut Report) -> Self {
        let input = fields.text("in", report).map(str::to_owned).or_else(|| self.input.clone());
        let output = fields.text("out", report).map(str::to_owned).or_else(|| self.output.clone());
        let binary = fields.flag("binary_data", report).unwrap_or(self.binary);
        let points = fields.number("points", "a number of at least 0", |n| n >= 0.0, report);
        Self { input, output, points: points.unwrap_or(self.points), checker: self.checker, binary }
    }

    fn test(&self, fields: &mut Fields<'a>, report: &mut Report) -> Self {
        let checker = fields.take("checker").or(self.checker);
        Self { checker, ..self.inside(fields, report) }
    }

    /// A test of this scope with files of its own.
    pub fn case(&self, input: Option<String>, output: Option<String>, line: u32) -> Case<'a> {
        Case { input, output, points: self.points, checker: self.checker, binary: self.binary, line }
    }
}

/// Reads a list; `None` if it is none.
pub(super) fn listed<'a>(
    key: &'static str,
    node: &'a Node,
    scope: &Scope<'a>,
    report: &mut Report,
) -> Option<Vec<Entry<'a>>> {
    let Value::Sequence(items) = &node.value else {
        report.error(FILE, Some(node.line), format!("{key} must be a list, not {}", node.describe()));
        return None;
    };
    Some(items.iter().map(|item| entry(key, item, scope, report)).collect())
}

fn entry<'a>(key: &'static str, node: &'a Node, scope: &Scope<'a>, report: &mut Report) -> Entry<'a> {
    let prefix = if key == "test_cases" { "test_cases." } else { "pretest_test_cases." };
    let mut fields = Fields::of(FILE, prefix, Some(node), report);
    refused::anywhere(&mut fields, prefix, report);
    let line = node.line;
    let Some(batched) = fields.take("batched") else {
        let own = scope.test(&mut fields, report);
        fields.finish(report);
        return Entry::Case(Case {
            input: own.input,
            output: own.output,
            points: own.points,
            checker: own.checker,
            binary: own.binary,
            line,
        });
    };
    let own = scope.test(&mut fields, report);
    let dependencies = dependencies(fields.take("dependencies"), report);
    fields.finish(report);
    let mut cases = Vec::new();
    for inner in listed("test_cases", batched, &own, report).unwrap_or_default() {
        match inner {
            // The batch is worth its points, whatever its tests say.
            Entry::Case(case) => cases.push(Case { points: own.points, ..case }),
            Entry::Batch(inner) => {
                report.error(FILE, Some(inner.line), "batched: a batch inside a batch");
            }
        }
    }
    Entry::Batch(Batch { cases, points: own.points, dependencies, line })
}

fn dependencies(node: Option<&Node>, report: &mut Report) -> Vec<usize> {
    let Some(node) = node else { return Vec::new() };
    let number = |node: &Node| {
        let number =
            node.as_text().and_then(parse_number).filter(|n| n.fract() == 0.0 && (0.0..1e6).contains(n));
        number.map(|number| number as usize)
    };
    let numbers = match &node.value {
        Value::Sequence(items) => items.iter().map(number).collect(),
        _ => None,
    };
    numbers.unwrap_or_else(|| {
        let message = format!("dependencies must be a list of numbers of batches, not {}", node.describe());
        report.error(FILE, Some(node.line), message);
        Vec::new()
    })
}
