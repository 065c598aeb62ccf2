//! What must become of example submissions.

use super::super::{Expectation, Observed, ObservedTest, TimeBound};
use super::{LEGACY, MODERN, folder, load, with};
use crate::Verdict::{self, Ac, Ce, Je, Mle, Ole, Pa, Rte, Tle, Wa};

/// The expectation of `submissions/DIRECTORY/x.py`.
fn expectation(base: &[(&str, &str)], directory: &str, source: &str, yaml: &str) -> Expectation {
    let path = format!("submissions/{directory}/x.py");
    let changes = [(path.as_str(), source), ("submissions/submissions.yaml", yaml)];
    let folder = folder(&with(base, &changes));
    let loaded = load(folder.path()).unwrap_or_else(|invalid| panic!("{invalid:#?}"));
    let name = format!("{directory}/x.py");
    loaded.package.submissions.iter().find(|s| s.name == name).unwrap().expectation.clone()
}

fn check(expectation: &Expectation, verdicts: &[Verdict], verdict: Verdict) -> Result<(), String> {
    let names: Vec<String> = (0..verdicts.len()).map(|i| format!("secret/{i}")).collect();
    let tests: Vec<_> = names
        .iter()
        .zip(verdicts)
        .map(|(name, verdict)| ObservedTest { name, verdict: *verdict, message: "too small" })
        .collect();
    expectation.check(&Observed {
        verdict,
        score: Some(50.0),
        tests: &tests,
        groups: &[("secret", Some(50.0))],
    })
}

#[test]
fn folders_of_both_versions() {
    for (directory, verdicts, verdict, legacy, modern) in [
        ("accepted", &[Ac, Ac][..], Ac, true, true),
        ("accepted", &[Ac, Wa], Wa, false, false),
        ("wrong_answer", &[Ac, Wa], Wa, true, true),
        ("wrong_answer", &[Ac, Ac], Ac, false, false),
        ("wrong_answer", &[Tle, Wa], Tle, false, false),
        ("wrong_answer", &[Rte], Rte, false, false),
        ("time_limit_exceeded", &[Ac, Tle], Tle, true, true),
        ("time_limit_exceeded", &[Wa, Tle], Tle, true, false),
        ("time_limit_exceeded", &[Rte, Tle], Tle, false, false),
        ("time_limit_exceeded", &[Ac], Ac, false, false),
        ("run_time_error", &[Ac, Rte], Rte, true, true),
        ("run_time_error", &[Wa, Rte], Rte, true, false),
        ("run_time_error", &[Mle], Mle, true, true),
        ("memory_limit_exceeded", &[Mle], Mle, true, true),
        ("memory_limit_exceeded", &[Rte], Rte, false, false),
        ("output_limit_exceeded", &[Ac, Ole], Ole, true, true),
        ("rejected", &[Ac, Tle], Tle, true, true),
        ("rejected", &[Ac], Ac, false, false),
        ("brute_force", &[Ac, Tle], Tle, true, true),
        ("brute_force", &[Tle, Wa], Tle, false, false),
        ("accepted", &[], Ce, false, false),
    ] {
        for (base, expected) in [(LEGACY, legacy), (MODERN, modern)] {
            let got = check(&expectation(base, directory, "", ""), verdicts, verdict);
            assert_eq!(got.is_ok(), expected, "{directory} {verdicts:?}: {got:?}");
        }
    }
}

#[test]
fn partial_and_full_scores() {
    let scoring: Vec<_> = with(LEGACY, &[("problem.yaml", "name: Sum\ntype: scoring\n")]);
    let accepted = expectation(&scoring, "accepted", "", "");
    assert!(check(&accepted, &[Ac, Pa], Ac).is_ok());
    assert_eq!(
        check(&accepted, &[Ac, Ac], Pa).unwrap_err(),
        "got PA with score 50, expected AC with the best score"
    );
    let partial = expectation(&scoring, "partially_accepted", "", "");
    assert!(check(&partial, &[Ac, Wa], Pa).is_ok());
    assert!(check(&partial, &[Ac, Ac], Ac).is_err() && check(&partial, &[Wa], Wa).is_err());
}

#[test]
fn a_judge_error_is_never_expected() {
    let any = Expectation::default();
    assert!(check(&any, &[], Ac).is_ok());
    assert_eq!(check(&any, &[Je], Je).unwrap_err(), "got JE, which is no judgement");
}

#[test]
fn comments_in_the_source_outweigh_the_folder() {
    for (comment, verdict, expected) in [
        ("# @EXPECTED_RESULTS@: CORRECT", Ac, true),
        ("/* @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT */", Tle, true),
        ("# @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT", Ac, false),
        ("# @EXPECTED_RESULTS@: run-error", Rte, true),
        ("# @EXPECTED_RESULTS@: RUN-ERROR", Mle, true),
        ("# @EXPECTED_RESULTS@: MEMORY-LIMIT", Mle, true),
        ("# @EXPECTED_RESULTS@: MEMORY-LIMIT", Rte, false),
        ("# @EXPECTED_RESULTS@: OUTPUT-LIMIT", Ole, true),
        ("# @EXPECTED_RESULTS@: COMPILER-ERROR", Ce, true),
        ("# @EXPECTED_RESULTS@: NO-OUTPUT", Wa, true),
        ("# @EXPECTED_RESULTS@: TIME_LIMIT_EXCEEDED", Tle, true),
        ("# @EXPECTED_RESULTS@: CHECK-MANUALLY", Rte, true),
    ] {
        let source = format!("first line\n{comment}\nlast line\n");
        let got = check(&expectation(LEGACY, "mixed", &source, ""), &[verdict], verdict);
        assert_eq!(got.is_ok(), expected, "{comment} {verdict}: {got:?}");
    }
    let message =
        check(&expectation(LEGACY, "mixed", "@EXPECTED_RESULTS@: CORRECT", ""), &[Wa], Wa).unwrap_err();
    assert_eq!(message, "got WA, expected AC");
}

#[test]
fn patterns_change_defaults_or_add_to_them() {
    let changed =
        expectation(MODERN, "time_limit_exceeded", "", "time_limit_exceeded:\n  permitted: [AC, WA, TLE]\n");
    assert!(check(&changed, &[Wa, Tle], Tle).is_ok(), "the folder's own name replaces");
    assert!(check(&changed, &[Wa], Wa).is_err(), "required is inherited");
    let added = expectation(
        MODERN,
        "time_limit_exceeded",
        "",
        "time_limit_exceeded/*:\n  permitted: [AC, WA, TLE]\n",
    );
    assert_eq!(
        check(&added, &[Wa, Tle], Tle).unwrap_err(),
        "got WA on secret/0, permitted by time_limit_exceeded: AC, TLE"
    );
}

#[test]
fn rules_for_some_tests_messages_and_scores() {
    let yaml = "wrong_answer/*.{py,cpp}:\n  message: too small\n  secret/{0,1}:\n    permitted: [AC]\n  secret/2:\n    required: [WA]\n";
    let expected = expectation(MODERN, "wrong_answer", "", yaml);
    assert!(check(&expected, &[Ac, Ac, Wa], Wa).is_ok());
    assert!(check(&expected, &[Ac, Wa, Wa], Wa).is_err());
    assert!(check(&expected, &[Ac, Ac, Ac, Wa], Wa).is_err());
    let timed = expectation(
        MODERN,
        "mixed",
        "",
        "mixed:\n  secret/0: {use_for_time_limit: lower}\n  secret/1: {use_for_time_limit: upper}\n",
    );
    assert!(check(&timed, &[Ac, Tle], Tle).is_ok());
    assert!(check(&timed, &[Ac, Wa], Wa).is_err() && check(&timed, &[Tle, Tle], Tle).is_err());
    let other = expectation(MODERN, "wrong_answer", "", "'*/x.py': {message: too large}\n");
    assert_eq!(
        check(&other, &[Wa], Wa).unwrap_err(),
        "no judge message contains \"too large\", which */x.py requires"
    );
    let scoring = "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: scoring\n";
    let base = with(MODERN, &[("problem.yaml", scoring)]);
    for (yaml, fits) in [
        ("mixed/x.py: {score: 50}\n", true),
        ("mixed/x.py: {score: [40, 60]}\n", true),
        ("mixed/x.py: {score: [51, 60]}\n", false),
        ("mixed/x.py: {secret: {score: 50}}\n", true),
        ("mixed/x.py: {secret: {score: 49}}\n", false),
    ] {
        assert_eq!(check(&expectation(&base, "mixed", "", yaml), &[Ac, Wa], Pa).is_ok(), fits, "{yaml}");
    }
}

#[test]
fn who_bounds_the_time_limit() {
    for (base, directory, yaml, lower, upper) in [
        (MODERN, "accepted", "", true, false),
        (MODERN, "wrong_answer", "", true, false),
        (MODERN, "run_time_error", "", true, false),
        (MODERN, "time_limit_exceeded", "", false, true),
        (MODERN, "brute_force", "", false, false),
        (MODERN, "rejected", "", false, false),
        (LEGACY, "accepted", "", true, false),
        (LEGACY, "wrong_answer", "", false, false),
        (LEGACY, "time_limit_exceeded", "", false, true),
        (MODERN, "accepted", "accepted: {use_for_time_limit: false}\n", false, false),
        (MODERN, "brute_force", "brute_force/x.py: {use_for_time_limit: lower}\n", true, false),
        (MODERN, "brute_force", "brute_force/x.py: {use_for_time_limit: upper}\n", false, true),
    ] {
        let expectation = expectation(base, directory, "", yaml);
        assert_eq!(!expectation.bounds(TimeBound::Lower).is_empty(), lower, "{directory} {yaml}");
        assert_eq!(!expectation.bounds(TimeBound::Upper).is_empty(), upper, "{directory} {yaml}");
    }
}

#[test]
fn an_expectation_travels_as_json() {
    let yaml = "wrong_answer/*:\n  secret/*:\n    permitted: [AC, WA]\n    use_for_time_limit: upper\n";
    let expected = expectation(MODERN, "wrong_answer", "", yaml);
    let text = serde_json::to_string(&expected).unwrap();
    assert_eq!(serde_json::from_str::<Expectation>(&text).unwrap(), expected);
}
