//! Packages of Polygon.

use test_case::test_case;

use super::super::{FormatVersion, Manifest, Package, Severity, TimeBound, Validation, ValidatorProtocol};
use super::{REMOVED, folder, load, options, told, with};
use crate::Verdict::{Ac, Mle, Tle, Wa};
use crate::grade::{Child, GroupPoints, GroupRules, PointsRules};

/// A package, its tests as `TESTS`, `GROUPS` behind them and `ASSETS` in it.
fn xml(tests: &str, groups: &str, assets: &str) -> String {
    let count = tests.matches("<test ").count();
    format!(
        r#"<?xml version="1.0" encoding="utf-8" standalone="no"?>
<problem revision="7" short-name="a-plus-b" url="https://polygon.codeforces.com/p/x/a-plus-b">
  <names><name language="russian" value="Сумма"/><name language="english" value="Sum"/></names>
  <statements><statement language="english" path="statements/english/problem.tex" type="application/x-tex"/></statements>
  <judging cpu-name="i3" cpu-speed="3600" input-file="" os="win" output-file="">
    <testset name="tests">
      <time-limit>1500</time-limit><memory-limit>268435456</memory-limit><test-count>{count}</test-count>
      <input-path-pattern>tests/%02d</input-path-pattern><answer-path-pattern>tests/%02d.a</answer-path-pattern>
      <tests>{tests}</tests>{groups}
    </testset>
  </judging>
  <files><resources><file path="files/testlib.h" type="h.g++"/></resources></files>
  <assets>
    <checker name="std::ncmp.cpp" type="testlib"><source path="files/check.cpp" type="cpp.g++17"/></checker>
    {assets}
    <solutions>
      <solution tag="main"><source path="solutions/ok.cpp" type="cpp.g++17"/></solution>
      <solution tag="wrong-answer"><source path="solutions/wa.py" type="python.3"/></solution>
      <solution tag="time-limit-exceeded-or-memory-limit-exceeded"><source path="solutions/tl.py" type="python.3"/></solution>
    </solutions>
  </assets>
  <properties/><stresses/><tags><tag value="math"/></tags>
</problem>
"#
    )
}

const TWO: &str = r#"<test method="manual" sample="true"/><test cmd="gen 1" method="generated"/>"#;

const FILES: &[(&str, &str)] = &[
    ("files/check.cpp", "#include \"testlib.h\"\nint main() {}\n"),
    ("files/testlib.h", "// testlib\n"),
    ("files/gen.cpp", "int main() {}\n"),
    ("files/interactor.cpp", "#include \"testlib.h\"\nint main() {}\n"),
    ("solutions/ok.cpp", "int main() {}\n"),
    ("solutions/wa.py", "print(1)\n"),
    ("solutions/tl.py", "while True: pass\n"),
    ("tests/01", "1 2\n"),
    ("tests/01.a", "3\n"),
    ("tests/02", "2 2\n"),
    ("tests/02.a", "4\n"),
];

fn manifest_of(xml: &str, changes: &[(&str, &str)]) -> Manifest {
    let files = with(FILES, changes);
    let folder = folder(&with(&files, &[("problem.xml", xml)]));
    match load(folder.path()) {
        Ok(loaded) => loaded.package.manifest().clone(),
        Err(error) => panic!("{error}"),
    }
}

fn errors(xml: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let files = with(FILES, changes);
    let folder = folder(&with(&files, &[("problem.xml", xml)]));
    told(&load(folder.path()), Severity::Error)
}

const VALIDATORS: &str = r#"<validators>
<validator><source path="files/val.cpp" type="cpp.g++17"/></validator>
<validator><source path="files/gone.cpp" type="cpp.g++17"/></validator>
<validator><source path="files/val.py" type="python.3"/></validator></validators>"#;

#[test]
fn validators_are_called_with_testset_and_group_and_what_cannot_be_run_keeps_no_package_out() {
    let tests = r#"<test group="easy" method="manual"/><test method="manual"/>"#;
    let files = [FILES, &[("files/val.cpp", "int main() {}\n"), ("files/val.py", "")]].concat();
    let folder = folder(&with(&files, &[("problem.xml", &xml(tests, "", VALIDATORS))]));
    let loaded = load(folder.path());
    let warned: Vec<_> =
        told(&loaded, Severity::Warning).into_iter().filter(|line| line.contains("not run")).collect();
    assert_eq!(warned.len(), 2, "{warned:?}");
    assert!(warned[0].contains("files/gone.cpp is not in the package"), "{warned:?}");
    assert!(warned[1].contains("other languages than C++"), "{warned:?}");
    let manifest = loaded.unwrap().package.manifest().clone();
    let [validator] = manifest.input_validators.as_slice() else { panic!("{manifest:?}") };
    assert_eq!((validator.name.as_str(), validator.protocol), ("validator", ValidatorProtocol::Testlib));
    assert_eq!(manifest.tests[0].input_args, ["--testset", "tests", "--group", "easy"]);
    assert_eq!(manifest.tests[1].input_args, ["--testset", "tests"]);
}

#[test]
fn a_package_is_read() {
    let manifest = manifest_of(&xml(TWO, "", ""), &[]);
    assert_eq!((manifest.format, manifest.name.as_deref()), (FormatVersion::Polygon, Some("Sum")));
    assert_eq!((manifest.limits.time_limit, manifest.limits.memory), (Some(1.5), Some(256)));
    assert!(manifest.kind.pass_fail() && !manifest.kind.interactive);
    let tests: Vec<_> = manifest.tests.iter().map(|t| (&*t.name, &*t.input, &*t.answer)).collect();
    assert_eq!(tests, [("tests/01", "tests/01", "tests/01.a"), ("tests/02", "tests/02", "tests/02.a")]);
    let Validation::Custom { programs, .. } = &manifest.validation else { panic!("{manifest:?}") };
    assert_eq!(
        (&*programs[0].folder, &programs[0].files[..]),
        ("files", &["check.cpp".into(), "testlib.h".into()][..])
    );
    assert_eq!((programs[0].protocol, programs.len()), (ValidatorProtocol::Testlib, 1));
    let expected: Vec<_> = manifest.submissions.iter().map(|s| (&*s.name, &s.expectation.rules[0])).collect();
    assert_eq!(expected[0].0, "main/ok.cpp");
    assert_eq!(expected[0].1.permitted.as_deref(), Some(&[Ac][..]));
    assert_eq!(expected[1].1.required.as_deref(), Some(&[Wa][..]));
    assert_eq!(expected[2].1.required.as_deref(), Some(&[Tle, Mle][..]));
    assert!(!manifest.submissions[0].expectation.bounds(TimeBound::Lower).is_empty());
    let stored = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&stored).unwrap(), manifest);
}

#[test]
fn the_short_name_is_the_packages_unless_one_is_given() {
    let folder = folder(&with(FILES, &[("problem.xml", &xml(TWO, "", ""))]));
    let name = |given| Package::load(folder.path(), &options(given)).unwrap().package.short_name.clone();
    assert_eq!((name(None), name(Some("other"))), ("a-plus-b".to_owned(), "other".to_owned()));
}

#[test]
fn an_interactor_comes_before_the_checker_of_its_report() {
    let interactor = r#"<interactor><source path="files/interactor.cpp" type="cpp.g++17"/></interactor>"#;
    let manifest = manifest_of(&xml(TWO, "", interactor), &[]);
    let Validation::Custom { programs, .. } = &manifest.validation else { panic!("{manifest:?}") };
    assert!(manifest.kind.interactive);
    assert_eq!(programs.iter().map(|p| &*p.name).collect::<Vec<_>>(), ["interactor", "checker"]);
}

#[test]
fn files_stand_for_standard_input_and_output() {
    let xml = xml(TWO, "", "").replace("input-file=\"\"", "input-file=\"sum.in\"");
    assert_eq!(manifest_of(&xml, &[]).file_io.input_file.unwrap().as_str(), "sum.in");
}

#[test]
fn points_and_groups_are_graded_in_the_order_of_their_dependencies() {
    let tests = r#"<test group="0" method="manual" points="0" sample="true"/><test group="b" method="manual" points="30"/>
        <test group="a" method="manual" points="5"/><test group="a" method="manual" points="15"/>"#;
    let groups = r#"<groups>
        <group feedback-policy="complete" name="0" points-policy="each-test"/>
        <group feedback-policy="icpc" name="a" points-policy="each-test"/>
        <group name="b" points="30.0" points-policy="complete-group">
          <dependencies><dependency group="a"/><dependency group="0"/></dependencies>
        </group></groups>"#;
    let more = [("tests/03", "1"), ("tests/03.a", "1"), ("tests/04", "1"), ("tests/04.a", "1")];
    let manifest = manifest_of(&xml(tests, groups, ""), &more);
    let names: Vec<_> = manifest.tests.iter().map(|test| (&*test.name, &*test.input)).collect();
    let expected = [
        ("tests/0/01", "tests/01"),
        ("tests/a/03", "tests/03"),
        ("tests/a/04", "tests/04"),
        ("tests/b/02", "tests/02"),
    ];
    assert_eq!(names, expected);
    assert!(manifest.kind.scoring);
    assert_eq!(manifest.grading.root.max_points(), 50.0);
    let Child::Group(all) = &manifest.grading.root.children[0] else { panic!("no group") };
    let rules: Vec<_> = all
        .children
        .iter()
        .map(|child| match child {
            Child::Group(group) => match &group.rules {
                GroupRules::Points(PointsRules { points, require_pass, .. }) => {
                    (points.clone(), require_pass.len())
                }
                other => panic!("{other:?}"),
            },
            Child::Test(_) => panic!("a test beside groups"),
        })
        .collect();
    let each = |points: &[f64]| GroupPoints::Each(points.to_vec());
    assert_eq!(rules, [(each(&[0.0]), 0), (each(&[5.0, 15.0]), 0), (GroupPoints::All(30.0), 2)]);
}

#[test]
fn what_only_looks_at_other_testsets_is_a_warning() {
    let other =
        "<testset name=\"pretests\"><time-limit>1</time-limit></testset>\n    <testset name=\"tests\">";
    let xml = xml(TWO, "", "").replace("<testset name=\"tests\">", other);
    let folder = folder(&with(FILES, &[("problem.xml", &xml)]));
    let warnings = told(&load(folder.path()), Severity::Warning);
    assert_eq!(warnings, ["problem.xml:6: warning: testset pretests: not judged, tests is"]);
}

#[test]
fn a_standard_package_without_generated_tests_is_told_of_the_full_one() {
    let told = errors(&xml(TWO, "", ""), &[("tests/02", REMOVED), ("tests/02.a", REMOVED)]);
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("tests/02: error: 1 of 2 tests have no input"), "{told:?}");
    assert!(
        told[1].contains("tests/02.a: error: 1 of 2 tests have no answer") && told[1].contains("doall.sh")
    );
}

#[test_case("<interactor><source path=\"files/interactor.cpp\"/><runs><run>1</run><run>2</run></runs></interactor>", "interactor: runs is not supported"; "run twice")]
#[test_case("<scorer><source path=\"files/gen.cpp\"/></scorer>", "assets: scorer is not supported"; "a scorer")]
#[test_case("<strategy><source path=\"files/gen.cpp\"/></strategy>", "assets: strategy is not supported"; "a strategy")]
#[test_case("<wizard/>", "assets: unknown element wizard"; "an unknown asset")]
#[test_case("<interactor><source path=\"files/none.cpp\"/></interactor>", "interactor: files/none.cpp is not in the package"; "no such source")]
#[test_case("<interactor><source path=\"../../etc/passwd\"/></interactor>", "interactor: ../../etc/passwd is not in the package"; "a source elsewhere")]
#[test_case("<interactor><source path=\"solutions/wa.py\" type=\"python.3\"/></interactor>", "interactor: source type \"python.3\" is not supported"; "an interactor in Python")]
fn assets_are_refused_by_name(assets: &str, message: &str) {
    let told = errors(&xml(TWO, "", assets), &[]);
    assert!(told.len() == 1 && told[0].starts_with("problem.xml:") && told[0].contains(message), "{told:?}");
}

#[test_case("<time-limit>1500</time-limit>", "", "testset: time-limit is missing"; "no time limit")]
#[test_case("<memory-limit>268435456</memory-limit>", "<memory-limit>256M</memory-limit>", "memory-limit must be a whole number above 0, not \"256M\""; "memory in words")]
#[test_case("tests/%02d<", "tests/%s<", "input-path-pattern must be a path with one number"; "a pattern without a number")]
#[test_case("<test-count>2</test-count>", "<test-count>3</test-count>", "test-count is 3, and tests has 2"; "another count")]
#[test_case("<judging ", "<judging run-count=\"2\" ", "judging: run-count is not supported"; "two runs")]
#[test_case("<judging ", "<judging treat-points-from-checker-as-percent=\"true\" ", "treat-points-from-checker-as-percent is not supported"; "percents")]
#[test_case("<test method=\"manual\" sample=\"true\"/>", "<test method=\"manual\" weight=\"2\"/>", "test: unknown attribute weight"; "an unknown attribute")]
#[test_case("<test method=\"manual\" sample=\"true\"/>", "<test method=\"manual\" points=\"many\"/>", "points must be a number of at least 0, not \"many\""; "points in words")]
#[test_case("input-file=\"\"", "input-file=\"../x\"", "input_file: \"../x\" cannot be such a file"; "an input file elsewhere")]
#[test_case("type=\"testlib\"", "type=\"gcj\"", "checker: type \"gcj\" is not supported"; "a checker of another type")]
#[test_case("<testset name=\"tests\">", "<testset name=\"x\"/><testset name=\"y\">", "none of the testsets is called tests: x, y"; "no testset to judge by")]
fn what_is_wrong_is_told_by_name(from: &str, to: &str, message: &str) {
    let text = xml(TWO, "", "");
    assert!(text.contains(from));
    let told = errors(&text.replace(from, to), &[]);
    assert!(told.len() == 1 && told[0].starts_with("problem.xml:") && told[0].contains(message), "{told:?}");
}

#[test_case("<group name=\"a\" points-policy=\"best\"/>", "points-policy must be each-test or complete-group, not \"best\""; "another policy")]
#[test_case("<group name=\"a\" points=\"7\" points-policy=\"each-test\"/>", "points is 7, and its tests have 5 together"; "points that differ")]
#[test_case("<group name=\"a\"><dependencies><dependency group=\"z\"/></dependencies></group>", "dependencies: there is no group \"z\""; "an unknown dependency")]
#[test_case("<group name=\"a\"><dependencies><dependency group=\"a\"/></dependencies></group>", "its dependencies lead back to it"; "a circle")]
#[test_case("<group name=\"a\"/><group name=\"a\"/>", "group: a is there twice"; "twice")]
#[test_case("<group name=\"b\"/>", "test 1: groups has no group \"a\""; "a test in no group")]
#[test_case("<group name=\"a\" secret=\"1\"/>", "group: unknown attribute secret"; "an unknown attribute")]
fn groups_are_refused_by_name(group: &str, message: &str) {
    let tests = r#"<test group="a" method="manual" points="2"/><test group="a" method="manual" points="3"/>"#;
    let told = errors(&xml(tests, &format!("<groups>{group}</groups>"), ""), &[]);
    assert!(told.len() == 1 && told[0].starts_with("problem.xml:") && told[0].contains(message), "{told:?}");
}

#[test]
fn a_checker_must_bring_testlib() {
    let told = errors(&xml(TWO, "", ""), &[("files/testlib.h", REMOVED)]);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("check.cpp includes testlib.h, and there is no files/testlib.h"), "{told:?}");
}

#[test]
fn entities_and_broken_xml_are_refused_with_their_line() {
    let bomb = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<problem>&b;</problem>";
    let outside = "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<problem>&x;</problem>";
    let deep = "<a>".repeat(100_000);
    for (text, line) in
        [(bomb, 1), (outside, 1), ("<problem>\n<names></problem>", 2), ("", 1), (deep.as_str(), 1)]
    {
        let told = errors(text, &[]);
        let place = format!("problem.xml:{line}: error: not valid XML: ");
        assert!(told.len() == 1 && told[0].starts_with(&place), "{told:?}");
    }
    let nested = format!("{deep}{}", "</a>".repeat(100_000));
    assert_eq!(errors(&nested, &[]).len(), 1);
    assert_eq!(
        errors("<contest/>", &[]),
        ["problem.xml:1: error: the outermost element must be problem, not contest"]
    );
}

/// Each would be compared with all before it.
#[test]
fn attributes_without_end_are_refused() {
    let attributes = |count: u32| (0..count).map(|k| format!(" a{k} = '{k}'")).collect::<String>();
    let told = errors(&format!("<problem{}/>", attributes(60_000)), &[]);
    assert_eq!(told, ["problem.xml: error: an element has more than 1000 attributes"]);
    let told = errors(&format!("<contest{}/>", attributes(1_000)), &[]);
    assert_eq!(told, ["problem.xml:1: error: the outermost element must be problem, not contest"]);
}

#[test]
fn groups_that_only_tests_name_are_bounded_too() {
    let test = |k: i32| format!(r#"<test method="manual" group="g{k}" points="1"/>"#);
    let tests: String = (1..=1_001).map(test).collect();
    let names: Vec<_> =
        (1..=1_001).flat_map(|k| [format!("tests/{k:02}"), format!("tests/{k:02}.a")]).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "1\n")).collect();
    let errors = errors(&xml(&tests, "", ""), &files);
    assert!(errors.iter().any(|error| error.contains("in more than 1000 groups")), "{errors:?}");
}
