//! `test_cases` and `pretest_test_cases`: the tests in their order, and what they are worth.

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::super::files::Folder;
use super::super::yaml::{Node, Value};
use super::listed::{Batch, Case, Entry, Scope, listed};
use super::{FILE, patterns};
use crate::grade::{
    Child, Grading, Group, GroupPoints, GroupRules, LegacyRules, Objective, PointsRules, TestIndex,
};

/// The group around all.
const ALL: &str = "tests";

/// The tests as they are stated, and how they are graded.
pub(super) struct Cases<'a> {
    pub tests: Vec<StatedTest<'a>>,
    pub grading: Grading,
}

/// A test as it is stated.
pub(super) struct StatedTest<'a> {
    pub name: String,
    /// Relative to the package; nothing for an empty one.
    pub input: Option<String>,
    pub output: Option<String>,
    pub checker: Option<&'a Node>,
    /// What it may get: in a batch, what the batch may.
    pub points: f64,
    /// Its line ends are what they are.
    pub binary: bool,
    pub line: u32,
}

/// Reads the tests, those that must be passed first before the others.
pub(super) fn cases<'a>(files: &Folder, fields: &mut Fields<'a>, report: &mut Report) -> Option<Cases<'a>> {
    let scope = Scope::top(fields, report);
    let mut entries = Vec::new();
    if let Some(node) = fields.take("pretest_test_cases") {
        let mut first = listed("pretest_test_cases", node, &scope, report)?;
        // As DMOJ has it: they are worth nothing, and must be passed.
        first.iter_mut().for_each(Entry::make_worthless);
        entries.append(&mut first);
    }
    let line = fields.line_of("test_cases");
    match fields.take("test_cases") {
        Some(node) if matches!(node.value, Value::Sequence(_)) => {
            entries.append(&mut listed("test_cases", node, &scope, report)?);
        }
        node => entries.append(&mut patterns::matched(files, node, line, &scope, report)?),
    }
    if entries.is_empty() {
        report.error(FILE, line, "test_cases: there are no tests");
        return None;
    }
    Some(placed(files, entries, report))
}

/// Names the tests, finds their files and adds up what they are worth.
fn placed<'a>(files: &Folder, entries: Vec<Entry<'a>>, report: &mut Report) -> Cases<'a> {
    let mut placer = Placer { files, report, tests: Vec::new(), batches: 0 };
    let (mut children, mut own) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Case(case) => {
                own.push(case.points);
                children.push(Child::Test(placer.test(&case, ALL)));
            }
            Entry::Batch(batch) => children.push(Child::Group(placer.batch(batch))),
        }
    }
    let tests = placer.tests;
    let rules = PointsRules { points: GroupPoints::Each(own), require_pass: Vec::new(), gates: true };
    let around =
        PointsRules { points: GroupPoints::Each(Vec::new()), require_pass: Vec::new(), gates: false };
    let group = |rules| {
        let inner =
            Group { name: ALL.to_owned(), rules: GroupRules::Points(rules), children: children.clone() };
        Group {
            name: String::new(),
            rules: GroupRules::Points(around.clone()),
            children: vec![Child::Group(inner)],
        }
    };
    let root = group(rules);
    let scoring = root.max_points() > 0.0;
    // Where nothing has points every test must be passed.
    let root = if scoring { root } else { without_points(root) };
    Cases { tests, grading: Grading { scoring, objective: Objective::Max, root } }
}

fn without_points(mut group: Group) -> Group {
    group.rules = GroupRules::Legacy(LegacyRules::default());
    let children = group.children.into_iter().map(|child| match child {
        Child::Group(inner) => Child::Group(without_points(inner)),
        test @ Child::Test(_) => test,
    });
    group.children = children.collect();
    group
}

struct Placer<'p, 'a> {
    files: &'p Folder,
    report: &'p mut Report,
    tests: Vec<StatedTest<'a>>,
    batches: usize,
}

impl<'a> Placer<'_, 'a> {
    fn test(&mut self, case: &Case<'a>, folder: &str) -> TestIndex {
        let number = self.tests.len() + 1;
        let mut find = |key: &str, path: Option<&str>| {
            let path = path?;
            let found = super::inner::find(self.files, path);
            if found.is_none() {
                let message = format!(
                    "test {number}: {key}: {path} is neither in the problem's folder nor in its archive (names hold \
                     only letters, digits, dot, dash and underscore)"
                );
                self.report.error(FILE, Some(case.line), message);
            }
            found
        };
        let (input, output) = (find("in", case.input.as_deref()), find("out", case.output.as_deref()));
        let name = format!("{folder}/{number:02}");
        let Case { checker, points, binary, line, .. } = *case;
        self.tests.push(StatedTest { name, input, output, checker, points, binary, line });
        TestIndex(number - 1)
    }

    fn batch(&mut self, batch: Batch<'a>) -> Group {
        self.batches += 1;
        let number = self.batches;
        let name = format!("{ALL}/batch{number}");
        let mut require_pass = Vec::new();
        for required in batch.dependencies {
            if required == 0 || required >= number {
                let message = format!(
                    "dependencies: batch {number} depends on batch {required}, which must be an earlier one, from 1"
                );
                self.report.error(FILE, Some(batch.line), message);
            } else {
                require_pass.push(format!("{ALL}/batch{required}"));
            }
        }
        if batch.cases.is_empty() {
            self.report.error(FILE, Some(batch.line), format!("batched: batch {number} has no tests"));
        }
        let children = batch.cases.iter().map(|case| Child::Test(self.test(case, &name))).collect();
        let points = GroupPoints::Lowest(batch.points);
        let rules = GroupRules::Points(PointsRules { points, require_pass, gates: false });
        Group { name, rules, children }
    }
}
