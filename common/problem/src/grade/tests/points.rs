//! Points of Polygon's and DMOJ's packages.

use super::*;

fn points(name: &str, points: GroupPoints, require: &[&str], gates: bool, children: Vec<Child>) -> Group {
    let require_pass = require.iter().map(|name| (*name).to_owned()).collect();
    let rules = GroupRules::Points(PointsRules { points, require_pass, gates });
    Group { name: name.to_owned(), rules, children }
}

/// A sample for nothing, two tests of 10 and 20 points, and two groups: 30 for all of two tests, and, if those are passed,
/// 40 by the lowest of two.
fn example(gates: bool) -> Arc<Grading> {
    let all = points("all", GroupPoints::All(30.0), &[], false, tests(3..5));
    let lowest = points("lowest", GroupPoints::Lowest(40.0), &["all"], false, tests(5..7));
    let mut children = tests(0..3);
    children.extend([Child::Group(all), Child::Group(lowest)]);
    grading(true, points("", GroupPoints::Each(vec![0.0, 10.0, 20.0]), &[], gates, children))
}

fn verdict_and_score(graded: &Graded) -> (Verdict, Option<f64>) {
    (graded.verdict, graded.score)
}

#[test]
fn all_points_are_accepted() {
    let (graded, run) = judge(&example(true), &[Ac; 7]);
    assert_eq!((verdict_and_score(&graded), graded.max_score), ((Ac, Some(100.0)), Some(100.0)));
    assert_eq!(run.len(), 7);
    let groups: Vec<_> = graded.groups.iter().map(|group| (group.name.as_str(), group.score)).collect();
    assert_eq!(groups, [("all", Some(30.0)), ("lowest", Some(40.0)), ("", Some(100.0))]);
}

#[test]
fn each_test_counts_by_itself() {
    let (graded, run) = judge(&example(true), &[Ac, Wa, Ac, Ac, Ac, Ac, Ac]);
    assert_eq!((verdict_and_score(&graded), run.len()), ((Pa, Some(90.0)), 7));
    assert_eq!(graded.tests[1].score, Some(0.0));
    assert_eq!(graded.tests[2].max_score, Some(20.0));
}

#[test]
fn a_group_is_worth_nothing_without_one_of_its_tests_and_ends_there() {
    let (graded, run) = judge(&example(true), &[Ac, Ac, Ac, Tle, Ac, Ac, Ac]);
    // The last group requires it.
    assert_eq!((verdict_and_score(&graded), run), ((Pa, Some(30.0)), vec![0, 1, 2, 3]));
    assert_eq!(graded.groups[1].verdict, None);
}

#[test]
fn a_failed_test_that_is_worth_nothing_ends_judging_where_it_is_a_gate() {
    let (graded, run) = judge(&example(true), &[Rte, Ac, Ac, Ac, Ac, Ac, Ac]);
    assert_eq!((verdict_and_score(&graded), run), ((Rte, Some(0.0)), vec![0]));
    // All points, and yet not accepted.
    let (graded, run) = judge(&example(false), &[Rte, Ac, Ac, Ac, Ac, Ac, Ac]);
    assert_eq!((verdict_and_score(&graded), run.len()), ((Pa, Some(100.0)), 7));
}

#[test]
fn a_checker_may_give_a_part() {
    let part = |points| score(Ac, points);
    let ac = TestScore::verdict(Ac);
    let all = [ac, part(2.5), ac, ac, ac, part(15.0), part(30.0)];
    let (graded, _) = judge_scores(&example(true), &all);
    assert_eq!(verdict_and_score(&graded), (Pa, Some(2.5 + 20.0 + 30.0 + 15.0)));
    // Points in a group that counts as a whole are not the whole.
    let (graded, run) = judge_scores(&example(true), &[ac, ac, ac, part(30.0), ac, ac, ac]);
    assert_eq!((verdict_and_score(&graded), run.len()), ((Pa, Some(30.0)), 4));
}

#[test]
fn points_beyond_the_tests_are_a_breach() {
    for points in [10.5, -1.0, f64::NAN] {
        let mut scores = [TestScore::verdict(Ac); 7];
        scores[1] = score(Ac, points);
        let (graded, _) = judge_scores(&example(true), &scores);
        assert_eq!(graded.verdict, Je);
        assert!(graded.judge_error.unwrap().contains("of 10 points to test 2"));
    }
}

#[test]
fn without_a_point_the_verdict_is_that_of_the_first_failure() {
    let (graded, _) = judge(&example(false), &[Ac, Wa, Tle, Rte, Rte, Wa, Wa]);
    assert_eq!(verdict_and_score(&graded), (Wa, Some(0.0)));
}
