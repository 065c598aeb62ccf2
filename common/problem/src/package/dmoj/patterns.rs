//! Tests that are found by the names of files in the archive.

use std::collections::{BTreeMap, BTreeSet};

use regex::{Regex, RegexBuilder};

use super::super::diagnostic::Report;
use super::super::fields::{Fields, parse_number};
use super::super::files::Folder;
use super::super::yaml::{Node, Value};
use super::FILE;
use super::inner::FOLDER;
use super::listed::{Batch, Entry, Scope};

/// The most memory that a compiled pattern may take, in bytes.
const MAX_PATTERN: usize = 1 << 20;
/// DMOJ's own pattern, but for its look-ahead for `.in` and `.out`.
const DEFAULT: &str = r"^.*?(?:(?:^|\W)(?P<batch>\d+)[^\d\s]+)?(?P<case>\d+)[^\d\s]*$";

/// Which names are inputs, or outputs.
struct Pattern {
    regex: Regex,
    /// DMOJ's own pattern wants `.in` somewhere or `in` at the begin, and so for `out`.
    marker: Option<&'static str>,
}

/// The number of a batch or a test: numbers after words, as DMOJ sorts them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Id {
    Word(String),
    Number(u64),
}

/// Inputs and outputs by batch and test.
#[derive(Default)]
struct Found {
    files: BTreeMap<Id, BTreeMap<Id, [Option<String>; 2]>>,
    batches: BTreeSet<Id>,
}

/// The tests that the patterns find; `None` if they cannot be told.
pub(super) fn matched<'a>(
    files: &Folder,
    node: Option<&'a Node>,
    line: Option<u32>,
    scope: &Scope<'a>,
    report: &mut Report,
) -> Option<Vec<Entry<'a>>> {
    let mut fields = Fields::of(FILE, "test_cases.", node, report);
    let input = pattern(&mut fields, "input_format", "in", report)?;
    let output = pattern(&mut fields, "output_format", "out", report)?;
    let points = fields.take("case_points").map(|node| case_points(node, report));
    fields.finish(report);
    let Some(archive) = files.folder(FOLDER) else {
        let message = "test_cases is no list: then tests are found by names in archive, and there is none";
        report.error(FILE, line, message);
        return None;
    };
    let skip = FOLDER.len() + 1;
    let names: Vec<String> =
        archive.all_files().into_iter().filter_map(|path| path.get(skip..).map(str::to_owned)).collect();
    let mut found = Found::default();
    for (side, pattern) in [&input, &output].into_iter().enumerate() {
        for name in &names {
            if let Err(message) = found.add(side, pattern, name) {
                report.error(FILE, line, message);
                return None;
            }
        }
    }
    entries(found, points.as_deref(), scope, line.unwrap_or(1), report)
}

fn pattern(fields: &mut Fields<'_>, key: &str, marker: &'static str, report: &mut Report) -> Option<Pattern> {
    let line = fields.line_of(key);
    let stated = fields.text(key, report);
    let text = stated.map_or_else(|| DEFAULT.to_owned(), |text| format!("^(?:{text})"));
    let built = RegexBuilder::new(&text).case_insensitive(true).size_limit(MAX_PATTERN).build();
    match built {
        Ok(regex) => Some(Pattern { regex, marker: stated.is_none().then_some(marker) }),
        Err(error) => {
            let last = error.to_string();
            let last = last.lines().last().unwrap_or_default().trim();
            let message =
                format!("test_cases.{key} cannot be used here (no look-around, no back references): {last}");
            report.error(FILE, line, message);
            None
        }
    }
}

fn case_points(node: &Node, report: &mut Report) -> Vec<f64> {
    let number = |node: &Node| node.as_text().and_then(parse_number).filter(|points| *points >= 0.0);
    let numbers = match &node.value {
        Value::Sequence(items) => items.iter().map(number).collect(),
        _ => None,
    };
    numbers.unwrap_or_else(|| {
        let message = format!(
            "test_cases.case_points must be a list of numbers of at least 0, not {}",
            node.describe()
        );
        report.error(FILE, Some(node.line), message);
        Vec::new()
    })
}

impl Pattern {
    /// The batch and the test that a name stands for.
    fn read(&self, name: &str) -> Option<(Option<Id>, Option<Id>)> {
        if let Some(marker) = self.marker {
            let lower = name.to_ascii_lowercase();
            if !lower.contains(&format!(".{marker}")) && !lower.starts_with(marker) {
                return None;
            }
        }
        let captures = self.regex.captures(name)?;
        let id = |group: &str| {
            let text = captures.name(group)?.as_str();
            Some(text.parse().map_or_else(|_| Id::Word(text.to_owned()), Id::Number))
        };
        Some((id("batch"), id("case")))
    }
}

impl Found {
    fn add(&mut self, side: usize, pattern: &Pattern, name: &str) -> Result<(), String> {
        let Some((batch, case)) = pattern.read(name) else { return Ok(()) };
        let case =
            case.ok_or_else(|| format!("test_cases: the pattern finds no number of a test in {name}"))?;
        self.batches.extend(batch.clone());
        let batch = batch.unwrap_or_else(|| case.clone());
        self.files.entry(batch).or_default().entry(case).or_default()[side] = Some(name.to_owned());
        Ok(())
    }
}

fn entries<'a>(
    found: Found,
    points: Option<&[f64]>,
    scope: &Scope<'a>,
    line: u32,
    report: &mut Report,
) -> Option<Vec<Entry<'a>>> {
    let count = found.files.len();
    if let Some(points) = points.filter(|points| points.len() < count) {
        let message =
            format!("test_cases.case_points has {} numbers for {count} tests and batches", points.len());
        report.error(FILE, Some(line), message);
        return None;
    }
    let mut entries = Vec::new();
    for (place, (id, mut cases)) in found.files.into_iter().enumerate() {
        let worth = points.and_then(|points| points.get(place)).copied();
        let scope = Scope { points: worth.unwrap_or(scope.points), ..scope.clone() };
        if found.batches.contains(&id) {
            let cases = cases.into_values().map(|[input, output]| scope.case(input, output, line)).collect();
            entries.push(Entry::Batch(Batch { cases, points: scope.points, dependencies: Vec::new(), line }));
            continue;
        }
        let first = cases.pop_first();
        if !cases.is_empty() {
            report.error(FILE, Some(line), "test_cases: a test and a batch have the same number");
            return None;
        }
        entries.extend(first.map(|(_, [input, output])| Entry::Case(scope.case(input, output, line))));
    }
    Some(entries)
}
