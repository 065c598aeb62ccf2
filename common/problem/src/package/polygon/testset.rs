//! `testset`: limits, tests and the files they lie in.

use std::path::Path;

use super::super::diagnostic::Report;
use super::super::files::{Folder, Item};
use super::super::manifest::TestCase;
use super::super::text::TextNotes;
use super::FILE;
use super::groups::{StatedGroup, stated_groups};
use super::xml::Element;

/// The testset that submissions are judged by.
const JUDGED: &str = "tests";
/// More tests are refused: Polygon itself takes at most 1,000.
const MAX_TESTS: u64 = 10_000;

/// What is said of the tests.
pub(super) struct Testset {
    /// CPU time, in milliseconds.
    pub time_ms: u64,
    pub memory_bytes: u64,
    pub input: Pattern,
    pub answer: Pattern,
    pub tests: Vec<StatedTest>,
    pub groups: Vec<StatedGroup>,
}

/// What is said of one test.
pub(super) struct StatedTest {
    pub group: Option<String>,
    pub points: Option<f64>,
    pub line: u32,
}

/// `tests/%02d`: where the file of a test lies.
pub(super) struct Pattern {
    before: String,
    width: usize,
    after: String,
}

impl Pattern {
    fn read(testset: Element<'_>, name: &'static str, report: &mut Report) -> Option<Self> {
        let text = testset.first(name).map(Element::text).filter(|text| !text.is_empty());
        let read = text.and_then(|text| {
            let (before, rest) = text.split_once('%')?;
            let (width, after) = rest.split_once('d')?;
            let width = if width.is_empty() { 0 } else { width.strip_prefix('0')?.parse().ok()? };
            let plain = !before.contains('%') && !after.contains('%') && width < 20;
            plain.then(|| Self { before: before.to_owned(), width, after: after.to_owned() })
        });
        if read.is_none() {
            let got = text.unwrap_or_default();
            let message =
                format!("testset: {name} must be a path with one number, such as tests/%02d, not {got:?}");
            report.error(FILE, Some(testset.line()), message);
        }
        read
    }

    /// The number of a test as it is written here.
    pub fn number(&self, test: usize) -> String {
        format!("{test:0width$}", width = self.width)
    }

    fn path(&self, test: usize) -> String {
        format!("{}{}{}", self.before, self.number(test), self.after)
    }
}

/// The testset called `tests`, or the only one.
pub(super) fn judged(judging: Element<'_>, report: &mut Report) -> Option<Testset> {
    let all: Vec<Element<'_>> = judging.all("testset").collect();
    let called = |set: &&Element<'_>| set.attribute("name") == Some(JUDGED);
    let Some(judged) = all.iter().find(called).or_else(|| all.first().filter(|_| all.len() == 1)) else {
        let names: Vec<_> = all.iter().map(|set| set.attribute("name").unwrap_or("without a name")).collect();
        let message = format!("judging: none of the testsets is called {JUDGED}: {}", names.join(", "));
        report.error(FILE, Some(judging.line()), message);
        return None;
    };
    for other in all.iter().filter(|set| !set.is(*judged)) {
        let name = other.attribute("name").unwrap_or("without a name");
        report.warning(FILE, Some(other.line()), format!("testset {name}: not judged, {JUDGED} is"));
    }
    read(*judged, report)
}

fn read(testset: Element<'_>, report: &mut Report) -> Option<Testset> {
    const KNOWN: [&str; 7] = [
        "time-limit",
        "memory-limit",
        "test-count",
        "input-path-pattern",
        "answer-path-pattern",
        "tests",
        "groups",
    ];
    // What outputs of the author's program are called, which nothing here reads.
    testset.refuse_others(&[&KNOWN[..], &["output-path-pattern"]].concat(), report);
    let time_ms = testset.whole("time-limit", report);
    let memory_bytes = testset.whole("memory-limit", report);
    let input = Pattern::read(testset, "input-path-pattern", report);
    let answer = Pattern::read(testset, "answer-path-pattern", report);
    let groups = testset.first("groups").map_or_else(Vec::new, |groups| stated_groups(groups, report));
    let tests = tests(testset, report);
    Some(Testset {
        time_ms: time_ms?,
        memory_bytes: memory_bytes?,
        input: input?,
        answer: answer?,
        tests: tests?,
        groups,
    })
}

fn tests(testset: Element<'_>, report: &mut Report) -> Option<Vec<StatedTest>> {
    let count = testset.whole("test-count", report)?;
    let line = testset.line();
    if count > MAX_TESTS {
        report.error(FILE, Some(line), format!("testset: test-count is more than {MAX_TESTS}"));
        return None;
    }
    let mut tests = Vec::new();
    for test in testset.first("tests").into_iter().flat_map(|tests| tests.all("test")) {
        let before = report.len();
        test.refuse_other_attributes(
            &["method", "sample", "cmd", "from-file", "description", "group", "points", "verdict", "path"],
            report,
        );
        let group = test.attribute("group").map(str::to_owned);
        tests.push(StatedTest { group, points: test.points("points", report), line: test.line() });
        if report.len() > before {
            // The first of many alike is enough.
            return None;
        }
    }
    if tests.is_empty() {
        // A count without a list: nothing is to be told of them.
        tests.extend((0..count).map(|_| StatedTest { group: None, points: None, line }));
    }
    if tests.len() as u64 != count {
        let message = format!("testset: test-count is {count}, and tests has {}", tests.len());
        report.error(FILE, Some(line), message);
        return None;
    }
    Some(tests)
}

/// As Polygon calls a validator: it may ask for both.
fn input_args(test: Option<&StatedTest>) -> Vec<String> {
    let group = test.and_then(|test| test.group.as_deref());
    let group = group.map(|group| ["--group", group]);
    ["--testset", JUDGED].into_iter().chain(group.into_iter().flatten()).map(str::to_owned).collect()
}

/// Tests at their files, in the order and by the names given.
pub(super) fn place(
    root: &Path,
    files: &Folder,
    testset: &Testset,
    names: Vec<(usize, String)>,
    report: &mut Report,
) -> Vec<TestCase> {
    let mut notes = TextNotes::default();
    let (mut no_input, mut no_answer) = (Vec::new(), Vec::new());
    let mut tests = Vec::with_capacity(names.len());
    for (index, name) in names {
        let (input, answer) = (testset.input.path(index + 1), testset.answer.path(index + 1));
        let is_file = |path: &str| matches!(files.find(path), Some(Item::File { .. }));
        let (has_input, has_answer) = (is_file(&input), is_file(&answer));
        if has_input && has_answer {
            notes.note(root, &input, &answer, false, report);
        }
        if !has_input {
            no_input.push(input.clone());
        }
        if !has_answer {
            no_answer.push(answer.clone());
        }
        tests.push(TestCase {
            name,
            input,
            answer,
            files: Vec::new(),
            args: Vec::new(),
            validator_args: Vec::new(),
            input_args: input_args(testset.tests.get(index)),
            checker: None,
        });
    }
    for (what, missing) in [("input", no_input), ("answer", no_answer)] {
        let Some(first) = missing.first() else { continue };
        let message = format!(
            "{} of {} tests have no {what}: a standard package lacks what is generated. Upload the full package \
             (linux), or run doall.sh first",
            missing.len(),
            tests.len()
        );
        report.error(first, None, message);
    }
    notes.finish(report);
    tests
}
