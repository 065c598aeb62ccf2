//! What holds for every tree of groups.

use proptest::prelude::*;

use super::*;

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
