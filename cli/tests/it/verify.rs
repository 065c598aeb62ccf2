//! `gavel verify`

use crate::rig::{Copy, gavel};

const GREEN: [&str; 4] =
    ["accepted/average.cpp", "accepted/average.py", "wrong_answer/shouting.py", "run_time_error/divide.c"];

#[test]
fn a_package_whose_programs_do_what_they_must_is_green() {
    let package = Copy::of("draft", &GREEN);
    let ended = gavel(&["verify", &package.arg()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for program in GREEN {
        let row = ended.stdout.lines().find(|line| line.contains(program));
        assert!(row.is_some_and(|row| row.contains('✓')), "{program}: {ended:?}");
    }
    assert!(ended.stdout.contains("time limit 2 s (stated)"), "{ended:?}");
    assert!(ended.stdout.contains("4 of 4 submissions as expected"), "{ended:?}");
    assert!(ended.stderr.contains("draft/accepted/average.py: AC ✓"), "{ended:?}");
    assert!(!ended.stderr.contains("INFO"), "{ended:?}");
}

#[test]
fn an_archive_is_as_good_as_a_folder_and_its_report_can_be_read_by_machines() {
    let package = Copy::of("draft", &GREEN);
    let readme = package.path().join("problem.yaml").display().to_string();
    let ended = gavel(&["verify", &package.zip(), &readme, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let reports = ended.json();
    let report = &reports[0];
    assert_eq!((&report["package"], &report["ok"]), (&"draft".into(), &true.into()), "{ended:?}");
    assert_eq!((&report["time_limit_ms"], &report["source"]), (&2000.into(), &"stated".into()));
    let submissions = report["submissions"].as_array().unwrap();
    assert_eq!(submissions.len(), GREEN.len());
    let wrong = submissions.iter().find(|one| one["name"] == GREEN[2]).unwrap();
    assert_eq!((&wrong["verdict"], &wrong["language"]), (&"WA".into(), &"python".into()));
    // A rule speaks of every test, so every test was run.
    assert_eq!(wrong["tests"].as_array().unwrap().len(), 4, "{wrong}");
    assert!(ended.stderr.contains("neither a folder nor a zip file"), "{ended:?}");
}

#[test]
fn a_program_in_the_wrong_folder_is_named() {
    let package = Copy::of("draft", &["accepted/average.py"]);
    package.write("submissions/wrong_answer/right.py", &source(&package, "accepted/average.py"));
    package.write("submissions/accepted/typo.cpp", "int main() { return O; }\n");
    let ended = gavel(&["verify", &package.arg()]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let failed = |program: &str| {
        let mut rows = ended.stdout.lines().filter(|line| line.contains(program));
        rows.any(|row| row.contains('✗'))
    };
    assert!(failed("wrong_answer/right.py") && failed("accepted/typo.cpp"), "{ended:?}");
    assert!(!failed("accepted/average.py"), "{ended:?}");
    assert!(ended.stdout.contains("no test got what wrong_answer requires: WA"), "{ended:?}");
    assert!(ended.stdout.contains("was not declared"), "what the compiler said is told: {ended:?}");
}

#[test]
fn every_mistake_of_a_malformed_package_is_listed_and_the_next_one_verified_all_the_same() {
    let bad = Copy::of("draft", &[]);
    bad.write(
        "problem.yaml",
        "problem_format_version: legacy\nname: Bad\nvalidation: sometimes\nflavour: sweet\n",
    );
    bad.write("data/secret/9.in", "1\n");
    let good = Copy::of("draft", &["accepted/average.py"]);
    let ended = gavel(&["verify", &bad.arg(), &good.arg()]);
    assert_eq!(ended.code, 1, "{ended:?}");
    for mistake in ["draft/problem.yaml:3: error:", "draft/problem.yaml:4:", "draft/data/secret/9.in: error:"]
    {
        assert!(ended.stdout.contains(mistake), "{mistake}: {ended:?}");
    }
    assert!(ended.stdout.contains("1 of 1 submissions as expected"), "{ended:?}");
}

#[test]
fn a_validator_that_does_not_compile_is_told_of() {
    let package = Copy::of("validator-cpp", &["accepted/one.cpp"]);
    let folder = package.path().join("output_validator");
    let source = std::fs::read_dir(&folder).unwrap().filter_map(Result::ok).find(|entry| {
        entry.path().extension().is_some_and(|extension| extension == "cpp" || extension == "cc")
    });
    std::fs::write(source.unwrap().path(), "int main() { return fourty_two; }\n").unwrap();
    let ended = gavel(&["verify", &package.arg()]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stdout.contains("does not compile") && ended.stdout.contains("fourty_two"), "{ended:?}");
}

#[test]
fn a_folder_that_is_no_package_is_an_error_of_the_caller() {
    let folder = tempfile::tempdir().unwrap();
    let ended = gavel(&["verify", &folder.path().display().to_string()]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(
        ended.stderr.contains("there is no problem.yaml, no problem.xml, no init.yml in it"),
        "{ended:?}"
    );
    let ended = gavel(&["verify", "/nowhere"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("/nowhere: No such file"), "{ended:?}");
}

fn source(package: &Copy, submission: &str) -> String {
    std::fs::read_to_string(package.path().join("submissions").join(submission)).unwrap()
}
