//! Problems of DMOJ.

use std::io::{Cursor, Write as _};
use std::path::Path;

use test_case::test_case;
use zip::write::SimpleFileOptions;

use super::super::archive::{ArchiveError, ArchiveLimits, unpack, unpack_inner};
use super::super::manifest::NOTHING;
use super::super::{FormatVersion, Manifest, Severity, Validation, ValidatorProtocol};
use super::{folder, load, told, with};
use crate::checker::{CheckerOptions, Comparison, FloatGrammar, Things};
use crate::grade::{Child, Group, GroupPoints, GroupRules, PointsRules};

const LIMITS: &str = "time_limit: 1.5\nmemory_limit: 65536\n";

const FILES: &[(&str, &str)] = &[
    ("1.in", "1 2\n"),
    ("1.out", "3\n"),
    ("2.in", "2 2\n"),
    ("2.out", "4\n"),
    ("3.in", "2 3\n"),
    ("3.out", "5\n"),
    ("check.cpp", "#include \"testlib.h\"\nint main() {}\n"),
    ("plain.cpp", "int main() {}\n"),
    ("testlib.h", "// testlib\n"),
];

const ONE: &str = "test_cases:\n- {in: 1.in, out: 1.out, points: 5}\n";

fn init(yaml: &str) -> String {
    format!("{LIMITS}{yaml}")
}

fn manifest_of(yaml: &str) -> Manifest {
    let folder = folder(&with(FILES, &[("init.yml", &init(yaml))]));
    match load(folder.path()) {
        Ok(loaded) => loaded.package.manifest().clone(),
        Err(error) => panic!("{error}"),
    }
}

fn told_of(yaml: &str, severity: Severity) -> Vec<String> {
    let folder = folder(&with(FILES, &[("init.yml", &init(yaml))]));
    told(&load(folder.path()), severity)
}

fn all(manifest: &Manifest) -> &Group {
    match &manifest.grading.root.children[..] {
        [Child::Group(all)] => all,
        other => panic!("{other:?}"),
    }
}

fn rules(group: &Group) -> &PointsRules {
    match &group.rules {
        GroupRules::Points(rules) => rules,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_problem_is_read() {
    let manifest =
        manifest_of("test_cases:\n- {in: 1.in, out: 1.out, points: 5}\n- {in: 2.in, out: 2.out}\n");
    assert_eq!(manifest.format, FormatVersion::Dmoj);
    let limits = &manifest.limits;
    assert_eq!((limits.time_limit, limits.memory, limits.output), (Some(1.5), Some(64), Some(24)));
    let tests: Vec<_> = manifest.tests.iter().map(|t| (&*t.name, &*t.input, &*t.answer)).collect();
    assert_eq!(tests, [("tests/01", "1.in", "1.out"), ("tests/02", "2.in", "2.out")]);
    assert!(
        matches!(manifest.tests[0].checker, Some(Comparison::TokensOnLines(options)) if options.case_sensitive)
    );
    assert!(manifest.kind.scoring && manifest.validation == Validation::Default);
    assert_eq!(rules(all(&manifest)).points, GroupPoints::Each(vec![5.0, 1.0]));
    assert!(rules(all(&manifest)).gates);
    let stored = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&stored).unwrap(), manifest);
}

#[test]
fn limits_that_are_not_stated_are_defaults_with_a_warning() {
    let folder = folder(&with(FILES, &[("init.yml", ONE)]));
    let loaded = load(folder.path()).unwrap();
    assert_eq!((loaded.package.limits.time_limit, loaded.package.limits.memory), (Some(2.0), Some(256)));
    assert!(
        told(&Ok(loaded), Severity::Warning)[0]
            .contains("state time_limit in seconds and memory_limit in KiB")
    );
}

#[test]
fn batches_pretests_and_dependencies_are_graded() {
    let manifest = manifest_of(
        "pretest_test_cases:\n- {in: 1.in, out: 1.out, points: 3}\ntest_cases:\n- points: 10\n  batched:\n  \
         - {in: 1.in, out: 1.out}\n  - {in: 2.in, out: 2.out, points: 99}\n- points: 20\n  dependencies: [1]\n  \
         batched: [{in: 3.in, out: 3.out}]\n",
    );
    let names: Vec<_> = manifest.tests.iter().map(|test| &*test.name).collect();
    assert_eq!(names, ["tests/01", "tests/batch1/02", "tests/batch1/03", "tests/batch2/04"]);
    assert_eq!(manifest.grading.root.max_points(), 30.0);
    assert_eq!(rules(all(&manifest)).points, GroupPoints::Each(vec![0.0]), "a pretest is worth nothing");
    let [_, Child::Group(first), Child::Group(second)] = &all(&manifest).children[..] else {
        panic!("no batches")
    };
    assert_eq!(rules(first).points, GroupPoints::Lowest(10.0));
    assert_eq!(rules(second).require_pass, ["tests/batch1"]);
}

#[test]
fn without_points_every_test_must_be_passed() {
    let manifest = manifest_of(
        "points: 0\ntest_cases:\n- {in: 1.in, out: 1.out}\n- batched: [{in: 2.in, out: 2.out}]\n",
    );
    assert!(manifest.kind.pass_fail() && matches!(manifest.grading.root.rules, GroupRules::Legacy(_)));
    assert!(matches!(all(&manifest).rules, GroupRules::Legacy(_)));
}

#[test]
fn what_a_test_does_not_say_its_batch_or_the_file_says() {
    let yaml = "out: 1.out\npoints: 7\nchecker: identical\ntest_cases:\n- {in: 1.in}\n- out: 2.out\n  checker: easy\n  \
                batched: [{in: 2.in}, {in: 3.in, out: 3.out, checker: standard}]\n";
    let manifest = manifest_of(yaml);
    let answers: Vec<_> = manifest.tests.iter().map(|test| &*test.answer).collect();
    assert_eq!(answers, ["1.out", "2.out", "3.out"]);
    let checkers: Vec<_> = manifest.tests.iter().map(|test| test.checker.unwrap()).collect();
    assert_eq!(checkers[..2], [Comparison::ExactLines, Comparison::Unordered(Things::Bytes)]);
    assert!(matches!(checkers[2], Comparison::TokensOnLines(_)));
    assert_eq!(manifest.grading.root.max_points(), 14.0);
}

fn floats(absolute: Option<f64>, relative: Option<f64>) -> Comparison {
    Comparison::TokensOnLines(CheckerOptions {
        case_sensitive: true,
        space_change_sensitive: false,
        float_absolute_tolerance: absolute,
        float_relative_tolerance: relative,
        float_grammar: FloatGrammar::Decimal,
    })
}

#[test_case("standard" => floats(None, None))]
#[test_case("floats" => floats(Some(1e-6), Some(1e-6)))]
#[test_case("{name: floats, args: {precision: 3, error_mode: absolute}}" => floats(Some(1e-3), None))]
#[test_case("{name: floatsrel, args: {precision: 9}}" => floats(None, Some(1e-9)))]
#[test_case("floatsabs" => floats(Some(1e-6), None))]
#[test_case("{name: identical, args: {pe_allowed: false}}" => Comparison::ExactLines)]
#[test_case("identical\nbinary_data: true" => Comparison::Exact)]
#[test_case("sorted" => Comparison::Unordered(Things::Lines))]
#[test_case("{name: sorted, args: {split_on: whitespace}}" => Comparison::Unordered(Things::Tokens))]
#[test_case("unordered" => Comparison::Unordered(Things::Tokens))]
#[test_case("easy" => Comparison::Unordered(Things::Bytes))]
fn a_checker_of_dmojs_is(checker: &str) -> Comparison {
    manifest_of(&format!("checker: {checker}\n{ONE}")).tests[0].checker.unwrap()
}

#[test]
fn a_bridged_checker_is_a_program_of_the_problem() {
    let args =
        "files: check.cpp, lang: CPP17, type: testlib, time_limit: 1.2, memory_limit: 131072, feedback: true";
    let manifest = manifest_of(&format!("checker: {{name: bridged, args: {{{args}}}}}\n{ONE}"));
    let Validation::Custom { programs, .. } = &manifest.validation else { panic!("{manifest:?}") };
    assert_eq!(
        (programs[0].protocol, programs[0].language.as_deref()),
        (ValidatorProtocol::Testlib, Some("cpp"))
    );
    assert_eq!(programs[0].files, ["check.cpp", "testlib.h"]);
    assert_eq!((manifest.limits.validation_time, manifest.limits.validation_memory), (Some(2), Some(128)));
    let manifest = manifest_of(&format!("checker: {{name: bridged, args: {{files: [plain.cpp]}}}}\n{ONE}"));
    let Validation::Custom { programs, .. } = &manifest.validation else { panic!("{manifest:?}") };
    assert_eq!(programs[0].protocol, ValidatorProtocol::Plain);
}

#[test]
fn a_checker_in_python_is_told_its_arguments_at_every_test() {
    let yaml = "checker: {name: c/near.py, args: {digits: 3, loose: true, word: \"a\\\"b\", list: [0.5, ~]}}\ntest_cases:\n\
                - {in: 1.in, out: 1.out, points: 5}\n- {binary_data: true, batched: [{in: 2.in, out: 2.out}]}\n";
    let folder = folder(&with(FILES, &[("init.yml", &init(yaml)), ("c/near.py", "def check(): pass\n")]));
    let manifest = load(folder.path()).unwrap().package.manifest().clone();
    let Validation::Custom { programs, .. } = &manifest.validation else { panic!("{manifest:?}") };
    assert_eq!((&*programs[0].folder, &programs[0].files[..]), ("c", &["near.py".to_owned()][..]));
    assert_eq!(programs[0].protocol, ValidatorProtocol::PythonCheck);
    let json = r#"{"digits":3,"loose":true,"word":"a\"b","list":[5e-1,null]}"#;
    assert_eq!(manifest.tests[0].validator_args, ["5", "text", json, "near.py"]);
    assert_eq!(manifest.tests[1].validator_args, ["1", "binary", json, "near.py"]);
}

#[test]
fn long_arguments_are_refused() {
    let yaml = format!("checker: {{name: near.py, args: {{word: {}}}}}\n{ONE}", "x".repeat(5_000));
    let told = told_of(&yaml, Severity::Error);
    assert_eq!(told, ["init.yml:3: error: checker.args: longer than 4096 bytes as JSON"]);
}

#[test]
fn an_interactor_needs_no_files_of_tests() {
    let manifest = manifest_of(
        "interactive: {files: check.cpp, lang: CPP20, type: testlib, preprocessing_time: 3}\nunbuffered: true\n\
         test_cases: [{points: 1}, {in: 1.in}]\n",
    );
    assert!(manifest.kind.interactive);
    let files: Vec<_> = manifest.tests.iter().map(|test| (&*test.input, &*test.answer)).collect();
    assert_eq!(files, [(NOTHING, NOTHING), ("1.in", NOTHING)]);
}

#[test_case("custom_judge: grade.py", "custom_judge is not supported: a grader in Python"; "a grader in Python")]
#[test_case("signature_grader: {entry: a.c, header: a.h}", "signature_grader is not supported"; "a signature grader")]
#[test_case("generator: gen.cpp", "generator is not supported: tests that are generated while judging"; "a generator")]
#[test_case("symlinks: {a: b}", "symlinks is not supported"; "links")]
#[test_case("io_redirects: {DATA.in: {fd: 0, mode: r}}", "io_redirects is not supported"; "redirects")]
#[test_case("archive++: x", "archive++ is not supported: a key whose value is Python; write out archive"; "a dynamic key")]
#[test_case("tset_cases: []", "unknown key tset_cases"; "an unknown key")]
#[test_case("archive: none.zip", "archive: none.zip is not in the problem's folder"; "no archive")]
#[test_case("archive: ../x.zip", "archive: ../x.zip is not in the problem's folder"; "an archive elsewhere")]
#[test_case("checker: linecount", "checker linecount is not supported: it gives points for every right line"; "points by line")]
#[test_case("checker: check.py", "checker: check.py is not in the package"; "a checker in Python that is not there")]
#[test_case("checker: fuzzy", "checker fuzzy is not supported: there is none of that name"; "no checker")]
#[test_case("checker: {name: floats, args: {digits: 3}}", "unknown key checker.args.digits"; "an unknown argument")]
#[test_case("checker: {name: bridged, args: {files: check.cpp, type: peg}}", "type \"peg\" is not supported"; "a type")]
#[test_case("checker: {name: bridged, args: {files: none.cpp}}", "checker: none.cpp is not in the package"; "no source")]
#[test_case("checker: {name: bridged, args: {files: ../check.cpp}}", "checker: ../check.cpp is not in the package"; "a source elsewhere")]
#[test_case("checker: {name: bridged, args: {files: check.cpp, flags: [-DX]}}", "checker.args.flags is not supported"; "flags")]
#[test_case("checker: {name: bridged, args: {files: check.cpp, args: \"{input}\"}}", "checker.args.args is not supported"; "arguments")]
#[test_case("checker: {name: bridged, args: {files: check.cpp, lang: TURING}}", "lang \"TURING\" is no language"; "a language")]
#[test_case("checker: bridged", "checker.args is missing"; "no arguments")]
#[test_case("interactive: {files: check.cpp, type: coci}", "type \"coci\" is not supported"; "an interactor's type")]
#[test_case("time_limit: soon", "time_limit must be a number of seconds above 0"; "a limit in words")]
fn what_is_not_supported_is_refused_by_name(yaml: &str, message: &str) {
    let limits = if yaml.starts_with("time_limit") { "memory_limit: 1\n" } else { LIMITS };
    let text = format!("{limits}{ONE}{yaml}\n");
    let folder = folder(&with(FILES, &[("init.yml", &text)]));
    let told = told(&load(folder.path()), Severity::Error);
    assert!(told.len() == 1 && told[0].starts_with("init.yml:") && told[0].contains(message), "{told:?}");
}

#[test_case("{in: 9.in, out: 1.out}", "test 1: in: 9.in is neither in the problem's folder nor in its archive"; "no input")]
#[test_case("{in: ../1.in, out: 1.out}", "test 1: in: ../1.in is neither"; "an input elsewhere")]
#[test_case("{in: /etc/passwd, out: 1.out}", "test 1: in: /etc/passwd is neither"; "an absolute input")]
#[test_case("{in: 1.in}", "test 1: out is missing"; "no output")]
#[test_case("{in: 1.in, out: 1.out, points: -1}", "points must be a number of at least 0"; "points below 0")]
#[test_case("{in: 1.in, out: 1.out, weight: 1}", "unknown key test_cases.weight"; "an unknown key")]
#[test_case("{batched: [{batched: []}]}", "batched: a batch inside a batch"; "a batch in a batch")]
#[test_case("{batched: []}", "batch 1 has no tests"; "an empty batch")]
#[test_case("{dependencies: [1], batched: [{in: 1.in, out: 1.out}]}", "batch 1 depends on batch 1"; "a batch that waits for itself")]
#[test_case("{dependencies: [a], batched: [{in: 1.in, out: 1.out}]}", "dependencies must be a list of numbers"; "no number")]
#[test_case("1.in", "must be a map"; "no map")]
fn a_test_that_is_wrong_is_told(case: &str, message: &str) {
    let told = told_of(&format!("test_cases:\n- {case}\n"), Severity::Error);
    let place = "init.yml:4: error: ";
    assert!(told.iter().any(|line| line.starts_with(place) && line.contains(message)), "{told:?}");
}

#[test]
fn tests_with_several_checkers_have_no_program_among_them() {
    let yaml = "test_cases:\n- {in: 1.in, out: 1.out}\n- {in: 2.in, out: 2.out, checker: {name: bridged, args: {files: plain.cpp}}}\n";
    let told = told_of(yaml, Severity::Error);
    assert_eq!(
        told,
        [
            "init.yml: error: checker: tests with different checkers are supported only where none is a program"
        ]
    );
}

#[test]
fn a_program_may_be_named_at_every_test() {
    let test = "- {in: 1.in, out: 1.out, checker: {name: bridged, args: {files: plain.cpp}}}\n";
    let manifest = manifest_of(&format!("test_cases:\n{test}{test}"));
    assert!(matches!(manifest.validation, Validation::Custom { .. }));
}

#[test]
fn what_has_no_effect_is_told_unless_it_cannot_matter() {
    let yaml = format!(
        "unbuffered: true\noutput_prefix_length: 0\nbinary_data: true\nwall_time_factor: 2\nshort_circuit: false\n{ONE}"
    );
    let told = told_of(&yaml, Severity::Warning);
    let keys: Vec<_> =
        told.iter().map(|line| line.split(": ").nth(2).unwrap().split(' ').next().unwrap()).collect();
    assert_eq!(keys, ["unbuffered", "wall_time_factor"], "{told:?}");
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(contents.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A problem in a folder, with an archive that is unpacked.
fn with_archive(yaml: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = folder(&[("init.yml", &format!("{LIMITS}archive: data.zip\n{yaml}"))]);
    std::fs::write(folder.path().join("data.zip"), zipped(files)).unwrap();
    unpack_inner(folder.path(), &ArchiveLimits::default()).unwrap();
    folder
}

fn names(root: &Path) -> Vec<(String, String, String)> {
    let loaded = load(root).unwrap_or_else(|error| panic!("{error}"));
    let tests = loaded.package.tests.iter();
    tests.map(|test| (test.name.clone(), test.input.clone(), test.answer.clone())).collect()
}

#[test]
fn tests_lie_in_the_archive_or_beside_it() {
    let yaml = "test_cases: [{in: t/1.in, out: t/1.out}]\n";
    let folder = with_archive(yaml, &[("t/1.in", "1"), ("t/1.out", "1")]);
    assert_eq!(names(folder.path())[0].1, "_archive/t/1.in");
    // What lies beside it comes first, as at DMOJ.
    std::fs::create_dir(folder.path().join("t")).unwrap();
    std::fs::write(folder.path().join("t/1.in"), "2").unwrap();
    assert_eq!(names(folder.path())[0].1, "t/1.in");
}

#[test_case("", &["1.in", "2.1.in", "2.2.in", "10.in"], &["tests/01", "tests/batch1/02", "tests/batch1/03", "tests/04"]; "dmojs own pattern")]
#[test_case("", &["sum-batch-1-case-2.in", "sum-batch-1-case-1.in"], &["tests/batch1/01", "tests/batch1/02"]; "words around the numbers")]
#[test_case("test_cases: {input_format: '^x(?P<case>\\d+)\\.in$', output_format: '^x(?P<case>\\d+)\\.out$'}\n", &["x7.in", "y8.in"], &["tests/01"]; "a pattern of its own")]
fn tests_are_found_by_their_names(yaml: &str, inputs: &[&str], expected: &[&str]) {
    let outputs: Vec<String> = inputs.iter().map(|name| name.replace(".in", ".out")).collect();
    let files: Vec<(&str, &str)> =
        inputs.iter().copied().chain(outputs.iter().map(String::as_str)).map(|name| (name, "1\n")).collect();
    let folder = with_archive(yaml, &files);
    let tests = names(folder.path());
    assert_eq!(tests.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), expected);
    assert!(tests.iter().all(|(_, input, output)| input.replace(".in", ".out") == *output), "{tests:?}");
}

#[test]
fn points_of_tests_that_are_found_are_one_each_unless_they_are_listed() {
    let files =
        [("1.in", ""), ("1.out", ""), ("2.1.in", ""), ("2.1.out", ""), ("2.2.in", ""), ("2.2.out", "")];
    let total = |yaml| load(with_archive(yaml, &files).path()).unwrap().package.grading.root.max_points();
    assert_eq!((total(""), total("points: 4\n")), (2.0, 8.0));
    assert_eq!(total("test_cases: {case_points: [3, 5]}\n"), 8.0);
}

#[test_case("test_cases: {input_format: '(?=x)1'}\n", "test_cases.input_format cannot be used here"; "look-around")]
#[test_case("test_cases: {input_format: '('}\n", "test_cases.input_format cannot be used here"; "no pattern at all")]
#[test_case("test_cases: {input_format: '(a{1000}){1000}'}\n", "test_cases.input_format cannot be used here"; "a pattern beyond bounds")]
#[test_case("test_cases: {input_format: '\\d+\\.in'}\n", "the pattern finds no number of a test in 1.in"; "no group")]
#[test_case("test_cases: {case_points: [1]}\n", "case_points has 1 numbers for 2 tests and batches"; "too few points")]
#[test_case("test_cases: {case_points: [x, 1]}\n", "case_points must be a list of numbers"; "points in words")]
#[test_case("test_cases: {format: x}\n", "unknown key test_cases.format"; "an unknown key")]
fn patterns_are_refused_by_name(yaml: &str, message: &str) {
    let files = [("1.in", ""), ("1.out", ""), ("2.in", ""), ("2.out", "")];
    let told = told(&load(with_archive(yaml, &files).path()), Severity::Error);
    assert!(told.iter().any(|line| line.starts_with("init.yml:") && line.contains(message)), "{told:?}");
}

#[test]
fn an_uploaded_problem_comes_out_with_its_archive_within_the_same_limits() {
    let inner = zipped(&[("1.in", "1\n"), ("1.out", "1\n")]);
    let init = format!("{LIMITS}archive: data.zip\n");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in [("sum/init.yml", init.as_bytes()), ("sum/data.zip", inner.as_slice())] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(contents).unwrap();
    }
    let outer = zip.finish().unwrap().into_inner();
    let here = tempfile::tempdir().unwrap();
    let target = here.path().join("package");
    let unpacked = unpack(Cursor::new(&outer), &target, &ArchiveLimits::default()).unwrap();
    assert_eq!((unpacked.top_folder.as_deref(), unpacked.files), (Some("sum"), 4));
    assert_eq!(names(&target)[0].1, "_archive/1.in");
    let tight =
        ArchiveLimits { total_bytes: (init.len() + inner.len() + 3) as u64, ..ArchiveLimits::default() };
    std::fs::remove_dir_all(&target).unwrap();
    let refused = unpack(Cursor::new(&outer), &target, &tight).unwrap_err();
    assert!(
        matches!(&refused, ArchiveError::TooLarge { entry, .. } if entry == "data.zip/1.out"),
        "{refused}"
    );
    assert!(!target.exists(), "nothing is left");
}

#[test_case(&[("../x", "")]; "a name that leaves")]
#[test_case(&[("/x", "")]; "an absolute name")]
fn an_archive_inside_is_as_little_trusted(files: &[(&str, &str)]) {
    let folder = folder(&[("init.yml", "archive: data.zip\n")]);
    std::fs::write(folder.path().join("data.zip"), zipped(files)).unwrap();
    let refused = unpack_inner(folder.path(), &ArchiveLimits::default()).unwrap_err();
    assert!(refused.is_refusal() && refused.to_string().contains("data.zip/"), "{refused}");
}

#[test]
fn an_archive_that_is_none_is_told_by_name() {
    let folder = folder(&[("init.yml", "archive: data.zip\n"), ("data.zip", "no zip")]);
    let refused = unpack_inner(folder.path(), &ArchiveLimits::default()).unwrap_err();
    assert!(refused.to_string().starts_with("\"data.zip\" cannot be unpacked"), "{refused}");
}

#[test_case(""; "of no bytes")]
#[test_case("# archive: tests.zip\n"; "of a comment")]
#[test_case("null\n"; "of null")]
fn an_empty_file_is_refused_with_a_word(text: &str) {
    let folder = folder(&with(FILES, &[("init.yml", text)]));
    assert_eq!(told(&load(folder.path()), Severity::Error), ["init.yml: error: is empty"]);
}
