//! Worked examples of both versions, then properties over generated groups.

use std::sync::Arc;

use proptest::prelude::*;

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

// ---- pass-fail

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

// ---- legacy

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

#[test]
fn olympiad_groups_sum_up_and_break_inside() {
    let problem = olympiad();
    let (graded, run) = judge(&problem, &[Ac, Ac, Ac, Wa, Ac]);
    assert_eq!((graded.verdict, graded.score, graded.max_score), (Pa, Some(30.0), Some(100.0)));
    assert_eq!(run, [0, 1, 2, 3], "the second group stops at its failure");
    let names: Vec<_> = graded.groups.iter().map(|g| (g.name.as_str(), g.verdict, g.score)).collect();
    assert_eq!(
        names,
        [
            ("sample", Some(Ac), Some(1.0)),
            ("secret/1", Some(Ac), Some(30.0)),
            ("secret/2", Some(Wa), Some(0.0)),
            ("secret", Some(Ac), Some(30.0)),
            ("", Some(Ac), Some(30.0)),
        ]
    );
    let (graded, _) = judge(&problem, &[Wa, Ac, Ac, Ac, Ac]);
    assert_eq!((graded.verdict, graded.score), (Ac, Some(100.0)), "the sample is ignored");
    let (graded, _) = judge(&problem, &[Ac, Tle, Ac, Wa, Ac]);
    assert_eq!((graded.verdict, graded.score), (Tle, Some(0.0)), "no points: the first failure");
}

#[test]
fn legacy_verdict_modes() {
    let root = |verdict_mode, on_reject| {
        grading(
            false,
            legacy("", LegacyRules { verdict_mode, on_reject, ..LegacyRules::default() }, tests(0..5)),
        )
    };
    let verdicts = [Wa, Ole, Tle, Mle, Rte];
    for (mode, on_reject, expected) in [
        (VerdictMode::WorstError, OnReject::Continue, Rte),
        (VerdictMode::FirstError, OnReject::Continue, Wa),
        (VerdictMode::AlwaysAccept, OnReject::Continue, Ac),
        (VerdictMode::WorstError, OnReject::Break, Wa),
    ] {
        assert_eq!(judge(&root(mode, on_reject), &verdicts).0.verdict, expected, "{mode:?}");
    }
}

#[test]
fn worst_error_follows_the_formats_order() {
    let order = [Je, Rte, Mle, Tle, Ole, Wa, Ac];
    let rules = LegacyRules { on_reject: OnReject::Continue, ..LegacyRules::default() };
    let problem = grading(false, legacy("", rules, tests(0..2)));
    for (i, worse) in order.iter().enumerate() {
        for better in &order[i..] {
            assert_eq!(judge(&problem, &[*better, *worse]).0.verdict, *worse);
            assert_eq!(judge(&problem, &[*worse, *better]).0.verdict, *worse);
        }
    }
}

#[test]
fn legacy_score_modes_and_own_scores() {
    for (mode, expected) in
        [(ScoreMode::Sum, 15.0), (ScoreMode::Avg, 5.0), (ScoreMode::Min, 2.0), (ScoreMode::Max, 10.0)]
    {
        let rules = LegacyRules { score_mode: mode, accept_score: 10.0, ..LegacyRules::default() };
        let problem = grading(true, legacy("", rules, tests(0..3)));
        let scores = [TestScore::verdict(Ac), score(Ac, 3.0), share(0.2)];
        assert_eq!(judge_scores(&problem, &scores).0.score, Some(expected), "{mode:?}");
    }
}

#[test]
fn a_score_outside_the_range_is_a_judge_error() {
    let rules =
        LegacyRules { range: ScoreRange { min: Some(0.0), max: Some(5.0) }, ..LegacyRules::default() };
    let problem = grading(true, legacy("", rules, tests(0..1)));
    let (graded, _) = judge_scores(&problem, &[score(Ac, 6.0)]);
    assert_eq!((graded.verdict, graded.score), (Je, None));
    assert_eq!(graded.judge_error.unwrap(), "the score 6 of data is outside its range");
    let (graded, _) = judge_scores(&problem, &[score(Ac, f64::NAN)]);
    assert_eq!(graded.verdict, Je);
}

#[test]
fn a_rejected_legacy_submission_has_no_points() {
    let problem = grading(true, legacy("", LegacyRules::default(), tests(0..2)));
    let (graded, _) = judge(&problem, &[Ac, Wa]);
    assert_eq!((graded.verdict, graded.score), (Wa, Some(0.0)));
}

#[test]
fn less_is_better_when_the_objective_is_min() {
    let rules = LegacyRules { range: ScoreRange { min: Some(10.0), max: None }, ..LegacyRules::default() };
    let problem =
        Arc::new(Grading { scoring: true, objective: Objective::Min, root: legacy("", rules, tests(0..1)) });
    assert_eq!(judge_scores(&problem, &[score(Ac, 10.0)]).0.verdict, Ac);
    assert_eq!(judge_scores(&problem, &[score(Ac, 11.0)]).0.verdict, Pa);
    assert_eq!(judge_scores(&problem, &[score(Wa, 11.0)]).0.score, None);
}

#[test]
fn without_a_bound_a_failure_makes_it_partial() {
    let rules =
        LegacyRules { on_reject: OnReject::Continue, accept_if_any_accepted: true, ..LegacyRules::default() };
    let problem = grading(true, legacy("", rules, tests(0..2)));
    assert_eq!(judge(&problem, &[Ac, Ac]).0.verdict, Ac);
    assert_eq!(judge(&problem, &[Ac, Wa]).0.verdict, Pa);
    assert_eq!(judge(&problem, &[Wa, Rte]).0.verdict, Rte);
}

#[test]
fn a_judge_error_outweighs_everything() {
    let rules = LegacyRules {
        on_reject: OnReject::Continue,
        verdict_mode: VerdictMode::AlwaysAccept,
        ..LegacyRules::default()
    };
    let problem = grading(true, legacy("", rules, tests(0..3)));
    assert_eq!(judge(&problem, &[Ac, Je, Wa]).0.verdict, Je);
    assert_eq!(judge(&problem, &[Je, Ac, Ac]).0.verdict, Je);
}

// ---- 2025-09

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
fn groups_of_all_three_aggregations_sum_up() {
    let problem = subtasks();
    let (graded, run) = judge(&problem, &[Ac; 8]);
    assert_eq!((graded.verdict, graded.score, run.len()), (Ac, Some(100.0), 8));
    let mut scores = [TestScore::verdict(Ac); 8];
    scores[4].verdict = Wa;
    scores[6] = share(0.5);
    let (graded, _) = judge_scores(&problem, &scores);
    assert_eq!((graded.verdict, graded.score), (Pa, Some(20.0 + 20.0 + 25.0)));
    assert_eq!(graded.tests[3].score, Some(10.0));
    assert_eq!(graded.tests[3].max_score, Some(10.0));
    assert_eq!((graded.tests[0].counts, graded.tests[0].score), (false, None));
}

#[test]
fn an_unmet_requirement_skips_the_group() {
    let (graded, run) = judge(&subtasks(), &[Ac, Rte, Ac, Ac, Ac, Ac, Ac, Ac]);
    assert_eq!(run, [0, 1, 3, 4, 5], "group 1 stops, group 3 is not run");
    assert_eq!((graded.verdict, graded.score), (Pa, Some(30.0)));
    let third = graded.groups.iter().find(|g| g.name == "secret/3").unwrap();
    assert_eq!((third.verdict, third.score), (None, Some(0.0)));
    let (graded, run) = judge(&subtasks(), &[Tle, Ac, Ac, Wa, Wa, Wa, Ac, Ac]);
    assert_eq!(run, [0, 3, 4, 5]);
    assert_eq!((graded.verdict, graded.score), (Tle, Some(0.0)), "what failed first");
}

#[test]
fn a_pass_fail_secret_is_all_or_nothing() {
    let groups = vec![
        Child::Group(modern("secret/1", Some(1.0), Aggregation::PassFail, &[], tests(1..3))),
        Child::Group(modern("secret/2", Some(1.0), Aggregation::PassFail, &["sample"], tests(3..4))),
    ];
    let secret = modern("secret", Some(7.0), Aggregation::PassFail, &[], groups);
    let sample = modern("sample", None, Aggregation::PassFail, &[], tests(0..1));
    let problem = grading(
        true,
        modern("", None, Aggregation::PassFail, &[], vec![Child::Group(sample), Child::Group(secret)]),
    );
    assert_eq!(judge(&problem, &[Ac; 4]).0.score, Some(7.0));
    let (graded, run) = judge(&problem, &[Ac, Ac, Wa, Ac]);
    assert_eq!((graded.verdict, graded.score, run), (Wa, Some(0.0), vec![0, 1, 2]));
    let (graded, _) = judge(&problem, &[Mle, Ac, Ac, Ac]);
    assert_eq!((graded.verdict, graded.score), (Mle, Some(0.0)), "a group that was not run is not accepted");
}

#[test]
fn unbounded_groups_take_scores_as_they_are() {
    let secret = modern("secret", None, Aggregation::Sum, &[], tests(0..2));
    let problem = grading(true, modern("", None, Aggregation::PassFail, &[], vec![Child::Group(secret)]));
    let (graded, _) = judge_scores(&problem, &[score(Ac, 1234.5), score(Ac, 0.5)]);
    assert_eq!((graded.verdict, graded.score, graded.max_score), (Ac, Some(1235.0), None));
    let (graded, _) = judge_scores(&problem, &[score(Ac, 1.0), TestScore::verdict(Wa)]);
    assert_eq!((graded.verdict, graded.score), (Pa, Some(1.0)));
}

#[test]
fn breaches_of_the_score_rules_are_judge_errors() {
    let problem = subtasks();
    for (test, broken, cause) in [
        (1, score(Ac, 1.0), "test 2: score.txt in a group with pass-fail aggregation"),
        (3, score(Wa, 1.0), "test 4: score.txt on a test that is not accepted"),
        (3, score(Ac, 11.0), "test 4: score.txt holds 11, more than the test's maximum 10"),
        (3, score(Ac, -1.0), "test 4: score.txt holds -1, not a number of at least 0"),
        (3, score(Ac, f64::NAN), "test 4: score.txt holds NaN, not a number of at least 0"),
        (3, share(1.5), "test 4: score_multiplier.txt holds 1.5, not a number from 0 to 1"),
    ] {
        let mut scores = [TestScore::verdict(Ac); 8];
        scores[test] = broken;
        let (graded, _) = judge_scores(&problem, &scores);
        assert_eq!((graded.verdict, graded.judge_error.as_deref()), (Je, Some(cause)));
    }
    let secret = modern("secret", None, Aggregation::Sum, &[], tests(0..1));
    let unbounded = grading(true, modern("", None, Aggregation::PassFail, &[], vec![Child::Group(secret)]));
    assert_eq!(judge(&unbounded, &[Ac]).0.verdict, Je);
    assert_eq!(judge_scores(&unbounded, &[share(1.0)]).0.verdict, Je);
}

#[test]
fn thirds_add_up_to_the_whole() {
    let secret = modern("secret", Some(100.0), Aggregation::Sum, &[], tests(0..3));
    let problem = grading(true, modern("", None, Aggregation::PassFail, &[], vec![Child::Group(secret)]));
    assert_eq!(judge(&problem, &[Ac; 3]).0.verdict, Ac);
}

/// A legacy root with one group of `count` tests, all accepted, each worth `each`.
fn shares(count: usize, each: f64, full: f64, score_mode: ScoreMode, groups: bool) -> Arc<Grading> {
    let range = |max| ScoreRange { min: Some(0.0), max: Some(max) };
    let rules = |max, score_mode| LegacyRules {
        range: range(max),
        accept_score: each,
        score_mode,
        ..LegacyRules::default()
    };
    let children = if groups {
        let group = |i: usize| legacy(&format!("secret/{i}"), rules(each, ScoreMode::Min), tests(i..i + 1));
        (0..count).map(|i| Child::Group(group(i))).collect()
    } else {
        tests(0..count)
    };
    let secret = legacy("secret", rules(full, score_mode), children);
    grading(true, legacy("", rules(full, ScoreMode::Sum), vec![Child::Group(secret)]))
}

#[test]
fn sums_of_decimal_shares_are_the_decimal_sum() {
    for (count, each, full) in [
        (3, 0.1, 0.3),
        (10, 0.1, 1.0),
        (6, 0.1, 0.6),
        (3, 0.7, 2.1),
        (20, 0.05, 1.0),
        (3, 1.1, 3.3),
        (1000, 0.1, 100.0),
        (9, 11.11, 99.99),
        (7, 1e-3, 7e-3),
        (3, 123_456_789.1, 370_370_367.3),
        (3, 1e15, 3e15),
        (4, 25.0, 100.0),
    ] {
        for groups in [false, true] {
            let problem = shares(count, each, full, ScoreMode::Sum, groups);
            let graded = judge(&problem, &vec![Ac; count]).0;
            assert_eq!(
                (graded.verdict, graded.score),
                (Ac, Some(full)),
                "{count} of {each}, groups {groups}"
            );
            assert!(graded.groups.iter().all(|group| group.score <= group.max_score), "{graded:?}");
        }
        let problem = shares(count, each, each, ScoreMode::Avg, false);
        assert_eq!(judge(&problem, &vec![Ac; count]).0.score, Some(each), "average of {count} of {each}");
    }
}

#[test]
fn a_sum_without_a_bound_is_told_without_a_hair_too() {
    let rules = || LegacyRules { accept_score: 0.1, ..LegacyRules::default() };
    for count in [3, 6, 7, 9, 17, 500] {
        let problem = grading(true, legacy("", rules(), tests(0..count)));
        let expected: f64 = format!("{}.{}", count / 10, count % 10).parse().unwrap();
        assert_eq!(judge(&problem, &vec![Ac; count]).0.score, Some(expected));
    }
}

#[test]
fn equal_shares_of_a_maximum_sum_up_to_it_and_never_more() {
    for max in [1.0, 7.0, 10.0, 100.0, 1e9] {
        for count in [2, 3, 6, 7, 9, 11, 13, 30, 49, 97, 333] {
            let secret = modern("secret", Some(max), Aggregation::Sum, &[], tests(0..count));
            let problem =
                grading(true, modern("", None, Aggregation::PassFail, &[], vec![Child::Group(secret)]));
            let graded = judge(&problem, &vec![Ac; count]).0;
            assert_eq!((graded.verdict, graded.score), (Ac, Some(max)), "{count} share {max}");
            // What a validator reads off its maximum and writes to score.txt is the maximum.
            let share = graded.tests[0].max_score.unwrap();
            let graded = judge_scores(&problem, &vec![score(Ac, share); count]).0;
            assert_eq!((graded.verdict, &graded.judge_error), (Ac, &None), "{count} share {max}");
            assert_eq!(graded.score, Some(max));
        }
    }
    let secret = modern("secret", Some(100.0), Aggregation::Sum, &[], tests(0..3));
    let problem = grading(true, modern("", None, Aggregation::PassFail, &[], vec![Child::Group(secret)]));
    let graded = judge(&problem, &[Ac, Wa, Ac]).0;
    assert_eq!((graded.verdict, graded.score), (Pa, Some(66.666_666_667)));
    assert_eq!(graded.tests[0].score, Some(33.333_333_333));
}

#[test]
fn a_maximum_with_many_decimals_is_reached_and_not_passed() {
    for full in [0.123_456_789_49, 0.123_456_789_51, 1.0 / 3.0] {
        let graded = judge(&shares(1, full, full, ScoreMode::Sum, true), &[Ac]).0;
        assert_eq!((graded.verdict, graded.score), (Ac, Some(full)));
        assert!(graded.groups.iter().all(|group| group.score <= group.max_score), "{graded:?}");
    }
}

#[test]
fn a_root_that_is_accepted_with_no_points_is_partial() {
    let group = |name: &str, points: f64, range: std::ops::Range<usize>| {
        let rules = LegacyRules {
            accept_score: points,
            range: ScoreRange { min: Some(0.0), max: Some(points) },
            score_mode: ScoreMode::Min,
            ..LegacyRules::default()
        };
        Child::Group(legacy(name, rules, tests(range)))
    };
    let top = |verdict_mode, accept_if_any_accepted| LegacyRules {
        on_reject: OnReject::Continue,
        range: ScoreRange { min: Some(0.0), max: Some(10.0) },
        verdict_mode,
        accept_if_any_accepted,
        ..LegacyRules::default()
    };
    let groups = || vec![group("secret/1", 0.0, 0..1), group("secret/2", 10.0, 1..2)];
    for (mode, any, verdicts, expected) in [
        (VerdictMode::FirstError, true, [Ac, Wa], Pa),
        (VerdictMode::WorstError, true, [Ac, Tle], Pa),
        (VerdictMode::FirstError, false, [Ac, Wa], Wa),
        (VerdictMode::AlwaysAccept, false, [Wa, Rte], Pa),
        (VerdictMode::FirstError, true, [Wa, Rte], Wa),
        (VerdictMode::FirstError, true, [Ac, Ac], Ac),
    ] {
        let secret = legacy("secret", top(mode, any), groups());
        let root = top(VerdictMode::WorstError, false);
        let problem = grading(true, legacy("", root, vec![Child::Group(secret)]));
        let graded = judge(&problem, &verdicts).0;
        let points = if expected == Ac { 10.0 } else { 0.0 };
        assert_eq!((graded.verdict, graded.score), (expected, Some(points)), "{mode:?} {any} {verdicts:?}");
    }
    // With nothing to have, all of it is full score.
    let rules = LegacyRules {
        range: ScoreRange { min: Some(0.0), max: Some(0.0) },
        accept_score: 0.0,
        ..top(VerdictMode::WorstError, false)
    };
    let problem = grading(true, legacy("", rules, tests(0..1)));
    assert_eq!(judge(&problem, &[Ac]).0.verdict, Ac);
}

#[test]
fn a_pass_fail_problem_of_2025_stops_in_the_sample() {
    let secret = modern("secret", None, Aggregation::PassFail, &[], tests(1..3));
    let sample = modern("sample", None, Aggregation::PassFail, &[], tests(0..1));
    let problem = grading(
        false,
        modern("", None, Aggregation::PassFail, &[], vec![Child::Group(sample), Child::Group(secret)]),
    );
    let (graded, run) = judge(&problem, &[Wa, Ac, Ac]);
    assert_eq!((graded.verdict, graded.score, run), (Wa, None, vec![0]));
}

#[test]
fn a_grading_travels_as_json() {
    for problem in [olympiad(), subtasks()] {
        let text = serde_json::to_string(&*problem).unwrap();
        assert_eq!(serde_json::from_str::<Grading>(&text).unwrap(), *problem);
    }
}

// ---- properties

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![5 => Just(Ac), 1 => prop::sample::select(vec![Wa, Tle, Mle, Ole, Rte, Je])]
}

/// A tree of groups over tests numbered in order.
fn tree(modern_only: bool) -> impl Strategy<Value = (Arc<Grading>, usize)> {
    let group = (1_usize..4, any::<bool>(), 0_usize..3, 0_usize..4, any::<bool>(), any::<bool>());
    (
        prop::collection::vec(group, 1..4),
        prop::bool::weighted(if modern_only { 1.0 } else { 0.5 }),
        any::<bool>(),
        0_usize..3,
    )
        .prop_map(|(shapes, is_modern, scoring, secret)| {
            let mut next = 0;
            let mut children = Vec::new();
            for (number, (size, brk, verdict_mode, score_mode, any, require)) in
                shapes.into_iter().enumerate()
            {
                let range = next..next + size;
                next += size;
                let name = format!("secret/{number}");
                children.push(Child::Group(if is_modern {
                    let kind = [Aggregation::PassFail, Aggregation::Sum, Aggregation::Min][verdict_mode];
                    let earlier = format!("secret/{}", number.saturating_sub(1));
                    let required = if require && number > 0 { vec![earlier.as_str()] } else { Vec::new() };
                    modern(&name, Some(10.0), kind, &required, tests(range))
                } else {
                    let modes = [VerdictMode::WorstError, VerdictMode::FirstError, VerdictMode::AlwaysAccept];
                    let scores = [ScoreMode::Sum, ScoreMode::Avg, ScoreMode::Min, ScoreMode::Max];
                    let rules = LegacyRules {
                        on_reject: if brk { OnReject::Break } else { OnReject::Continue },
                        verdict_mode: modes[verdict_mode],
                        score_mode: scores[score_mode],
                        accept_if_any_accepted: any,
                        ..LegacyRules::default()
                    };
                    legacy(&name, rules, tests(range))
                }));
            }
            let root = if is_modern {
                let kind = [Aggregation::PassFail, Aggregation::Sum, Aggregation::Min][secret];
                let group = modern("secret", Some(30.0), kind, &[], children);
                modern("", None, Aggregation::PassFail, &[], vec![Child::Group(group)])
            } else {
                legacy("", LegacyRules::default(), children)
            };
            (grading(scoring, root), next)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_records_changes_nothing(
        (problem, count) in tree(false),
        verdicts in prop::collection::vec(verdict(), 12),
        keys in prop::collection::vec(any::<u32>(), 12),
    ) {
        let (in_order, _) = judge(&problem, &verdicts);
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|i| keys[*i]);
        let mut grader = Grader::new(Arc::clone(&problem), true);
        for index in order {
            grader.record(TestIndex(index), TestScore::verdict(verdicts[index]));
        }
        let shuffled = grader.finish().unwrap();
        prop_assert_eq!((in_order.verdict, in_order.score), (shuffled.verdict, shuffled.score));
        prop_assert_eq!(&in_order.groups, &shuffled.groups);
        prop_assert_eq!(in_order.judge_error, shuffled.judge_error);
    }

    #[test]
    fn running_in_parallel_ends_with_the_same_result(
        (problem, _) in tree(false),
        verdicts in prop::collection::vec(verdict(), 12),
        picks in prop::collection::vec(0_usize..3, 40),
    ) {
        let (in_order, _) = judge(&problem, &verdicts);
        let mut grader = Grader::new(Arc::clone(&problem), false);
        let mut running: Vec<TestIndex> = Vec::new();
        let mut picks = picks.into_iter().cycle();
        loop {
            while running.len() < 3 {
                let Some(index) = grader.next() else { break };
                prop_assert!(grader.may_matter(index));
                running.push(index);
            }
            if running.is_empty() {
                break;
            }
            let index = running.remove(picks.next().unwrap() % running.len());
            grader.record(index, TestScore::verdict(verdicts[index.0]));
            let still: Vec<_> = running.iter().copied().filter(|index| grader.may_matter(*index)).collect();
            running = still;
        }
        let parallel = grader.finish().unwrap();
        prop_assert_eq!((in_order.verdict, in_order.score), (parallel.verdict, parallel.score));
        prop_assert_eq!(in_order.groups, parallel.groups);
    }

    #[test]
    fn min_is_at_most_avg_at_most_max_and_sum(verdicts in prop::collection::vec(verdict(), 1..10)) {
        let of = |score_mode| {
            let rules = LegacyRules {
                on_reject: OnReject::Continue,
                verdict_mode: VerdictMode::AlwaysAccept,
                score_mode,
                ..LegacyRules::default()
            };
            judge(&grading(true, legacy("", rules, tests(0..verdicts.len()))), &verdicts).0.score
        };
        let modes = [ScoreMode::Min, ScoreMode::Avg, ScoreMode::Max, ScoreMode::Sum].map(of);
        if verdicts.contains(&Je) {
            prop_assert_eq!(modes, [None; 4]);
        } else {
            prop_assert!(modes.is_sorted(), "{:?}", modes);
        }
    }

    #[test]
    fn accepting_one_more_test_never_costs_points(
        (problem, count) in tree(true),
        verdicts in prop::collection::vec(prop_oneof![Just(Ac), Just(Wa)], 12),
        lucky in 0_usize..12,
    ) {
        let before = judge(&problem, &verdicts).0.score;
        let mut better = verdicts;
        better[lucky % count] = Ac;
        prop_assert!(judge(&problem, &better).0.score >= before);
    }

    #[test]
    fn accepted_means_every_test_and_every_point(
        (problem, count) in tree(true),
        verdicts in prop::collection::vec(verdict(), 12),
    ) {
        let graded = judge(&problem, &verdicts).0;
        if verdicts[..count].iter().all(|v| *v == Ac) {
            prop_assert!(matches!(graded.verdict, Ac | Pa));
        } else {
            prop_assert!(graded.verdict != Ac || graded.tests.iter().any(|t| t.verdict.is_none()));
        }
    }
}
