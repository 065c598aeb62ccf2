//! Worked examples of both versions, and properties over generated groups.

mod legacy;
mod modern;
mod points;
mod properties;

use std::sync::Arc;

use super::*;
use crate::Verdict::{self, Ac, Je, Mle, Ole, Pa, Rte, Tle, Wa};

fn legacy(name: &str, rules: LegacyRules, children: Vec<Child>) -> Group {
    Group { name: name.to_owned(), rules: GroupRules::Legacy(rules), children }
}

fn modern(
    name: &str,
    max_score: Option<f64>,
    score_aggregation: Aggregation,
    require: &[&str],
    children: Vec<Child>,
) -> Group {
    let require_pass = require.iter().map(|name| (*name).to_owned()).collect();
    let rules = GroupRules::Modern(ModernRules { max_score, score_aggregation, require_pass });
    Group { name: name.to_owned(), rules, children }
}

fn tests(range: std::ops::Range<usize>) -> Vec<Child> {
    range.map(|index| Child::Test(TestIndex(index))).collect()
}

fn grading(scoring: bool, root: Group) -> Arc<Grading> {
    Arc::new(Grading { scoring, objective: Objective::Max, root })
}

/// Judges one test after the other; the verdicts that were not asked for stay unused.
fn judge_scores(grading: &Arc<Grading>, scores: &[TestScore]) -> (Graded, Vec<usize>) {
    let mut grader = Grader::new(Arc::clone(grading), false);
    let mut run = Vec::new();
    while let Some(index) = grader.next() {
        run.push(index.0);
        grader.record(index, scores[index.0]);
    }
    (grader.finish().unwrap(), run)
}

fn judge(grading: &Arc<Grading>, verdicts: &[Verdict]) -> (Graded, Vec<usize>) {
    let scores: Vec<_> = verdicts.iter().copied().map(TestScore::verdict).collect();
    judge_scores(grading, &scores)
}

fn score(verdict: Verdict, score: f64) -> TestScore {
    TestScore { verdict, points: Some(Points::Score(score)) }
}

fn share(share: f64) -> TestScore {
    TestScore { verdict: Ac, points: Some(Points::Multiplier(share)) }
}

#[test]
fn pass_fail_stops_at_the_first_failure() {
    let (graded, run) = judge(&Arc::new(Grading::pass_fail(4)), &[Ac, Tle, Wa, Ac]);
    assert_eq!((graded.verdict, graded.score, run), (Tle, None, vec![0, 1]));
    assert_eq!(graded.tests.iter().map(|t| t.verdict).collect::<Vec<_>>(), [Some(Ac), Some(Tle), None, None]);
}

#[test]
fn all_tests_judges_on_and_changes_nothing() {
    let grading = Arc::new(Grading::pass_fail(3));
    let mut grader = Grader::new(Arc::clone(&grading), true);
    let verdicts = [Wa, Rte, Ac];
    while let Some(index) = grader.next() {
        grader.record(index, TestScore::verdict(verdicts[index.0]));
    }
    let graded = grader.finish().unwrap();
    assert_eq!(graded.verdict, Wa);
    assert_eq!(graded.tests.iter().map(|t| t.counts).collect::<Vec<_>>(), [true, false, false]);
    assert!(grader.is_finished());
}

#[test]
fn no_tests_are_accepted() {
    assert_eq!(judge(&Arc::new(Grading::pass_fail(0)), &[]).0.verdict, Ac);
}

#[test]
fn partly_right_is_wrong_where_nothing_is_scored() {
    assert_eq!(judge(&Arc::new(Grading::pass_fail(1)), &[Pa]).0.verdict, Wa);
}

#[test]
fn finishing_too_early_names_the_test() {
    let mut grader = Grader::new(Arc::new(Grading::pass_fail(3)), false);
    grader.record(TestIndex(0), TestScore::verdict(Ac));
    grader.record(TestIndex(2), TestScore::verdict(Ac));
    assert_eq!(grader.finish().unwrap_err(), Unfinished(TestIndex(1)));
    assert_eq!(grader.finish().unwrap_err().to_string(), "test 2 counts and has not been judged");
}

#[test]
fn a_later_failure_waits_for_the_earlier_tests() {
    let mut grader = Grader::new(Arc::new(Grading::pass_fail(3)), false);
    assert_eq!(
        (grader.next(), grader.next(), grader.next()),
        (Some(TestIndex(0)), Some(TestIndex(1)), Some(TestIndex(2)))
    );
    grader.record(TestIndex(1), TestScore::verdict(Rte));
    assert!(!grader.may_matter(TestIndex(2)), "nothing after a failure matters");
    assert!(grader.may_matter(TestIndex(0)) && grader.finish().is_err());
    grader.record(TestIndex(0), TestScore::verdict(Tle));
    assert_eq!(grader.finish().unwrap().verdict, Tle);
}

fn olympiad() -> Arc<Grading> {
    let group = |name: &str, points: f64, range: std::ops::Range<usize>| {
        Child::Group(legacy(
            name,
            LegacyRules {
                accept_score: points,
                range: ScoreRange { min: Some(0.0), max: Some(points) },
                score_mode: ScoreMode::Min,
                ..LegacyRules::default()
            },
            tests(range),
        ))
    };
    let sum = || LegacyRules {
        on_reject: OnReject::Continue,
        range: ScoreRange { min: Some(0.0), max: Some(100.0) },
        accept_if_any_accepted: true,
        ..LegacyRules::default()
    };
    let secret = legacy("secret", sum(), vec![group("secret/1", 30.0, 1..3), group("secret/2", 70.0, 3..5)]);
    let sample = legacy("sample", LegacyRules::default(), tests(0..1));
    let root = LegacyRules { ignore_sample: true, ..sum() };
    grading(true, legacy("", root, vec![Child::Group(sample), Child::Group(secret)]))
}

fn subtasks() -> Arc<Grading> {
    let secret = modern(
        "secret",
        Some(100.0),
        Aggregation::Sum,
        &[],
        vec![
            Child::Group(modern("secret/1", Some(20.0), Aggregation::PassFail, &["sample"], tests(1..3))),
            Child::Group(modern("secret/2", Some(30.0), Aggregation::Sum, &[], tests(3..6))),
            Child::Group(modern("secret/3", Some(50.0), Aggregation::Min, &["secret/1"], tests(6..8))),
        ],
    );
    let sample = modern("sample", None, Aggregation::PassFail, &[], tests(0..1));
    let root = modern("", None, Aggregation::PassFail, &[], vec![Child::Group(sample), Child::Group(secret)]);
    grading(true, root)
}

#[test]
fn a_grading_travels_as_json() {
    for problem in [olympiad(), subtasks()] {
        let text = serde_json::to_string(&*problem).unwrap();
        assert_eq!(serde_json::from_str::<Grading>(&text).unwrap(), *problem);
    }
}
