//! Files that their authors take for tests, answers or programs, and the format does not.

use super::super::Severity;
use super::{LEGACY, MODERN, folder, load, told, with};

fn warnings(base: &[(&str, &str)], changes: &[(&str, &str)]) -> Vec<String> {
    let folder = folder(&with(base, changes));
    let loaded = load(folder.path());
    assert_eq!(told(&loaded, Severity::Error), [""; 0]);
    assert_eq!(loaded.as_ref().unwrap().package.tests.len(), 2);
    told(&loaded, Severity::Warning)
}

#[test]
fn an_extension_in_capitals_makes_no_test_and_is_named() {
    for base in [LEGACY, MODERN] {
        let changes = [("data/secret/2.IN", "1 1\n"), ("data/secret/2.Ans", "2\n"), ("data/sample/3.In", "")];
        assert_eq!(
            warnings(base, &changes),
            [
                "data/sample/3.In: warning: not a test: the extension must be .in, in small letters",
                "data/secret/2.Ans: warning: not a test: the extension must be .ans, in small letters",
                "data/secret/2.IN: warning: not a test: the extension must be .in, in small letters",
            ]
        );
    }
}

#[test]
fn files_that_belong_to_no_test_are_named_once_for_each_folder() {
    let changes = [
        ("data/secret/2.inp", ""),
        ("data/secret/2.out", ""),
        ("data/secret/3.txt", ""),
        ("data/sample/1.args", ""),
        // These belong to tests, or to people.
        ("data/sample/1.png", ""),
        ("data/sample/1.in.statement", ""),
        ("data/sample/1.out", ""),
        ("data/sample/2.interaction", ""),
        ("data/secret/1.desc", ""),
        ("data/secret/README.md", ""),
        ("data/invalid_input/1.txt", ""),
        ("data/secret/Thumbs.db", ""),
        ("data/secret/desktop.ini", ""),
    ];
    for base in [LEGACY, MODERN] {
        assert_eq!(
            warnings(base, &changes),
            [
                "data/sample: warning: 1.args belongs to no test: those are NAME.in with NAME.ans",
                "data/secret: warning: 2.inp, 2.out, 3.txt belong to no test: those are NAME.in with NAME.ans",
            ]
        );
    }
}

#[test]
fn very_many_files_that_belong_to_no_test_make_one_warning() {
    let names: Vec<String> = (10..40).map(|i| format!("data/secret/{i}.txt")).collect();
    let changes: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let told = warnings(LEGACY, &changes);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(" 19.txt and 20 more belong to no test"), "{told:?}");
}

#[test]
fn settings_of_the_other_version_beside_a_test_are_named() {
    assert_eq!(
        warnings(LEGACY, &[("data/secret/1.yaml", "args: [x]\n"), ("data/secret/group.yml", "")]),
        ["data/secret: warning: 1.yaml, group.yml belong to no test: those are NAME.in with NAME.ans"]
    );
}

#[test]
fn names_at_the_top_that_are_nearly_right_are_named() {
    let changes = [
        ("Data/secret/2.in", ""),
        ("Submission/accepted/a.py", ""),
        ("output-validators/v.py", ""),
        ("includes/cpp/a.h", ""),
        ("Problem.yml", "name: Other\n"),
        ("generators/gen.py", ""),
        ("notes/x", ""),
        ("ascii", ""),
    ];
    assert_eq!(
        warnings(LEGACY, &changes),
        [
            "Data: warning: not used: the name must be data",
            "Problem.yml: warning: not used: the name must be problem.yaml",
            "Submission: warning: not used: the name must be submissions",
            "includes: warning: not used: the name must be include",
            "output-validators: warning: not used: the name must be output_validator",
        ]
    );
    let yml = folder(&[("problem.yml", "name: Sum\n")]);
    assert_eq!(
        told(&load(yml.path()), Severity::Warning),
        ["problem.yml: warning: not used: the name must be problem.yaml"]
    );
}

#[test]
fn a_program_that_lies_in_no_folder_is_named() {
    let changes = [
        ("submissions/fast.py", ""),
        ("submissions/README.md", ""),
        ("submissions/accepted/__pycache__/a.cpython-313.pyc", ""),
    ];
    assert_eq!(
        warnings(LEGACY, &changes),
        [
            "submissions/fast.py: warning: not used: programs lie in a folder that says what to expect, such as accepted"
        ]
    );
}

/// A package whose secret test is in these bytes.
fn in_bytes(yaml: &str, input: &[u8], answer: &[u8]) -> Vec<String> {
    let folder = folder(&with(LEGACY, &[("problem.yaml", yaml)]));
    std::fs::write(folder.path().join("data/secret/1.in"), input).unwrap();
    std::fs::write(folder.path().join("data/secret/1.ans"), answer).unwrap();
    told(&load(folder.path()), Severity::Warning)
}

#[test]
fn tests_in_another_encoding_are_named() {
    let bytes_as_they_are = "programs and validators get its bytes as they are";
    for (text, encoding) in [
        (&b"\xef\xbb\xbf9\n"[..], "UTF-8 with a byte-order mark"),
        (b"\xff\xfe9\0\n\0", "UTF-16"),
        (b"\xfe\xff\x009\0\n", "UTF-16"),
        (b"9\x009\0\n\0", "UTF-16"),
        (b"\xff\xfe\0\x009\0\0\0", "UTF-32"),
    ] {
        let message =
            |file: &str| format!("data/secret/{file}: warning: is in {encoding}: {bytes_as_they_are}");
        assert_eq!(in_bytes("name: Sum\n", text, b"9\n"), [message("1.in")]);
        assert_eq!(in_bytes("name: Sum\n", b"4 5\n", text), [message("1.ans")]);
    }
    assert_eq!(in_bytes("name: Sum\n", "größer ü\n".as_bytes(), b"\0\x01\x02\x03"), [""; 0]);
}

#[test]
fn line_ends_of_windows_are_named_where_they_matter() {
    let strict = "name: Sum\nvalidator_flags: space_change_sensitive\n";
    assert_eq!(
        in_bytes("name: Sum\n", b"4 5", b"9\r\n"),
        [""; 0],
        "the amount of white space does not matter"
    );
    assert_eq!(
        in_bytes(strict, b"4 5\n", b"9\r\n"),
        [
            "data/secret/1.ans: warning: its lines end with carriage returns, which space_change_sensitive wants in \
          the output"
        ]
    );
    let told = in_bytes("name: Sum\n", b"4 5\r\n", b"9\n");
    assert_eq!(told, ["data/secret/1.in: warning: its lines end with carriage returns"]);
    let many = [("data/secret/1.in", "1\r\n"), ("data/sample/1.in", "1\r\n")];
    assert_eq!(
        warnings(MODERN, &many),
        ["data/sample/1.in: warning: its lines end with carriage returns, as in another input"]
    );
}

#[test]
fn settings_in_another_encoding_are_refused_by_name() {
    let folder = folder(LEGACY);
    std::fs::write(folder.path().join("problem.yaml"), b"\xff\xfen\0a\0m\0e\0:\0 \0x\0\n\0").unwrap();
    assert_eq!(
        told(&load(folder.path()), Severity::Error),
        ["problem.yaml: error: is in UTF-16: save it as UTF-8"]
    );
}
