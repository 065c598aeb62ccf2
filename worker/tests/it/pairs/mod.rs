//! Interactive problems: every order of events has one verdict, in every language on both sides.

mod actors;
mod leftovers;
mod passes;
mod table;

use std::collections::BTreeMap;

use gavel_model::Verdict;
use test_case::test_case;

pub use actors::Stage;
use table::{LIMITS, ORDINARY, RACES, Row};

/// How often each race is run; the number that releases are held to is 200.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
pub fn repeats() -> usize {
    std::env::var("GAVEL_TEST_REPEATS").map_or(3, |times| times.parse().unwrap())
}

/// Plays every row so often, and compares.
async fn play(program: &str, judge: &str, rows: &[Row], times: usize, short: bool) {
    let stage = Stage::new(judge, rows, times);
    let verdicts = stage.play(program, short).await;
    let mut wrong = Vec::new();
    for (row, found) in rows.iter().zip(verdicts.chunks(times)) {
        let mut counts = BTreeMap::<String, usize>::new();
        for (verdict, message) in found.iter().filter(|(verdict, _)| *verdict != row.2) {
            *counts.entry(format!("{verdict:?} {message}")).or_default() += 1;
        }
        if !counts.is_empty() {
            wrong.push((row, counts));
        }
    }
    assert!(wrong.is_empty(), "{program} and an interactor in {judge}, {times} times each: {wrong:#?}");
}

/// Every language on both sides.
#[test_case("c", "python")]
#[test_case("python", "c")]
#[test_case("cpp", "java")]
#[test_case("java", "cpp")]
#[test_case("go", "rust")]
#[test_case("rust", "node")]
#[test_case("node", "go")]
#[tokio::test]
async fn every_order_of_events_has_its_verdict(program: &str, judge: &str) {
    play(program, judge, ORDINARY, 1, false).await;
}

#[test_case("c", "python")]
#[test_case("python", "go")]
#[test_case("rust", "cpp")]
#[tokio::test]
async fn a_limit_is_told_whatever_the_interactor_makes_of_it(program: &str, judge: &str) {
    play(program, judge, LIMITS, 1, true).await;
}

#[test_case("c", "c")]
#[test_case("c", "python")]
#[test_case("python", "cpp")]
#[test_case("python", "python")]
#[test_case("go", "go")]
#[test_case("rust", "rust")]
#[test_case("node", "c")]
#[test_case("java", "c")]
#[test_case("c", "java")]
#[tokio::test]
async fn a_race_ends_the_same_each_time(program: &str, judge: &str) {
    play(program, judge, RACES, repeats(), false).await;
}

/// An interactor that goes on for ever is stopped, and its silence is a rejection.
#[tokio::test]
async fn an_interactor_that_says_nothing_rejects() {
    const SILENT: [Row; 2] =
        [("exit=0", "eof nap", Verdict::Wa), ("exit=1", "eof say=bye nap", Verdict::Rte)];
    play("c", "c", &SILENT, 1, false).await;
}
