use gavel_problem::Verdict;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::json::{cut, length, text_length};
use super::*;
use crate::{Captured, CompileReport, GroupReport, Lane, Limits, SubmissionId, SubmissionRef};

/// Texts as hostile programs and packages write them: control bytes, quotes, characters of every length.
fn text(most: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        2 => "[ -~]{0,80}",
        2 => vec(any::<char>(), 0..200).prop_map(String::from_iter),
        1 => (any::<char>(), 0..most).prop_map(|(character, times)| character.to_string().repeat(times)),
        1 => (0..most).prop_map(|times| "\u{1}\"\\\u{7f}é𝄞".repeat(times / 8)),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Ac), 2 => (0..Verdict::ALL.len()).prop_map(|at| Verdict::ALL[at])]
}

fn captured() -> impl Strategy<Value = Option<Captured>> {
    let bytes = prop_oneof![text(4_000).prop_map(String::into_bytes), vec(any::<u8>(), 0..300)];
    option::of((bytes, 0..3_u64).prop_map(|(bytes, more)| Captured::new(&bytes, bytes.len() as u64 + more)))
}

prop_compose! {
    fn test()(
        name in text(2_000), group in option::of(text(500)), verdict in verdict(), figures in any::<[f64; 4]>(),
        memory_bytes in any::<u64>(), exit_code in any::<Option<i32>>(), stdout in captured(), stderr in captured(),
        checker_message in option::of(text(4_000)), team_message in option::of(text(2_000)),
    ) -> TestReport {
        let [cpu_ms, wall_ms, waited_ms, score] = figures;
        TestReport {
            cpu_ms, wall_ms, waited_ms: Some(waited_ms), score: Some(score), memory_bytes, exit_code, stdout, stderr,
            checker_message, team_message, first_cpu_ms: Some(cpu_ms), group,
            ..TestReport::new(&name, None, verdict)
        }
    }
}

prop_compose! {
    fn compile()(output in text(20_000), cpu_ms in any::<f64>(), memory_bytes in any::<u64>()) -> CompileReport {
        CompileReport {
            exit_code: Some(1), output, truncated: false, cpu_ms, wall_ms: 1.5, memory_bytes, cached: true, limit: None,
        }
    }
}

prop_compose! {
    fn result()(
        words in vec(text(3_000), 5), error in text(20_000), verdict in verdict(), tests in vec(test(), 0..12),
        times in prop_oneof![3 => Just(1), 1 => 1..60_usize], compile in option::of(compile()),
        groups in vec((text(1_000), option::of(verdict()), any::<f64>()), 0..60), figure in any::<f64>(),
    ) -> JudgeResult {
        let of = SubmissionRef {
            id: SubmissionId::new(), lane: Lane::Contest, language: &words[0], created_at: jiff::Timestamp::MAX,
        };
        let group = |(name, verdict, score)| GroupReport { name, verdict, score: Some(score), max_score: Some(score) };
        JudgeResult {
            verdict, compile, score: Some(figure), max_score: Some(figure), limits: Some(Limits::DEFAULT),
            tests: std::iter::repeat_n(tests, times).flatten().collect(),
            groups: groups.into_iter().map(group).collect(),
            image: Some(words[1].clone()), compiler: Some(words[2].clone()), cpu_ms: figure,
            memory_bytes: Some(u64::MAX),
            ..JudgeResult::judge_error(of, &words[3], u32::MAX, error)
        }
    }
}

fn count(verdicts: impl Iterator<Item = Verdict>) -> std::collections::BTreeMap<Verdict, u64> {
    let mut counts = std::collections::BTreeMap::new();
    verdicts.for_each(|verdict| *counts.entry(verdict).or_default() += 1);
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_length_of_a_text_is_what_is_written(text in text(300)) {
        prop_assert_eq!(text_length(&text), serde_json::to_string(&text).unwrap().len() - 2);
    }

    #[test]
    fn a_cut_text_is_the_longest_begin_that_fits(text in text(300), most in 0_usize..400) {
        let mut begin = text.clone();
        let was_cut = cut(&mut begin, most);
        prop_assert!(text.starts_with(&begin));
        prop_assert_eq!(was_cut, begin != text);
        prop_assert!(text_length(&begin) <= most);
        if let Some(next) = text[begin.len()..].chars().next() {
            begin.push(next);
            prop_assert!(text_length(&begin) > most);
        }
    }

    #[test]
    fn any_result_fits_and_says_what_is_missing(result in result(), most in LEAST_RESULT..60_000) {
        let whole = length(&result);
        let bounded = result.clone().bounded(most);
        prop_assert!(length(&bounded) + json::ENVELOPE <= most, "{} of {}", length(&bounded), whole);
        prop_assert_eq!(bounded.truncated, whole + json::ENVELOPE > most);
        if !bounded.truncated {
            prop_assert_eq!(serde_json::to_value(&bounded).unwrap(), serde_json::to_value(&result).unwrap());
        }
        prop_assert_eq!((bounded.verdict, bounded.limits, bounded.attempt), (result.verdict, result.limits, result.attempt));

        let left_out = bounded.left_out.clone().unwrap_or_default();
        prop_assert_eq!(left_out.tests as usize + bounded.tests.len(), result.tests.len());
        prop_assert_eq!(left_out.groups as usize + bounded.groups.len(), result.groups.len());
        let mut all = count(bounded.tests.iter().map(|test| test.verdict));
        left_out.verdicts.iter().for_each(|(verdict, tests)| *all.entry(*verdict).or_default() += tests);
        prop_assert_eq!(all, count(result.tests.iter().map(|test| test.verdict)));
        // A test that passed is listed only where every one that failed is.
        if bounded.tests.iter().any(|test| test.verdict == Verdict::Ac) {
            prop_assert!(left_out.verdicts.keys().all(|verdict| *verdict == Verdict::Ac), "{:?}", left_out);
        }
        for test in &bounded.tests {
            for captured in [&test.stdout, &test.stderr].into_iter().flatten() {
                // What is left can be read.
                let shown = captured.lossy().len() as u64;
                prop_assert!(captured.truncated || captured.encoding == crate::Encoding::Base64 || shown == captured.bytes);
            }
        }
        let again = bounded.clone().bounded(most);
        prop_assert_eq!(length(&again), length(&bounded), "what fits is left alone");
    }

    #[test]
    fn texts_that_are_collected_keep_to_their_room(mut tests in vec(test(), 0..20), most in 0_usize..50_000) {
        let before: usize = tests.iter().map(texts_length).sum();
        trim_texts(tests.iter_mut(), most);
        let after: usize = tests.iter().map(texts_length).sum();
        prop_assert!(after <= most.min(before));
    }
}

/// 400 tests that print control bytes on both streams.
fn flood() -> JudgeResult {
    let of = SubmissionRef {
        id: SubmissionId::new(),
        lane: Lane::Contest,
        language: "c",
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let bytes = vec![1; 64 * 1024];
    let test = |number: usize| TestReport {
        stdout: Some(Captured::new(&bytes, bytes.len() as u64)),
        stderr: Some(Captured::new(&bytes, bytes.len() as u64)),
        checker_message: Some("token 1: expected \"x\"".to_owned()),
        ..TestReport::new(&number.to_string(), None, if number == 200 { Verdict::Wa } else { Verdict::Ac })
    };
    JudgeResult {
        tests: (0..400).map(test).collect(),
        ..JudgeResult::judge_error(of, "worker", 1, String::new())
    }
}

#[test]
fn the_figures_of_all_tests_and_the_texts_of_the_one_that_failed_are_kept() {
    let bounded = flood().bounded(256 * 1024);
    assert_eq!((bounded.tests.len(), bounded.left_out.as_ref()), (400, None));
    let shown = |at: usize| bounded.tests[at].stdout.as_ref().unwrap().data.len();
    assert!(shown(200) > 1_000, "{}", shown(200));
    assert!(shown(0) < 100, "{}", shown(0));
    assert!(bounded.tests.iter().all(|test| test.stdout.as_ref().unwrap().truncated));
    assert_eq!(bounded.tests[200].checker_message.as_deref(), Some("token 1: expected \"x\""));
}

#[test]
fn a_result_that_fits_is_not_touched() {
    let mut result = flood();
    result.tests.truncate(1);
    result.error = Some("\u{1}".repeat(10_000));
    assert_eq!(result.clone().bounded(1 << 20), result);
}
