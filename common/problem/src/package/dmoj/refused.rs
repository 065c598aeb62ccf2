//! Keys that mean something which is not supported.

use super::super::diagnostic::Report;
use super::super::fields::Fields;
use super::FILE;

/// Keys at the top: what they mean, and what to do.
const TOP: [(&str, &str); 3] = [
    (
        "custom_judge",
        "a grader in Python that runs inside DMOJ's judge; make it an interactor in C++ and name it as interactive",
    ),
    ("signature_grader", "submissions without a main function; give them a whole program to write"),
    ("grader", "a grader that runs inside DMOJ's judge"),
];

/// Keys at the top and at tests.
const ANYWHERE: [(&str, &str); 4] = [
    ("generator", "tests that are generated while judging; generate them and put the files into the problem"),
    (
        "generator_args",
        "tests that are generated while judging; generate them and put the files into the problem",
    ),
    ("symlinks", "links to the judge's own files"),
    ("io_redirects", "files in place of standard input and output"),
];

/// Keys that change nothing here, with the reason where they do at DMOJ.
const WITHOUT_EFFECT: [(&str, &str); 6] = [
    ("output_prefix_length", ""),
    ("meta", ""),
    ("hints", "languages have no hints here"),
    ("wall_time_factor", "wall-clock time is limited to 2 x CPU + 1 s here"),
    ("unbuffered", "programs get pipes here, not a terminal: they must flush what they say to an interactor"),
    ("short_circuit", "every test is judged here; give points: 0 to those that must be passed first"),
];

/// Refuses what is not supported, and takes what has no effect.
pub(super) fn at_top(fields: &mut Fields<'_>, report: &mut Report) {
    refuse(fields, &TOP, "", report);
    anywhere(fields, "", report);
    dynamic(fields, report);
}

/// The same for a test or a batch.
pub(super) fn anywhere(fields: &mut Fields<'_>, prefix: &str, report: &mut Report) {
    refuse(fields, &ANYWHERE, prefix, report);
    for (key, reason) in WITHOUT_EFFECT {
        let line = fields.line_of(key);
        let Some(node) = fields.take(key) else { continue };
        let off = matches!(node.as_text(), Some("false" | "False" | "no"));
        if !reason.is_empty() && !off {
            report.warning_once(FILE, line, &format!("{key} has no effect: {reason}"));
        }
    }
}

fn refuse(fields: &mut Fields<'_>, keys: &[(&str, &str)], prefix: &str, report: &mut Report) {
    for (key, meaning) in keys {
        let line = fields.line_of(key);
        let Some(node) = fields.take(key) else { continue };
        if !node.is_empty() {
            report.error(FILE, line, format!("{prefix}{key} is not supported: {meaning}"));
        }
    }
}

/// `test_cases++` and the like are Python that DMOJ's judge used to run.
fn dynamic(fields: &mut Fields<'_>, report: &mut Report) {
    for (key, line) in fields.unused() {
        if key.ends_with('+') {
            let plain = key.trim_end_matches('+').to_owned();
            let message = format!("{key} is not supported: a key whose value is Python; write out {plain}");
            fields.take(&key);
            report.error(FILE, Some(line), message);
        }
    }
}
