//! The texts of a result: which there are, what they take, and how they are cut.

use gavel_problem::Verdict;

use super::json::{cut, text_length};
use super::share::levels;
use crate::captured::{Captured, Encoding};
use crate::result::{CompileReport, TestReport};

/// Groups of texts, the more important first.
const COMPILER: usize = 0;
const FIRST_FAILURE: usize = 1;
const SAID_OF_FAILURES: usize = 2;
const PRINTED_BY_FAILURES: usize = 3;
const SAID: usize = 4;
const PRINTED: usize = 5;
const GROUPS: usize = 6;

/// How many bytes the texts of a test take in JSON.
#[must_use]
pub fn texts_length(test: &TestReport) -> usize {
    said(test).chain(printed(test)).sum()
}

/// Cuts the texts of tests so that together they take at most `most` bytes in JSON. For who collects more tests than it
/// wants to hold.
pub fn trim_texts<'a>(tests: impl Iterator<Item = &'a mut TestReport>, most: usize) {
    fit(None, tests, most);
}

/// Cuts texts so that together they take at most `room` bytes.
pub(super) fn fit<'a>(
    compile: Option<&mut CompileReport>,
    tests: impl Iterator<Item = &'a mut TestReport>,
    room: usize,
) {
    let mut tests: Vec<_> = tests.collect();
    let first_failure = tests.iter().position(|test| test.verdict != Verdict::Ac);
    let mut lengths: [Vec<usize>; GROUPS] = Default::default();
    lengths[COMPILER].extend(compile.as_ref().map(|compile| text_length(&compile.output)));
    for (number, test) in tests.iter().enumerate() {
        let (said_in, printed_in) = groups(test, first_failure == Some(number));
        lengths[said_in].extend(said(test));
        lengths[printed_in].extend(printed(test));
    }
    let levels = levels(&lengths, room);
    if let Some(compile) = compile {
        compile.truncated |= cut(&mut compile.output, levels[COMPILER]);
    }
    for (number, test) in tests.iter_mut().enumerate() {
        let (said_in, printed_in) = groups(test, first_failure == Some(number));
        for message in [&mut test.checker_message, &mut test.team_message].into_iter().flatten() {
            test.truncated |= cut(message, levels[said_in]);
        }
        for captured in [&mut test.stdout, &mut test.stderr].into_iter().flatten() {
            cut_captured(captured, levels[printed_in]);
        }
    }
}

/// The groups of what was said of a test, and of what it printed.
fn groups(test: &TestReport, is_first_failure: bool) -> (usize, usize) {
    match (test.verdict, is_first_failure) {
        (Verdict::Ac, _) => (SAID, PRINTED),
        (_, true) => (FIRST_FAILURE, FIRST_FAILURE),
        (_, false) => (SAID_OF_FAILURES, PRINTED_BY_FAILURES),
    }
}

fn said(test: &TestReport) -> impl Iterator<Item = usize> {
    [&test.checker_message, &test.team_message].into_iter().flatten().map(|text| text_length(text))
}

fn printed(test: &TestReport) -> impl Iterator<Item = usize> {
    [&test.stdout, &test.stderr].into_iter().flatten().map(|captured| text_length(&captured.data))
}

fn cut_captured(captured: &mut Captured, most: usize) {
    let most = match captured.encoding {
        Encoding::Utf8 => most,
        // Four characters are three bytes, and fewer are none.
        Encoding::Base64 => most / 4 * 4,
    };
    captured.truncated |= cut(&mut captured.data, most);
}
