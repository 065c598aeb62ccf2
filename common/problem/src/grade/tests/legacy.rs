//! Groups and graders of legacy.

use super::*;

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
