//! Bad packages: every message names the file and the cause.

use super::super::{InvalidPackage, Severity};
use super::{LEGACY, MODERN, REMOVED, folder, load, told, with};

type Changes = &'static [(&'static str, &'static str)];

const M: &str = "problem_format_version: 2025-09\nname: Sum\nuuid: x\n";

/// Changes to the smallest legacy package, and the only error they must give.
const OF_LEGACY: &[(Changes, &str)] = &[
    (&[("problem.yaml", REMOVED)], "problem.yaml: error: the file is missing"),
    (&[("problem.yaml", "name: [Sum\n")], "problem.yaml:2: error: not valid YAML: "),
    (&[("problem.yaml", "- name\n")], "problem.yaml:1: error: the file must be a map, not a list"),
    (&[("problem.yaml", "name: Sum\n\ncolour: red\n")], "problem.yaml:3: error: unknown key colour"),
    (
        &[("problem.yaml", "problem_format_version: 2024-01\n")],
        "problem.yaml:1: error: unknown problem_format_version \"2024-01\"",
    ),
    (&[("problem.yaml", "type: passfail\n")], "problem.yaml:1: error: unknown type \"passfail\""),
    (&[("problem.yaml", "name: {en: Sum}\n")], "problem.yaml:1: error: name must be a string, not a map"),
    (&[("problem.yaml", "limits: 5\n")], "problem.yaml:1: error: limits must be a map, not \"5\""),
    (
        &[("problem.yaml", "limits:\n  memory: -1\n")],
        "problem.yaml:2: error: limits.memory must be a whole number of at least 1, not \"-1\"",
    ),
    (
        &[("problem.yaml", "limits:\n  memory: lots\n")],
        "problem.yaml:2: error: limits.memory must be a whole number of at least 1, not \"lots\"",
    ),
    (
        &[("problem.yaml", "limits:\n  memory: [1]\n")],
        "problem.yaml:2: error: limits.memory must be a whole number of at least 1, not a list",
    ),
    (
        &[("problem.yaml", "limits:\n  time_multiplier: 0\n")],
        "problem.yaml:2: error: limits.time_multiplier must be a number above 0, not \"0\"",
    ),
    (&[("problem.yaml", "limits:\n  memroy: 5\n")], "problem.yaml:2: error: unknown key limits.memroy"),
    (
        &[("problem.yaml", "validation: costum\n")],
        "problem.yaml:1: error: validation must begin with default or custom, not \"costum\"",
    ),
    (
        &[("problem.yaml", "validation: custom speedy\n"), ("output_validators/v.py", "")],
        "problem.yaml:1: error: unknown validation word \"speedy\"",
    ),
    (
        &[("problem.yaml", "validation: default score\n")],
        "problem.yaml:1: error: validation word score needs custom before it",
    ),
    (
        &[("problem.yaml", "validation: custom score\n"), ("output_validators/v.py", "")],
        "problem.yaml:1: error: validation word score is for problems of type scoring only",
    ),
    (
        &[("problem.yaml", "name: Sum\nvalidation: custom\n")],
        "problem.yaml:2: error: validation is custom, but output_validators holds no program",
    ),
    (
        &[("problem.yaml", "validation: custom\n"), ("output_validators/v.tcl", "")],
        "output_validators/v.tcl: error: the language cannot be told: no file has the extension of a known language",
    ),
    (
        &[
            ("problem.yaml", "validation: custom\n"),
            ("output_validators/v/a.py", ""),
            ("output_validators/v/b.cpp", ""),
        ],
        "output_validators/v: error: the language cannot be told: the files are in several languages: cpp, python",
    ),
    (
        &[
            ("problem.yaml", "validation: custom\n"),
            ("output_validators/v.py", ""),
            ("output_validators/v.cpp", ""),
        ],
        "output_validators/v.py: error: a second program named v",
    ),
    (
        &[("problem.yaml", "name: Sum\nvalidator_flags: float_tolerence 1e-6\n")],
        "problem.yaml:2: error: unknown validator flag \"float_tolerence\"",
    ),
    (
        &[("problem.yaml", "validator_flags: float_tolerance\n")],
        "problem.yaml:1: error: validator flag float_tolerance needs a number after it",
    ),
    (
        &[("data/secret/testdata.yaml", "output_validator_flags: sloppy\n")],
        "data/secret/testdata.yaml:1: error: unknown validator flag \"sloppy\"",
    ),
    (
        &[("data/secret/testdata.yaml", "\non_reject: stop\n")],
        "data/secret/testdata.yaml:2: error: on_reject must be one of break, continue, not \"stop\"",
    ),
    (
        &[("data/secret/testdata.yaml", "grader_flags: ignore_sample\n")],
        "data/secret/testdata.yaml:1: error: grader flag ignore_sample is for data/testdata.yaml only",
    ),
    (
        &[("data/testdata.yaml", "grading: custom\n")],
        "data/testdata.yaml:1: error: custom graders are not supported",
    ),
    (
        &[("data/testdata.yaml", "range: 0 100\n")],
        "data/testdata.yaml:1: error: range is for problems of type scoring only",
    ),
    (
        &[("problem.yaml", "type: scoring\n"), ("data/testdata.yaml", "range: 100 0\n")],
        "data/testdata.yaml:1: error: range must be two numbers, the lower first, not \"100 0\"",
    ),
    (
        &[("problem.yaml", "type: scoring\n"), ("data/testdata.yaml", "accept_score: many\n")],
        "data/testdata.yaml:1: error: accept_score must be a number, not \"many\"",
    ),
    (
        &[("data/secret/test_group.yaml", "max_score: 1\n")],
        "data/secret/test_group.yaml: error: not part of the legacy format",
    ),
    (&[("data/secret/1.ans", REMOVED)], "data/secret/1.in: error: there is no 1.ans"),
    (
        &[
            ("data/secret/1.in", REMOVED),
            ("data/secret/1.ans", REMOVED),
            ("data/sample/1.in", REMOVED),
            ("data/sample/1.ans", REMOVED),
        ],
        "data/secret: error: there are no secret tests",
    ),
    (
        &[
            ("data/testdata.yaml", "grader_flags: ignore_sample\n"),
            ("data/secret/1.in", REMOVED),
            ("data/secret/1.ans", REMOVED),
        ],
        "data/secret: error: there are no secret tests, and the samples do not count",
    ),
    (
        &[("data/secret/2.in", ""), ("data/secret/2.out", "")],
        "data/secret/2.in: error: there is no 2.ans: 2.out is no answer to the format",
    ),
    (&[("data/stray.in", "")], "data/stray.in: error: tests lie in data/sample or data/secret"),
    (
        &[("data/secret/1/a.in", ""), ("data/secret/1/a.ans", "")],
        "data/secret/1: error: a folder with the name of a test beside it",
    ),
    (&[("data/secret/empty/", "")], "data/secret/empty: error: the group has no tests"),
    (
        &[(".timelimit", "soon\n")],
        ".timelimit:1: error: the time limit must be a number of seconds above 0, not \"soon\"",
    ),
    (
        &[("domjudge-problem.ini", "timelimit = -1\n")],
        "domjudge-problem.ini:1: error: the time limit must be a number of seconds above 0, not \"-1\"",
    ),
    (
        &[("domjudge-problem.ini", "\nspecial_compare = mine\n")],
        "domjudge-problem.ini:2: error: special_compare names a program that is not in the package",
    ),
    (
        &[("domjudge-problem.ini", "nonsense\n")],
        "domjudge-problem.ini:1: error: expected KEY = VALUE, not \"nonsense\"",
    ),
    (
        &[("submissions/submissions.yaml", "accepted:\n  permitted: [OK]\n")],
        "submissions/submissions.yaml:2: error: permitted: unknown verdict \"OK\"",
    ),
    (
        &[("submissions/submissions.yaml", "'acc{epted':\n  permitted: [AC]\n")],
        "submissions/submissions.yaml:1: error: pattern \"acc{epted\" has a brace without its partner",
    ),
    (
        &[("submissions/submissions.yaml", "'**/a.py':\n  permitted: [AC]\n")],
        "submissions/submissions.yaml:1: error: pattern \"**/a.py\": only * and {a,b} are supported",
    ),
    (
        &[("submissions/submissions.yaml", "accepted/*:\n  permited: [AC]\n")],
        "submissions/submissions.yaml:2: error: unknown key accepted/*.permited",
    ),
    (
        &[("submissions/submissions.yaml", "accepted/*:\n  permitted: [WA]\n")],
        "submissions/submissions.yaml: error: no verdict is permitted for accepted/a.py by all its patterns",
    ),
];

/// The same for `2025-09`.
const OF_MODERN: &[(Changes, &str)] = &[
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\n")],
        "problem.yaml: error: the required key uuid is missing",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nuuid: x\n")],
        "problem.yaml: error: the required key name is missing",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\nuuid: x\nvalidation: default\n")],
        "problem.yaml:4: error: unknown key validation",
    ),
    (
        &[(
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: [pass-fail, scoring]\n",
        )],
        "problem.yaml:4: error: type cannot be both pass-fail and scoring",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: submit-answer\n")],
        "problem.yaml:4: error: problems of type submit-answer are not supported",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: interactive\n")],
        "problem.yaml: error: the problem is interactive and has no output validator of its own",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\nuuid: x\nlimits: {time_limit: 0}\n")],
        "problem.yaml:4: error: limits.time_limit must be a number of seconds above 0, not \"0\"",
    ),
    (
        &[(
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nuuid: x\nlimits: {time_multipliers: {ac_to_time_limit: 0.5}}\n",
        )],
        "problem.yaml:4: error: limits.time_multipliers.ac_to_time_limit must be a number of at least 1, not \"0.5\"",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\nuuid: x\nconstants: {0a: 1}\n")],
        "problem.yaml:4: error: constant \"0a\": names are letters, digits and underscores",
    ),
    (
        &[(
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nuuid: x\nconstants: {a: {tex: 1}}\n",
        )],
        "problem.yaml:4: error: constant a has no value",
    ),
    (
        &[(
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nuuid: x\nconstants: {a: {value: 1, b c: 1}}\n",
        )],
        "problem.yaml:4: error: constant \"a.b c\": names are letters, digits and underscores",
    ),
    (
        &[("problem.yaml", "problem_format_version: 2025-09\nname: Sum\nuuid: x\nconstants: {a: [1]}\n")],
        "problem.yaml:4: error: constant a must be a number or a string, or a map of them",
    ),
    (
        &[(
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nuuid: x\nconstants: {a: {value: {b: 1}}}\n",
        )],
        "problem.yaml:4: error: constant a.value must be a number or a string",
    ),
    (
        &[(
            "data/secret/test_group.yaml",
            "output_validator_args: [float_tolerance, 1, float_tolerance, 2]\n",
        )],
        "data/secret/test_group.yaml:1: error: validator flag float_tolerance is given more than once",
    ),
    (
        &[("data/secret/1.yaml", "args: []\nfull_feedback: maybe\n")],
        "data/secret/1.yaml:2: error: full_feedback must be true or false, not \"maybe\"",
    ),
    (
        &[("data/secret/1.yaml", "args: a b\n")],
        "data/secret/1.yaml:1: error: args must be a list of strings, not \"a b\"",
    ),
    (&[("data/secret/1.yaml", "timeout: 5\n")], "data/secret/1.yaml:1: error: unknown key timeout"),
    (&[("data/secret/2.ans", "")], "data/secret/2.ans: error: there is no 2.in"),
    (&[("data/secret/2.files/a", "")], "data/secret/2.files: error: there is no 2.in"),
    (
        &[("data/secret/g/2.in", ""), ("data/secret/g/2.ans", "")],
        "data/secret: error: holds both tests and groups: it may hold one or the other",
    ),
    (
        &[("data/sample/g/2.in", ""), ("data/sample/g/2.ans", "")],
        "data/sample/g: error: data/sample must not contain groups",
    ),
    (
        &[("data/secret/test_group.yaml", "max_score: 5\n")],
        "data/secret/test_group.yaml:1: error: max_score is for problems of type scoring only",
    ),
    (
        &[("data/secret/testdata.yaml", "on_reject: break\n")],
        "data/secret/testdata.yaml: error: not part of the 2025-09 format",
    ),
    (&[("static_validator/v.py", "")], "static_validator: error: static validators are not supported"),
    (
        &[("output_validators/a.py", ""), ("output_validators/b.cpp", "")],
        "output_validator: error: more than one output validator",
    ),
    (
        &[("output_validator/a.py", ""), ("output_validator/b.cpp", "")],
        "output_validator: error: the language cannot be told: the files are in several languages: cpp, python",
    ),
];

const SCORING: &str = "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: scoring\n";

/// The same for a scoring package of two groups.
const OF_GROUPS: &[(Changes, &str)] = &[
    (
        &[
            ("data/secret/a/test_group.yaml", "score_aggregation: sum\n"),
            ("data/secret/b/test_group.yaml", "max_score: 100\n"),
        ],
        "data/secret/a: error: a group of a secret with bounded score needs a max_score",
    ),
    (
        &[
            ("data/secret/test_group.yaml", "max_score: unbounded\n"),
            ("data/secret/a/test_group.yaml", "{}\n"),
        ],
        "data/secret/a: error: a pass-fail group needs a max_score",
    ),
    (
        &[("data/secret/a/test_group.yaml", "max_score: 70\n")],
        "data/secret: error: the groups' max_score sum up to 120, that of secret is 100",
    ),
    (
        &[
            ("data/secret/a/test_group.yaml", "score_aggregation: sum\nmax_score: 50.5\n"),
            ("data/secret/test_group.yaml", "max_score: unbounded\n"),
        ],
        "data/secret/a/test_group.yaml:2: error: max_score must be a whole number or unbounded, not \"50.5\"",
    ),
    (
        &[("data/secret/a/test_group.yaml", "max_score: 50\nscore_aggregation: best\n")],
        "data/secret/a/test_group.yaml:2: error: score_aggregation must be one of pass-fail, sum, min, not \"best\"",
    ),
    (
        &[("data/secret/a/test_group.yaml", "max_score: 50\nrequire_pass: [secret/b]\n")],
        "data/secret/a/test_group.yaml:2: error: require_pass: \"secret/b\" is neither sample nor an earlier group",
    ),
    (
        &[("data/secret/b/test_group.yaml", "max_score: 50\nrequire_pass: [secret/Z]\n")],
        "data/secret/b: error: require_pass: there is no group secret/Z",
    ),
    (
        &[
            ("data/secret/a/test_group.yaml", "max_score: 50\nscore_aggregation: sum\n"),
            ("data/secret/b/test_group.yaml", "max_score: 50\nrequire_pass: secret/a\n"),
        ],
        "data/secret/b: error: require_pass: secret/a has no pass-fail aggregation",
    ),
    (
        &[("data/sample/test_group.yaml", "max_score: 5\n")],
        "data/sample/test_group.yaml:1: error: max_score is not permitted here",
    ),
    (
        &[("data/secret/test_group.yaml", "require_pass: secret/a\n")],
        "data/secret/test_group.yaml:1: error: require_pass: \"secret/a\" is not sample",
    ),
    (
        &[("data/secret/a/test_group.yaml", "max_score: 50\nstatic_validation_score: 5\n")],
        "data/secret/a/test_group.yaml:2: error: static validators are not supported",
    ),
    (
        &[
            ("data/secret/a/deep/test_group.yaml", "{}\n"),
            ("data/secret/a/deep/1.in", ""),
            ("data/secret/a/deep/1.ans", ""),
        ],
        "data/secret/a/deep/test_group.yaml: error: groups cannot be nested: only data/sample, data/secret and the folders of data/secret have a test_group.yaml",
    ),
    (
        &[
            ("data/secret/test_group.yaml", "score_aggregation: pass-fail\n"),
            ("data/secret/a/test_group.yaml", "max_score: 50\nscore_aggregation: min\n"),
        ],
        "data/secret/a: error: score_aggregation must be pass-fail, because that of secret is",
    ),
];

#[test]
fn every_malformed_package_names_file_and_cause() {
    assert!(OF_LEGACY.len() + OF_MODERN.len() + OF_GROUPS.len() >= 20);
    let groups = with(
        MODERN,
        &[
            ("problem.yaml", SCORING),
            ("data/secret/1.in", REMOVED),
            ("data/secret/1.ans", REMOVED),
            ("data/secret/a/1.in", ""),
            ("data/secret/a/1.ans", ""),
            ("data/secret/a/test_group.yaml", "max_score: 50\n"),
            ("data/secret/b/1.in", ""),
            ("data/secret/b/1.ans", ""),
            ("data/secret/b/test_group.yaml", "max_score: 50\n"),
        ],
    );
    let cases = [(LEGACY, OF_LEGACY), (MODERN, OF_MODERN), (groups.as_slice(), OF_GROUPS)];
    for (base, cases) in cases {
        assert_eq!(told(&load(folder(base).path()), Severity::Error), [""; 0]);
        for (changes, expected) in cases {
            let folder = folder(&with(base, changes));
            let errors = told(&load(folder.path()), Severity::Error);
            assert!(
                errors.len() == 1 && errors[0].starts_with(expected),
                "{changes:?}:\n{errors:#?}\nnot {expected}"
            );
        }
    }
}

#[test]
fn every_mistake_is_told_at_once_in_order() {
    let folder = folder(&with(
        MODERN,
        &[
            ("problem.yaml", &format!("{M}colour: red\nlimits:\n  memory: -1\n  output: x\n")),
            ("data/secret/1.ans", REMOVED),
            ("data/secret/1.yaml", "output_validator_args: [nope]\n"),
            ("submissions/submissions.yaml", "accepted: {permitted: [XX], score: 5}\n"),
        ],
    ));
    let result = load(folder.path());
    assert_eq!(
        told(&result, Severity::Error),
        [
            "data/secret/1.in: error: there is no 1.ans",
            "data/secret/1.yaml:1: error: unknown validator flag \"nope\"",
            "problem.yaml:4: error: unknown key colour",
            "problem.yaml:6: error: limits.memory must be a whole number of at least 1, not \"-1\"",
            "problem.yaml:7: error: limits.output must be a whole number of at least 1, not \"x\"",
            "submissions/submissions.yaml:1: error: permitted: unknown verdict \"XX\"",
            "submissions/submissions.yaml:1: error: score is for problems of type scoring only",
        ]
    );
    let InvalidPackage(_) = result.as_ref().unwrap_err();
    let text = result.unwrap_err().to_string();
    assert_eq!(text, "the package has 7 mistakes, the first: data/secret/1.in: error: there is no 1.ans");
}

#[test]
fn a_mistake_shared_by_many_tests_is_told_once() {
    let more: Vec<String> =
        (10..30).flat_map(|i| [format!("data/secret/{i}.in"), format!("data/secret/{i}.ans")]).collect();
    let mut files = with(LEGACY, &[("problem.yaml", "validator_flags: wrong\n")]);
    files.extend(more.iter().map(|path| (path.as_str(), "")));
    assert_eq!(told(&load(folder(&files).path()), Severity::Error).len(), 1);
}

#[test]
fn oddities_are_warnings() {
    let changes: Changes = &[
        ("problem_statement/problem.en.tex", REMOVED),
        ("submissions/accepted/a.py", REMOVED),
        ("submissions/strange/a.py", ""),
        ("submissions/accepted/notes.txt", "@EXPECTED_RESULTS@: PERFECT"),
        ("data/fuzz/1.in", ""),
        ("data/secret/orphan.ans", ""),
        ("data/testdata.yaml", "grader_flags: median no_errors\n"),
        ("domjudge-problem.ini", "flavour = 3\n"),
        ("output_validators/v.py", ""),
        ("problem.yaml", "\u{feff}name: Sum\n"),
    ];
    let folder = folder(&with(LEGACY, changes));
    let warnings = told(&load(folder.path()), Severity::Warning);
    assert_eq!(
        warnings,
        [
            "data/fuzz: warning: not used: neither sample nor secret",
            "data/secret/orphan.ans: warning: there is no orphan.in",
            "data/testdata.yaml:1: warning: unknown grader flag \"median\" is ignored",
            "domjudge-problem.ini:1: warning: unknown key flavour has no effect",
            "output_validators: warning: not used: validation is default",
            "problem.yaml:1: warning: begins with a byte-order mark",
            "problem_statement: warning: there is no problem statement",
            "submissions/accepted/notes.txt: warning: @EXPECTED_RESULTS@: unknown result \"PERFECT\"",
            "submissions/accepted/notes.txt: warning: the language cannot be told: no file has the extension of a known language",
            "submissions/strange/a.py: warning: nothing says what to expect of strange",
        ]
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let folder = folder(LEGACY);
    std::fs::write(folder.path().join("problem.yaml"), b"name: Sum\nsource: \xff\n").unwrap();
    assert_eq!(told(&load(folder.path()), Severity::Error), ["problem.yaml:2: error: not UTF-8"]);
}

#[test]
fn a_folder_that_is_not_there() {
    let folder = folder(LEGACY);
    let errors = told(&load(&folder.path().join("nowhere")), Severity::Error);
    assert!(errors.len() == 1 && errors[0].starts_with(".: error: the package cannot be read"), "{errors:?}");
    let errors = told(&load(&folder.path().join("problem.yaml")), Severity::Error);
    assert_eq!(errors, [".: error: the package is not a folder"]);
}

#[cfg(unix)]
#[test]
fn links_that_leave_loop_or_dangle_are_refused() {
    let folder = folder(LEGACY);
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, folder.path().join(at)).unwrap();
    link("/etc/passwd", "data/secret/2.in");
    link("../../..", "data/secret/out");
    link("..", "data/secret/loop");
    link("nothing", "data/secret/3.in");
    let errors = told(&load(folder.path()), Severity::Error);
    let expected = [
        "data/secret/2.in: error: a symbolic link that leaves the package",
        "data/secret/3.in: error: cannot be read",
        "data/secret/loop: error: a symbolic link to a folder that holds it",
        "data/secret/out: error: a symbolic link that leaves the package",
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.starts_with(expected), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_hidden_time_limit_that_is_a_link_is_not_read() {
    let folder = folder(LEGACY);
    std::os::unix::fs::symlink("/proc/sys/kernel/pid_max", folder.path().join(".timelimit")).unwrap();
    let loaded = load(folder.path());
    assert_eq!(told(&loaded, Severity::Warning), [".timelimit: warning: not used: no plain file"]);
    assert_eq!(loaded.unwrap().package.limits.time_limit, None);
}
