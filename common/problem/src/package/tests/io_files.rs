//! `input_file` and `output_file`.

use test_case::test_case;

use super::super::Severity;
use super::{LEGACY, MODERN, folder, load, told, with};
use crate::FileIo;

type Changes<'a> = &'a [(&'a str, &'a str)];

fn file_io(base: Changes<'_>, changes: Changes<'_>) -> FileIo {
    let loaded = load(folder(&with(base, changes)).path());
    assert_eq!(told(&loaded, Severity::Error), [""; 0]);
    assert_eq!(told(&loaded, Severity::Warning), [""; 0]);
    loaded.unwrap().package.file_io.clone()
}

fn named(input: Option<&str>, output: Option<&str>) -> FileIo {
    let file = |name: Option<&str>| name.map(|name| name.to_owned().try_into().unwrap());
    FileIo { input_file: file(input), output_file: file(output), ..FileIo::default() }
}

#[test]
fn both_versions_name_them_in_problem_yaml() {
    let keys = "input_file: input.txt\noutput_file: output.txt\n";
    for base in [LEGACY, MODERN] {
        let text = format!("{}{keys}", base[0].1);
        assert_eq!(file_io(base, &[("problem.yaml", &text)]), named(Some("input.txt"), Some("output.txt")));
        assert_eq!(file_io(base, &[]), FileIo::default());
    }
}

#[test]
fn an_ini_file_names_them_where_problem_yaml_does_not() {
    let ini = "input_file = 'sum.in'\noutput_file = sum.out ; as the statement says\n";
    assert_eq!(file_io(LEGACY, &[("domjudge-problem.ini", ini)]), named(Some("sum.in"), Some("sum.out")));
    let yaml = "name: Sum\noutput_file: answer\n";
    assert_eq!(
        file_io(LEGACY, &[("domjudge-problem.ini", ini), ("problem.yaml", yaml)]),
        named(Some("sum.in"), Some("answer"))
    );
    assert_eq!(file_io(LEGACY, &[("domjudge-problem.ini", "input_file =\n")]), FileIo::default());
}

const NAME: &str = "cannot be such a file: its name has 1 to 255 ASCII letters, digits and any of `_ . -`, and begins with \
                    none of `.` and `-`";

#[test_case("input_file: ../a\n", &format!("problem.yaml:1: error: input_file: \"../a\" {NAME}"); "outside")]
#[test_case("output_file: out/a\n", &format!("problem.yaml:1: error: output_file: \"out/a\" {NAME}"); "in a folder")]
#[test_case("input_file: [a]\n", "problem.yaml:1: error: input_file must be a string, not a list"; "no name")]
#[test_case("input_file: a\noutput_file: a\n", "problem.yaml: error: input_file and output_file are both \"a\""; "one file for both")]
#[test_case(
    "input_file: a\nvalidation: custom interactive\n",
    "problem.yaml: error: input_file and output_file do not go with an interactive problem, where programs talk";
    "interactive"
)]
fn refused(text: &str, mistake: &str) {
    let files = [("problem.yaml", text), ("output_validators/v.py", "#!/usr/bin/env python3\n")];
    let loaded = load(folder(&with(LEGACY, &files)).path());
    assert_eq!(told(&loaded, Severity::Error), [mistake]);
}

#[test]
fn a_name_that_a_tests_own_file_has_is_refused() {
    let text = format!("{}input_file: data.txt\n", MODERN[0].1);
    let files = [("problem.yaml", text.as_str()), ("data/secret/1.files/data.txt", "1\n")];
    assert_eq!(
        told(&load(folder(&with(MODERN, &files)).path()), Severity::Error),
        ["data/secret/1.files: error: it brings a file \"data.txt\", which input_file is"]
    );
}

#[test]
fn a_mistake_in_the_ini_file_is_told_with_its_line() {
    let files = [("domjudge-problem.ini", "[problem]\ninput_file = /etc/passwd\n")];
    assert_eq!(
        told(&load(folder(&with(LEGACY, &files)).path()), Severity::Error),
        [format!("domjudge-problem.ini:2: error: input_file: \"/etc/passwd\" {NAME}")]
    );
}
