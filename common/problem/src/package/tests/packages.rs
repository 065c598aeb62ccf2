//! Good packages: what is read from them.

use super::super::{FormatVersion, Manifest, Package, Severity, TestCase, TimeBound, Validation};
use super::{LEGACY, MODERN, REMOVED, folder, load, options, told, with};
use crate::checker::{CheckerOptions, Comparison, FloatGrammar};
use crate::grade::{
    Aggregation, Child, Group, GroupRules, ModernRules, Objective, OnReject, ScoreMode, VerdictMode,
};

/// How the default output validator compares at a test.
fn tokens(test: &TestCase) -> CheckerOptions {
    match test.checker {
        Some(Comparison::Tokens(options)) => options,
        other => panic!("{other:?}"),
    }
}

fn manifest(files: &[(&str, &str)]) -> Manifest {
    let folder = folder(files);
    match load(folder.path()) {
        Ok(loaded) => loaded.package.manifest().clone(),
        Err(invalid) => panic!("{invalid:#?}"),
    }
}

fn names(manifest: &Manifest) -> Vec<&str> {
    manifest.tests.iter().map(|test| test.name.as_str()).collect()
}

fn group<'a>(root: &'a Group, name: &str) -> &'a Group {
    fn find<'a>(root: &'a Group, name: &str) -> Option<&'a Group> {
        let mut groups = root.children.iter().filter_map(|child| match child {
            Child::Group(group) => Some(group),
            Child::Test(_) => None,
        });
        if root.name == name { Some(root) } else { groups.find_map(|group| find(group, name)) }
    }
    find(root, name).unwrap()
}

fn legacy(group: &Group) -> &crate::grade::LegacyRules {
    match &group.rules {
        GroupRules::Legacy(rules) => rules,
        GroupRules::Modern(_) | GroupRules::Points(_) => panic!("{group:?}"),
    }
}

fn modern(group: &Group) -> &ModernRules {
    match &group.rules {
        GroupRules::Modern(rules) => rules,
        GroupRules::Legacy(_) | GroupRules::Points(_) => panic!("{group:?}"),
    }
}

#[test]
fn the_smallest_packages_have_no_warnings() {
    for base in [LEGACY, MODERN] {
        let folder = folder(base);
        let loaded = load(folder.path()).unwrap();
        assert_eq!(loaded.warnings, []);
        assert_eq!(names(&loaded.package), ["sample/1", "secret/1"]);
        assert_eq!(loaded.package.name.as_deref(), Some("Sum"));
        assert_eq!(loaded.package.validation, Validation::Default);
        assert!(loaded.package.path(&loaded.package.tests[1].answer).is_file());
        assert!(loaded.package.kind.pass_fail());
    }
}

#[test]
fn a_manifest_survives_json() {
    for base in [LEGACY, MODERN] {
        let manifest = manifest(base);
        let text = serde_json::to_string(&manifest).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
    }
}

#[test]
fn format_versions_have_their_names() {
    for (word, format) in [
        ("legacy", FormatVersion::Legacy),
        ("legacy-icpc", FormatVersion::LegacyIcpc),
        ("2023-07", FormatVersion::Draft2023),
        ("2023-07-draft", FormatVersion::Draft2023),
        ("2025-09", FormatVersion::V2025_09),
    ] {
        let yaml = format!("problem_format_version: {word}\nname: Sum\nuuid: x\n");
        assert_eq!(manifest(&with(LEGACY, &[("problem.yaml", &yaml)])).format, format);
    }
}

#[test]
fn legacy_limits_and_flags_are_read() {
    let yaml = "name: Sum\nvalidator_flags: float_tolerance 1e-6 case_sensitive\nlimits:\n  memory: 512\n  \
                time_multiplier: 3\n  time_safety_margin: 4\n  output: 20\n  compilation_time: 10\n";
    let manifest = manifest(&with(LEGACY, &[("problem.yaml", yaml)]));
    assert_eq!(manifest.limits.time_limit, None, "legacy states none");
    assert_eq!((manifest.limits.memory, manifest.limits.output), (Some(512), Some(20)));
    assert_eq!((manifest.limits.ac_to_time_limit, manifest.limits.time_limit_to_tle), (3.0, 4.0));
    assert_eq!(manifest.limits.compilation_time, Some(10));
    assert_eq!(manifest.limits.validation_time, None);
    let checker = tokens(&manifest.tests[0]);
    assert_eq!(checker.float_absolute_tolerance, Some(1e-6));
    assert!(checker.case_sensitive && checker.float_grammar == FloatGrammar::C);
    assert_eq!(manifest.tests[0].validator_args, ["float_tolerance", "1e-6", "case_sensitive"]);
}

#[test]
fn domjudge_time_limits_by_precedence() {
    let stated = "name: Sum\nlimits: {time_limit: 1.5}\n";
    let ini = "; comment\n[problem]\ntimelimit = '2.5'\nshort-name = A\ncolor=#ff0000\n";
    for (changes, limit) in [
        (vec![(".timelimit", "7\n")], Some(7.0)),
        (vec![(".timelimit", "7\n"), ("domjudge-problem.ini", ini)], Some(2.5)),
        (vec![(".timelimit", "7\n"), ("domjudge-problem.ini", ini), ("problem.yaml", stated)], Some(1.5)),
        (vec![], None),
    ] {
        assert_eq!(manifest(&with(LEGACY, &changes)).limits.time_limit, limit);
    }
}

#[test]
fn an_ini_file_is_read_as_php_reads_it() {
    for line in [
        "timelimit=3",
        "timelimit = 3 ; seconds",
        "timelimit = 3;seconds",
        "timelimit='3' ; seconds",
        "timelimit = \"3\" # seconds",
        "  timelimit='3'\r",
        "timelimit=9\ntimelimit=3",
        "special_compare = ; none\nspecial_run=''\ntimelimit=3",
        "[problem] ; section\nname='It''s a \"sum\"; really'\ncolor='#FF0000'\ntimelimit=3",
    ] {
        let read = manifest(&with(LEGACY, &[("domjudge-problem.ini", line)]));
        assert_eq!(read.limits.time_limit, Some(3.0), "{line:?}");
    }
    for line in ["timelimit = 3 seconds", "timelimit = '3' seconds", "timelimit = '3", "timelimit = ; 3"] {
        let folder = folder(&with(LEGACY, &[("domjudge-problem.ini", line)]));
        let errors = told(&load(folder.path()), Severity::Error);
        assert!(
            errors.len() == 1 && errors[0].contains("the time limit must be a number"),
            "{line:?}: {errors:?}"
        );
    }
}

#[test]
fn legacy_groups_nest_inherit_and_sort() {
    let manifest = manifest(&with(
        LEGACY,
        &[
            ("problem.yaml", "name: Sum\ntype: scoring\nvalidator_flags: float_tolerance 1e-3\n"),
            (
                "data/testdata.yaml",
                "on_reject: continue\ngrader_flags: accept_if_any_accepted ignore_sample\nrange: 0 100\n",
            ),
            ("data/secret/1.in", REMOVED),
            ("data/secret/1.ans", REMOVED),
            (
                "data/secret/g2/testdata.yaml",
                "accept_score: 70\nrange: 0 +inf\ngrader_flags: min\non_reject: break\n",
            ),
            ("data/secret/g2/b.in", ""),
            ("data/secret/g2/b.ans", ""),
            ("data/secret/g2/a.in", ""),
            ("data/secret/g2/a.ans", ""),
            ("data/secret/g2/deep/x.in", ""),
            ("data/secret/g2/deep/x.ans", ""),
            ("data/secret/g1/z.in", ""),
            ("data/secret/g1/z.ans", ""),
            ("data/secret/g1/testdata.yaml", "output_validator_flags: case_sensitive\n"),
        ],
    ));
    assert_eq!(
        names(&manifest),
        ["sample/1", "secret/g1/z", "secret/g2/a", "secret/g2/b", "secret/g2/deep/x"]
    );
    let root = &manifest.grading.root;
    assert!(legacy(root).ignore_sample && legacy(root).accept_if_any_accepted);
    let secret = legacy(group(root, "secret"));
    assert!(!secret.ignore_sample && secret.accept_if_any_accepted && secret.on_reject == OnReject::Continue);
    assert_eq!(secret.range.max, Some(100.0));
    let deep = legacy(group(root, "secret/g2/deep"));
    assert_eq!((deep.accept_score, deep.score_mode, deep.on_reject), (70.0, ScoreMode::Min, OnReject::Break));
    assert_eq!((deep.range.min, deep.range.max), (Some(0.0), None));
    assert!(!deep.accept_if_any_accepted, "stated flags replace inherited ones");
    let z = &manifest.tests[1];
    assert_eq!(z.validator_args, ["float_tolerance", "1e-3", "case_sensitive"]);
    assert!(tokens(z).case_sensitive && !tokens(&manifest.tests[2]).case_sensitive);
    assert!(manifest.grading.scoring);
}

#[test]
fn ancient_grading_holds_for_all_groups() {
    let yaml = "name: Sum\ntype: scoring\ngrading:\n  objective: min\n  on_reject: grade\n  accept_score: 3\n  range: 0 10\n";
    let manifest = manifest(&with(LEGACY, &[("problem.yaml", yaml)]));
    assert_eq!(manifest.grading.objective, Objective::Min);
    let secret = legacy(group(&manifest.grading.root, "secret"));
    assert_eq!(
        (secret.on_reject, secret.accept_score, secret.range.max),
        (OnReject::Continue, 3.0, Some(10.0))
    );
    assert_eq!(secret.verdict_mode, VerdictMode::WorstError);
}

#[test]
fn modern_groups_args_and_files() {
    let manifest = manifest(&with(
        MODERN,
        &[
            (
                "problem.yaml",
                "problem_format_version: 2025-09\nname: {de: Summe, en: Sum}\nuuid: x\ntype: scoring\n\
                 languages: [python, cpp]\nallow_file_writing: true\nconstants: {max_n: 100, eps: 1e-6}\n\
                 limits: {time_limit: 2, time_multipliers: {ac_to_time_limit: 3}}\ncredits: {authors: A B <a@b.example>}\n",
            ),
            ("data/secret/1.in", REMOVED),
            ("data/secret/1.ans", REMOVED),
            ("data/secret/test_group.yaml", "output_validator_args: [float_tolerance, '{{eps}}']\n"),
            ("data/secret/g1/test_group.yaml", "max_score: 40\nrequire_pass: sample\nargs: ['--fast']\n"),
            ("data/secret/g1/b.in", ""),
            ("data/secret/g1/b.ans", ""),
            ("data/secret/g1/b.yaml", "args: [-v]\nfull_feedback: false\nhint: think\n"),
            ("data/secret/g1/b.files/dir/table.txt", "x"),
            ("data/secret/g1/a-1.in", ""),
            ("data/secret/g1/a-1.ans", ""),
            ("data/secret/g1/a/x.in", ""),
            ("data/secret/g1/a/x.ans", ""),
            (
                "data/secret/g2/test_group.yaml",
                "max_score: 60\nscore_aggregation: min\nrequire_pass: [secret/g1]\n",
            ),
            ("data/secret/g2/c.in", ""),
            ("data/secret/g2/c.ans", ""),
            ("data/invalid_input/bad.in", "x"),
        ],
    ));
    assert_eq!(manifest.name.as_deref(), Some("Sum"));
    assert_eq!(manifest.limits.time_limit, Some(2.0));
    assert_eq!((manifest.limits.ac_to_time_limit, manifest.limits.time_limit_to_tle), (3.0, 1.5));
    assert_eq!(manifest.languages, Some(vec!["python".to_owned(), "cpp".to_owned()]));
    assert_eq!(
        names(&manifest),
        ["sample/1", "secret/g1/a-1", "secret/g1/a/x", "secret/g1/b", "secret/g2/c"]
    );
    let root = &manifest.grading.root;
    assert_eq!(modern(group(root, "secret")).max_score, Some(100.0));
    let first = modern(group(root, "secret/g1"));
    assert_eq!((first.max_score, first.score_aggregation), (Some(40.0), Aggregation::PassFail));
    assert_eq!(first.require_pass, ["sample"]);
    assert_eq!(modern(group(root, "secret/g2")).score_aggregation, Aggregation::Min);
    let b = &manifest.tests[3];
    assert_eq!(b.args, ["-v"]);
    assert_eq!(
        (b.files[0].name.as_str(), b.files[0].path.as_str()),
        ("dir/table.txt", "data/secret/g1/b.files/dir/table.txt")
    );
    assert_eq!(manifest.tests[1].args, ["--fast"]);
    let checker = tokens(&manifest.tests[4]);
    assert_eq!(
        (checker.float_relative_tolerance, checker.float_grammar),
        (Some(1e-6), FloatGrammar::Decimal)
    );
}

#[test]
fn the_mixed_early_form_is_accepted() {
    let yaml = "problem_format_version: 2023-07-draft\nname: {en: Sum}\nuuid: x\ntype: scoring\n\
                validator_flags: float_tolerance 1e-4\nlimits: {time_limit: 3.5}\n";
    let manifest = manifest(&with(
        MODERN,
        &[("problem.yaml", yaml), ("data/secret/testdata.yaml", "on_reject: continue\naccept_score: 5\n")],
    ));
    assert_eq!(manifest.format, FormatVersion::Draft2023);
    assert_eq!(manifest.limits.time_limit, Some(3.5));
    let secret = legacy(group(&manifest.grading.root, "secret"));
    assert_eq!((secret.on_reject, secret.accept_score), (OnReject::Continue, 5.0));
    assert_eq!(legacy(&manifest.grading.root).on_reject, OnReject::Break);
    assert_eq!(tokens(&manifest.tests[1]).float_absolute_tolerance, Some(1e-4));
    let plain = "problem_format_version: 2023-07-draft\nname: {en: Sum}\ntype: scoring\n";
    let manifest = self::manifest(&with(
        MODERN,
        &[
            ("problem.yaml", plain),
            ("data/secret/testdata.yaml", "output_validator_args: [case_sensitive]\n"),
        ],
    ));
    assert_eq!(modern(group(&manifest.grading.root, "secret")).max_score, Some(100.0));
    assert!(tokens(&manifest.tests[1]).case_sensitive);
}

#[test]
fn input_validators_are_programs_with_the_flags_of_their_group() {
    let manifest = manifest(&with(
        LEGACY,
        &[
            ("input_validators/a.py", ""),
            ("input_validators/b.ctd", "EOF\n"),
            ("input_validators/README.md", ""),
            ("data/testdata.yaml", "input_validator_flags: n=1 m=2\n"),
            ("data/secret/testdata.yaml", "input_validator_flags: n=9\n"),
        ],
    ));
    let names: Vec<_> = manifest.input_validators.iter().map(|program| program.name.as_str()).collect();
    assert_eq!(names, ["a"], "checktestdata is not here");
    assert_eq!(manifest.tests[0].input_args, ["n=1", "m=2"]);
    assert_eq!(manifest.tests.last().unwrap().input_args, ["n=9"]);
}

#[test]
fn custom_validators_are_programs() {
    let yaml = "name: Sum\ntype: scoring\nvalidation: custom score interactive multi-pass\nvalidator_flags: a b\nlimits: {validation_passes: 5}\n";
    let files = with(
        LEGACY,
        &[
            ("problem.yaml", yaml),
            ("output_validators/first.py", ""),
            ("output_validators/second/check.cc", ""),
            ("output_validators/second/check.h", ""),
        ],
    );
    let manifest = manifest(&files);
    assert!(manifest.kind.scoring && manifest.kind.interactive && manifest.kind.multi_pass);
    assert_eq!(manifest.limits.validation_passes, 5);
    let Validation::Custom { programs, score } = &manifest.validation else { panic!() };
    assert!(score);
    let seen: Vec<_> =
        programs.iter().map(|p| (p.name.as_str(), p.folder.as_str(), p.language.as_deref())).collect();
    assert_eq!(
        seen,
        [("first", "output_validators", Some("python")), ("second", "output_validators/second", Some("cpp"))]
    );
    assert_eq!(programs[1].files, ["check.cc", "check.h"]);
    assert_eq!((manifest.tests[0].validator_args.len(), manifest.tests[0].checker), (2, None));
}

#[cfg(unix)]
#[test]
fn build_and_run_scripts_need_no_language() {
    use std::os::unix::fs::PermissionsExt;
    let yaml = "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: interactive\n";
    let folder =
        folder(&with(MODERN, &[("problem.yaml", yaml), ("output_validator/build", "c++ -o run a.cc\n")]));
    let told_first = told(&load(folder.path()), Severity::Error);
    assert_eq!(told_first, ["output_validator/build: error: must be executable, or begin with #!"]);
    let build = folder.path().join("output_validator/build");
    std::fs::set_permissions(build, std::fs::Permissions::from_mode(0o755)).unwrap();
    let loaded = load(folder.path()).unwrap();
    let Validation::Custom { programs, score } = &loaded.package.validation else { panic!() };
    assert!(programs[0].build && !programs[0].run && programs[0].language.is_none() && !score);
    assert_eq!(programs[0].name, "output_validator");
}

#[test]
fn included_files_by_language() {
    let manifest = manifest(&with(
        LEGACY,
        &[("include/cpp/grader.cpp", ""), ("include/cpp/lib/a.h", ""), ("include/default/data.txt", "")],
    ));
    assert_eq!(manifest.include["cpp"], ["include/cpp/grader.cpp", "include/cpp/lib/a.h"]);
    assert_eq!(manifest.include["default"], ["include/default/data.txt"]);
}

#[test]
fn submissions_of_all_folders() {
    let manifest = manifest(&with(
        LEGACY,
        &[
            ("submissions/wrong_answer/b.cpp", ""),
            ("submissions/time_limit_exceeded/Slow/Slow.java", ""),
            ("submissions/time_limit_exceeded/Slow/util/Help.java", ""),
            ("submissions/mixed/c.c", "// @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT\n"),
        ],
    ));
    let seen: Vec<_> =
        manifest.submissions.iter().map(|s| (s.name.as_str(), s.language.as_deref().unwrap())).collect();
    assert_eq!(
        seen,
        [
            ("accepted/a.py", "python"),
            ("mixed/c.c", "c"),
            ("time_limit_exceeded/Slow", "java"),
            ("wrong_answer/b.cpp", "cpp"),
        ]
    );
    assert_eq!(manifest.submissions[2].files, ["Slow.java", "util/Help.java"]);
    assert_eq!(manifest.submissions[0].expectation.bounds(TimeBound::Lower), [None]);
    assert_eq!(manifest.submissions[2].expectation.bounds(TimeBound::Upper), [None]);
    assert!(manifest.submissions[3].expectation.bounds(TimeBound::Lower).is_empty());
}

#[test]
fn hidden_and_badly_named_files_are_as_if_removed() {
    let folder = folder(&with(
        LEGACY,
        &[
            (".git/config", "x"),
            ("data/secret/.hidden.in", "x"),
            ("data/secret/.1.in.swp", "x"),
            ("data/secret/._1.in", "x"),
            ("data/secret/bad name.in", "x"),
            ("data/secret/-dash.in", "x"),
            ("readme with space.txt", "x"),
        ],
    ));
    let loaded = load(folder.path()).unwrap();
    assert_eq!(loaded.package.tests.len(), 2);
    let warnings: Vec<&str> = loaded.warnings.iter().map(|d| d.file.as_str()).collect();
    assert_eq!(warnings, ["data/secret/-dash.in", "data/secret/.hidden.in", "data/secret/bad name.in"]);
}

#[cfg(unix)]
#[test]
fn links_inside_the_package_are_followed() {
    let folder = folder(LEGACY);
    std::os::unix::fs::symlink("1.in", folder.path().join("data/secret/2.in")).unwrap();
    std::os::unix::fs::symlink("../sample/1.ans", folder.path().join("data/secret/2.ans")).unwrap();
    std::os::unix::fs::symlink("../sample", folder.path().join("data/secret/again")).unwrap();
    let loaded = load(folder.path()).unwrap();
    assert_eq!(names(&loaded.package), ["sample/1", "secret/1", "secret/2", "secret/again/1"]);
}

#[test]
fn the_short_name_is_the_folders() {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("sumup2");
    std::fs::rename(folder(LEGACY).keep(), &root).unwrap();
    let loaded = Package::load(&root, &options(None)).unwrap();
    assert_eq!(loaded.package.short_name, "sumup2");
    let odd = outer.path().join("Sum-Up");
    std::fs::rename(&root, &odd).unwrap();
    let loaded = Package::load(&odd, &options(None)).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
}
