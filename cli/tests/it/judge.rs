//! `gavel judge`

use crate::rig::{Copy, gavel};

#[test]
fn submissions_are_judged_and_machines_can_read_what_became_of_them() {
    let package = Copy::of("draft", &["accepted/average.py", "wrong_answer/shouting.py"]);
    let program = |name: &str| package.path().join("submissions").join(name).display().to_string();
    let (wrong, right) = (program("wrong_answer/shouting.py"), program("accepted/average.py"));
    let ended = gavel(&["judge", &package.arg(), &wrong, &right, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let judged = ended.json();
    assert_eq!((&judged[0]["verdict"], &judged[1]["verdict"]), (&"WA".into(), &"AC".into()), "{ended:?}");
    assert_eq!(judged[0]["language"], "python");
    assert_eq!(judged[0]["time_limit_ms"], 2000);
    let last = judged[0]["tests"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["verdict"], "WA", "judging stops at the first failure");
    assert!(last["checker_message"].is_string(), "{last}");
}

#[test]
fn a_file_may_be_called_as_browsers_call_it_and_tables_fit_an_ordinary_terminal() {
    let package = Copy::of("draft", &["accepted/average.py"]);
    let source = package.path().join("submissions/accepted/average.py");
    let renamed = package.path().join("my sum (1).py");
    std::fs::copy(source, &renamed).unwrap();
    let ended = gavel(&["judge", &package.arg(), &renamed.display().to_string()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stdout.contains("my sum (1).py (python)") && ended.stdout.contains("AC, time"),
        "{ended:?}"
    );
    for line in ended.stdout.lines().filter(|line| line.contains(['┆', '│', '─'])) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn deriving_a_time_limit_is_told_of() {
    let package = Copy::of("sum", &["accepted/sum.py", "accepted/sum.cpp"]);
    let program = package.path().join("submissions/accepted/sum.cpp").display().to_string();
    let ended = gavel(&["judge", &package.arg(), &program]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for told in [
        "sum: no time limit is stated; 2 accepted programs are run to derive one",
        "sum/accepted/sum.py: ",
        " ms, without a limit",
        "sum: the time limit is 1 s",
    ] {
        assert!(ended.stderr.contains(told), "{told}: {ended:?}");
    }
}

#[test]
fn a_folder_is_one_program_and_a_table_tells_of_every_test() {
    let package = Copy::of("draft", &[]);
    package.write("mine/answer.cpp", "#include \"answer.h\"\nint main() { return answer(); }\n");
    package.write("mine/answer.h", "inline int answer() { return 3; }\n");
    let mine = package.path().join("mine").display().to_string();
    let ended = gavel(&["judge", &package.arg(), &mine, "--all-tests", "--language", "C++17"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout.matches("exit 3").count(), 4, "{ended:?}");
    assert!(ended.stdout.contains("RTE, time limit 2 s (stated)"), "{ended:?}");
    assert!(ended.stdout.contains("(cpp17)"), "{ended:?}");
}

#[test]
fn what_cannot_be_judged_is_said_before_anything_is_started() {
    let package = Copy::of("draft", &[]);
    let unknown = package.path().join("problem.yaml").display().to_string();
    let ended = gavel(&["judge", &package.arg(), &unknown]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("its language cannot be told"), "{ended:?}");
    let ended = gavel(&["judge", &package.arg(), &unknown, "--language", "latin"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.stderr.contains("\"latin\" is no language here"), "{ended:?}");
}
