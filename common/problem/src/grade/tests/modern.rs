//! Groups of `2025-09`.

use super::*;

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
