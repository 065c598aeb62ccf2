//! Problem packages: every program that comes with one must get what its folder promises.

use std::path::Path;
use std::sync::Arc;

use gavel_model::language::Languages;
use gavel_model::{LimitHit, Verdict};
use gavel_problem::archive::{ArchiveLimits, copy_unpacked};
use gavel_problem::{LoadOptions, Loaded, Package};
use gavel_verify::{HandedIn, VerifyOptions, judge_handed_in, verify};
use gavel_worker::sandbox::SourceBytes;
use test_case::test_case;

use crate::rig::{Rig, root};

/// Judges every program of a package on every test, one program at a time, and compares.
async fn verify_alone(name: &str) {
    let rig = Rig::new().await;
    let folder = if name.starts_with("big-") { "tests/problems-large" } else { "tests/problems" };
    let folder = root().join(folder).join(name);
    let options = LoadOptions::new(rig.host.judge.languages().extensions(), None);
    let loaded = Package::load(&folder, &options).unwrap_or_else(|error| panic!("{error}"));
    // As `gavel verify` does it; --all-tests would triple the time and judge tests that decide nothing.
    let options = VerifyOptions::default();
    let host = Arc::new(rig.host);
    let report = verify(&host, loaded, options, Arc::new(())).await.unwrap_or_else(|error| {
        panic!("{}", gavel_platform::lifecycle::chain(&error));
    });
    let surprises: Vec<_> = report.submissions.iter().filter(|submission| !submission.ok).collect();
    assert!(report.ok, "time limit {:?} ms, {:?}\n{surprises:#?}", report.time_limit_ms, report.error);
}

#[test_case("sum")]
#[test_case("sum2025")]
#[test_case("draft")]
#[test_case("floats")]
#[test_case("floats2025")]
#[test_case("case")]
#[test_case("spaces")]
#[test_case("validator-cpp")]
#[test_case("validator-python")]
#[test_case("validator-build")]
#[test_case("testlib-style")]
#[test_case("testlib-points")]
#[test_case("guess")]
#[test_case("guess-legacy")]
#[test_case("last-words")]
#[test_case("echo-100k")]
#[test_case("two-pass")]
#[test_case("interactive-multi-pass")]
#[test_case("groups-min-sum")]
#[test_case("scoring2025")]
#[test_case("big-input")]
#[test_case("big-output")]
#[test_case("multi-file")]
#[test_case("files")]
#[test_case("file-io")]
#[test_case("file-io-passes")]
#[test_case("driver")]
#[test_case("constants")]
#[test_case("validator-script")]
#[test_case("validator-tools")]
#[test_case("dmoj-python")]
#[tokio::test]
async fn the_programs_get_what_they_should_at(name: &str) {
    verify_alone(name).await;
}

/// Packages of Polygon and DMOJ: their programs get what they should, and the same as at a Kattis package of the same
/// problem. Those that are too slow are left out there: it would only take time.
#[test_case("polygon-checker", "testlib-style")]
#[test_case("polygon-interactive", "guess")]
#[test_case("polygon-points", "groups-min-sum")]
#[test_case("dmoj-checker", "testlib-style")]
#[test_case("dmoj-interactive", "guess")]
#[test_case("dmoj-points", "groups-min-sum")]
#[tokio::test]
async fn the_verdicts_are_those_of_a_kattis_package_at(name: &str, twin: &str) {
    let rig = Rig::new().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("package");
    let problems = root().join("tests/problems");
    copy_unpacked(&problems.join(name), &copy, &ArchiveLimits::default()).unwrap();
    let options = LoadOptions::new(rig.host.judge.languages().extensions(), Some(name.to_owned()));
    let load = |folder: &Path| Package::load(folder, &options).unwrap_or_else(|error| panic!("{error}"));
    let loaded = load(&copy);
    let (package, twin) = (loaded.package.clone(), load(&problems.join(twin)).package);
    let host = Arc::new(rig.host);
    let report = verify(&host, loaded, VerifyOptions::default(), Arc::new(())).await.unwrap();
    let surprises: Vec<_> = report.submissions.iter().filter(|submission| !submission.ok).collect();
    assert!(report.ok && report.submissions.len() >= 3, "{:?}\n{surprises:#?}", report.error);
    for (program, here) in package.submissions.iter().zip(&report.submissions) {
        // What a pretest stops gets points where there are no pretests.
        let differs = name == "dmoj-points" && program.name == "wrong_answer/first_two.py";
        if here.verdict == Some(Verdict::Tle) || differs {
            continue;
        }
        let file = &program.files[0];
        let source = std::fs::read(package.path(&program.folder).join(file)).unwrap();
        let named = gavel_model::FileName::try_from(file.clone()).unwrap();
        let files = vec![SourceBytes { name: named, bytes: source.into() }];
        let handed = HandedIn { language: program.language.clone().unwrap(), files };
        let slot = host.slots.get().await.unwrap();
        let there = judge_handed_in(&host, &twin, handed, 2_000, false, &slot).await.unwrap();
        let (verdict, score) = (there.graded.verdict, there.graded.score);
        assert_eq!((here.verdict, here.score), (Some(verdict), score), "{}", program.name);
    }
}

/// `sum`, with what is put over its `problem.yaml`.
fn sum_with(folder: &std::path::Path, yaml: &str) -> Package {
    let write = |name: &str, text: &str| {
        let at = folder.join(name);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    };
    write("problem.yaml", yaml);
    write(".timelimit", "2\n");
    write("data/secret/1.in", "1 2\n");
    write("data/secret/1.ans", "3\n");
    let languages = Languages::load(&root().join("images")).unwrap();
    let options = LoadOptions::new(languages.extensions(), Some("sum".to_owned()));
    Package::load(folder, &options).unwrap_or_else(|error| panic!("{error}")).package
}

#[tokio::test]
async fn a_package_limits_the_compilation_also_of_what_was_compiled_before() {
    let rig = Rig::new().await;
    // A source of its own, so that no other test compiled it: with half a million initialisers it wants some 100 MiB.
    let numbers = "7,".repeat(500_000);
    let source = format!(
        "#include <cstdio>\n// {}\nstatic const int table[] = {{{numbers}}};\nint main() {{ int a, b; \
         if (scanf(\"%d %d\", &a, &b) == 2) printf(\"%d\\n\", a + b + table[a] - 7); }}\n",
        gavel_model::SubmissionId::new()
    );
    let judge = async |yaml: &str| {
        let folder = tempfile::tempdir().unwrap();
        let package = sum_with(folder.path(), yaml);
        let name = gavel_model::FileName::try_from("sum.cpp".to_owned()).unwrap();
        let files = vec![SourceBytes { name, bytes: source.clone().into() }];
        let handed = HandedIn { language: "cpp".to_owned(), files };
        let slot = rig.host.slots.get().await.unwrap();
        judge_handed_in(&rig.host, &package, handed, 2_000, false, &slot)
            .await
            .unwrap_or_else(|fault| panic!("{}", gavel_platform::lifecycle::chain(&fault)))
    };
    let tight = "name: Sum\nlimits: {compilation_memory: 16}\n";
    for round in ["nothing compiled yet", "compiled within other limits"] {
        let findings = judge(tight).await;
        assert_eq!(findings.graded.verdict, Verdict::Ce, "{round}: {:?}", findings.compile);
        assert_eq!(findings.compile.unwrap().limit, Some(LimitHit::Memory), "{round}");
        // More than the worker has is what the worker has.
        let findings =
            judge("name: Sum\nlimits: {compilation_memory: 1000000, compilation_time: 1000000}\n").await;
        assert_eq!(findings.graded.verdict, Verdict::Ac, "{round}: {:?}", findings.compile);
    }
}

#[test_case("polygon-points", "tests/04", "", "test tests/medium/04, validator: the validator ended with exit code 3: input ends too early"; "of Polygon")]
#[test_case("polygon-points", "tests/03", "6\n1 2 3 4 5 6\n", "test tests/easy/03, validator: the validator ended with exit code 3: input: n 6 is not in [2, 5]"; "of Polygon, by group")]
#[test_case("sum", "data/sample/1.in", "1\n", "AssertionError: format"; "of Kattis")]
#[tokio::test]
async fn an_input_that_is_none_is_refused_by_a_validator(name: &str, input: &str, bytes: &str, why: &str) {
    let rig = Rig::new().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("package");
    copy_unpacked(&root().join("tests/problems").join(name), &copy, &ArchiveLimits::default()).unwrap();
    let options = LoadOptions::new(rig.host.judge.languages().extensions(), Some(name.to_owned()));
    let load = || Package::load(&copy, &options).unwrap_or_else(|error| panic!("{error}"));
    let slot = rig.host.slots.get().await.unwrap();
    let refused = async || rig.host.judge.refused_inputs(&load().package, &slot).await.unwrap();
    assert_eq!(refused().await, Vec::<String>::new());
    std::fs::write(copy.join(input), bytes).unwrap();
    let refused = refused().await;
    assert!(refused.len() == 1 && refused[0].contains(why), "{refused:#?}");
}

#[tokio::test]
async fn a_package_with_an_input_that_is_none_is_not_verified() {
    let rig = Rig::new().await;
    let host = Arc::new(rig.host);
    for (file, validator, refused) in [
        ("v.py", "import sys\nsys.exit(42 if sys.argv[1:] == [] else 43)\n", None),
        ("v.py", "import sys\nsys.exit(43)\n", Some("ended with exit code 43")),
        ("v.cpp", "int main( {\n", Some("input validator v does not compile")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("input_validators")).unwrap();
        std::fs::write(folder.path().join("input_validators").join(file), validator).unwrap();
        let package = sum_with(folder.path(), "name: Sum\n");
        let options = VerifyOptions { inputs: true, ..VerifyOptions::default() };
        let loaded = Loaded { package, warnings: Vec::new() };
        let report = verify(&host, loaded, options, Arc::new(())).await.unwrap();
        assert_eq!(
            (report.ok, report.inputs.is_empty()),
            (refused.is_none(), refused.is_none()),
            "{report:#?}"
        );
        assert!(report.inputs.iter().all(|why| why.contains(refused.unwrap_or_default())), "{report:#?}");
        assert_eq!(report.error, None, "the rest is verified all the same");
    }
}
