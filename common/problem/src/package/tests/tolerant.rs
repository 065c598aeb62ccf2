//! Packages that others judge: they load, and a warning names what is odd.

use std::collections::BTreeMap;

use super::super::{Severity, Validation, substitute_constants};
use super::{LEGACY, MODERN, REMOVED, folder, load, told, with};

type Changes<'a> = &'a [(&'a str, &'a str)];

/// The warnings of a package that must load.
fn warnings(base: Changes<'_>, changes: Changes<'_>) -> Vec<String> {
    warnings_at(&folder(&with(base, changes)))
}

fn warnings_at(folder: &tempfile::TempDir) -> Vec<String> {
    let loaded = load(folder.path());
    assert_eq!(told(&loaded, Severity::Error), [""; 0]);
    told(&loaded, Severity::Warning)
}

#[test]
fn samples_alone_decide_where_there_is_nothing_secret() {
    let none: Changes<'_> = &[("data/secret/1.in", REMOVED), ("data/secret/1.ans", REMOVED)];
    let warning = ["data/secret: warning: there are no secret tests: the samples alone decide"];
    for base in [LEGACY, MODERN] {
        assert_eq!(warnings(base, none), warning);
        // A folder that is there and empty, as an archive may have it.
        assert_eq!(warnings(base, &[none, &[("data/secret/", "")]].concat()), warning);
    }
    let scoring = "problem_format_version: 2025-09\nname: Sum\nuuid: x\ntype: scoring\n";
    let folder = folder(&with(MODERN, &[none, &[("problem.yaml", scoring)]].concat()));
    assert_eq!(
        told(&load(folder.path()), Severity::Error),
        ["data/secret: error: there are no secret tests, and the samples do not count"]
    );
}

#[test]
fn a_key_given_twice_has_its_last_value() {
    for (base, file, text) in [
        (LEGACY, "problem.yaml", "name: Add\nname: Sum\n"),
        (LEGACY, "data/secret/testdata.yaml", "input_validator_flags: n=1\ninput_validator_flags: n=2\n"),
        (MODERN, "data/secret/test_group.yaml", "args: [a]\nargs: [b]\n"),
        (MODERN, "data/secret/1.yaml", "hint: a\nhint: b\n"),
        (
            MODERN,
            "submissions/submissions.yaml",
            "accepted: {permitted: [WA]}\naccepted: {permitted: [AC]}\n",
        ),
    ] {
        let key = text.split(':').next().unwrap();
        let folder = folder(&with(base, &[(file, text)]));
        assert_eq!(
            warnings_at(&folder),
            [format!("{file}:2: warning: key {key:?} is given twice: the last one counts")]
        );
        let package = load(folder.path()).unwrap().package;
        assert_eq!(package.name.as_deref(), Some("Sum"));
        assert!(package.tests[1].args.iter().all(|arg| arg == "b"));
    }
}

#[test]
fn a_validator_in_the_folder_of_the_other_version_is_used() {
    let custom = "name: Sum\nvalidation: custom\n";
    for (base, yaml, at, path) in [
        (LEGACY, custom, "output_validator", "output_validator/v.py"),
        (LEGACY, custom, "output_validator", "output_validator/v/main.py"),
        (MODERN, MODERN[0].1, "output_validators", "output_validators/v.py"),
        (MODERN, MODERN[0].1, "output_validators", "output_validators/v/main.py"),
    ] {
        let folder = folder(&with(base, &[("problem.yaml", yaml), (path, "")]));
        let warnings = warnings_at(&folder);
        assert!(
            warnings.len() == 1 && warnings[0].starts_with(&format!("{at}: warning: used, but the ")),
            "{warnings:?}"
        );
        let package = load(folder.path()).unwrap().package;
        let Validation::Custom { programs, .. } = &package.validation else { panic!("{path}") };
        assert_eq!((programs.len(), programs[0].language.as_deref()), (1, Some("python")));
    }
    let both = [("problem.yaml", custom), ("output_validators/v.py", ""), ("output_validator/w.py", "")];
    assert_eq!(
        warnings(LEGACY, &both),
        ["output_validator: warning: not used: legacy packages have output_validators, and this one has"]
    );
    let unused = [("output_validator/v.py", "")];
    assert_eq!(warnings(LEGACY, &unused), ["output_validator: warning: not used: validation is default"]);
}

#[test]
fn notes_beside_a_validator_are_no_validators() {
    let custom = ("problem.yaml", "name: Sum\nvalidation: custom\n");
    let beside: Changes<'_> = &[
        custom,
        ("output_validators/check.py", ""),
        ("output_validators/README", ""),
        ("output_validators/about.md", ""),
        ("output_validators/__pycache__/check.cpython-313.pyc", ""),
        ("output_validators/Thumbs.db", ""),
    ];
    assert_eq!(
        warnings(LEGACY, beside),
        [
            "output_validators/README: warning: not used: no program",
            "output_validators/about.md: warning: not used: no program",
        ]
    );
    let alone = folder(&with(LEGACY, &[custom, ("output_validators/README", "")]));
    assert_eq!(
        told(&load(alone.path()), Severity::Error),
        ["problem.yaml:2: error: validation is custom, but output_validators holds no program"]
    );
}

#[test]
fn scripts_from_windows_are_started_all_the_same() {
    let custom = ("problem.yaml", "name: Sum\nvalidation: custom\n");
    let plain = "is not executable; it is started all the same";
    let cleaned = "is read without byte-order mark and carriage returns";
    for (script, expected) in [
        ("#!/bin/sh\nexit 42\n", vec![plain]),
        ("\u{7f}ELF", vec![plain]),
        ("#!/usr/bin/env python3\r\nprint()\r\n", vec![plain, cleaned]),
        ("\u{feff}#!/bin/sh\nexit 42\n", vec![plain, cleaned]),
    ] {
        for name in ["run", "build"] {
            let path = format!("output_validators/v/{name}");
            let folder = folder(&with(LEGACY, &[custom, (&path, script)]));
            let expected: Vec<_> = expected.iter().map(|told| format!("{path}: warning: {told}")).collect();
            assert_eq!(warnings_at(&folder), expected, "{script:?}");
            let package = load(folder.path()).unwrap().package;
            let Validation::Custom { programs, .. } = &package.validation else { panic!() };
            assert_eq!((programs[0].build, programs[0].run), (name == "build", name == "run"));
        }
    }
    let empty = folder(&with(LEGACY, &[custom, ("output_validators/v/run", "")]));
    assert_eq!(
        told(&load(empty.path()), Severity::Error),
        ["output_validators/v/run: error: the script is empty"]
    );
}

#[cfg(unix)]
#[test]
fn an_executable_without_its_interpreter_is_the_shells() {
    use std::os::unix::fs::PermissionsExt;
    let custom = ("problem.yaml", "name: Sum\nvalidation: custom\n");
    let folder = folder(&with(LEGACY, &[custom, ("output_validators/v/run", "exit 42\n")]));
    let run = folder.path().join("output_validators/v/run");
    std::fs::set_permissions(run, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(
        warnings_at(&folder),
        ["output_validators/v/run: warning: does not begin with #!: /bin/sh runs it"]
    );
}

#[test]
fn constants_may_have_variants() {
    let yaml = "problem_format_version: 2025-09\nname: Sum\nuuid: x\n\
                constants:\n  LIMIT:\n    value: 1000\n    tex: 1\\,000\n  ONE: 1\n";
    let folder = folder(&with(MODERN, &[("problem.yaml", yaml)]));
    assert_eq!(warnings_at(&folder), [""; 0]);
    let package = load(folder.path()).unwrap().package;
    let text = "{{LIMIT}} {{LIMIT.value}} {{LIMIT.tex}} {{ONE}} {{ONE.value}} {{ONE.tex}} {{TWO}} {{ ONE }} {{{ONE}}}";
    assert_eq!(
        substitute_constants(text, &package.constants),
        "1000 1000 1\\,000 1 1 {{ONE.tex}} {{TWO}} {{ ONE }} {1}"
    );
    assert_eq!(substitute_constants(text, &BTreeMap::new()), text);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_package_do_no_harm_where_nothing_uses_them() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("shared"), "x").unwrap();
    let target = outside.path().join("shared");
    let below = |folder: &tempfile::TempDir, at: &str, to: &std::path::Path| {
        let at = folder.path().join(at);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, at).unwrap();
    };
    for at in
        ["problem.pdf", "problem_statement/a.png", "input_validators/lib", "data/invalid_input/1.in", "x/y/z"]
    {
        let folder = folder(LEGACY);
        below(&folder, at, &target);
        below(&folder, &format!("{at}.d"), outside.path());
        below(&folder, &format!("{at}.gone"), std::path::Path::new("nowhere"));
        let warnings = warnings_at(&folder);
        assert_eq!(warnings[0], format!("{at}: warning: not used: a symbolic link that leaves the package"));
        assert_eq!(
            warnings[1],
            format!("{at}.d: warning: not used: a symbolic link that leaves the package")
        );
        assert!(
            warnings[2].starts_with(&format!("{at}.gone: warning: not used: cannot be read")),
            "{warnings:?}"
        );
    }
    for at in
        ["data/secret/2.in", "data/more", "submissions/accepted/b.py", "include/python", "output_validators"]
    {
        let folder = folder(LEGACY);
        below(&folder, at, &target);
        assert_eq!(
            told(&load(folder.path()), Severity::Error),
            [format!("{at}: error: a symbolic link that leaves the package")]
        );
    }
}

#[test]
fn limits_may_be_written_as_decimals() {
    let yaml = "name: Sum\nlimits: {memory: 512.0, output: 1e1}\n";
    let folder = folder(&with(LEGACY, &[("problem.yaml", yaml)]));
    let limits = load(folder.path()).unwrap().package.limits.clone();
    assert_eq!((limits.memory, limits.output), (Some(512), Some(10)));
}

#[test]
fn what_is_stated_and_has_no_effect_is_warned_of() {
    let yaml = "problem_format_version: 2025-09\nname: Sum\nuuid: x\nallow_file_writing: false\n";
    let changes: Changes<'_> = &[
        ("problem.yaml", yaml),
        ("data/secret/test_group.yaml", "full_feedback: true\n"),
        ("data/secret/1.yaml", "hint: x\nfull_feedback: true\n"),
        ("include/cpp/build", "#!/bin/sh\n"),
    ];
    let folder = folder(&with(MODERN, changes));
    #[cfg(unix)]
    std::fs::set_permissions(
        folder.path().join("include/cpp/build"),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    assert_eq!(
        warnings_at(&folder),
        [
            "data/secret/test_group.yaml:1: warning: full_feedback has no effect: who shows results decides what \
             contestants see of a test",
            "include/cpp/build: warning: included, and not run: submissions are compiled as their language is",
            "problem.yaml:4: warning: allow_file_writing: false has no effect: programs may write files, which are \
             wiped after each test",
        ]
    );
    for allowed in ["true", "~"] {
        let yaml = yaml.replace("false", allowed);
        assert_eq!(warnings(MODERN, &[("problem.yaml", &yaml)]), [""; 0]);
    }
}

/// A licence means nothing to judging.
#[test]
fn an_unknown_license_is_warned_of() {
    let known = "unknown, public domain, cc0, cc by, cc by-sa, educational, permission";
    for base in [LEGACY, MODERN] {
        let text = format!("{}license: Mine\n", base[0].1);
        let line = text.lines().count();
        assert_eq!(
            warnings(base, &[("problem.yaml", &text)]),
            [format!("problem.yaml:{line}: warning: unknown license \"mine\"; known are {known}")]
        );
        let text = format!("{}license: CC BY-SA\n", base[0].1);
        assert_eq!(warnings(base, &[("problem.yaml", &text)]), [""; 0], "in capitals");
    }
}

#[test]
fn ancient_keys_of_legacy_are_read_as_they_were() {
    let languages = |text: &str| {
        let folder = folder(&with(LEGACY, &[("problem.yaml", text)]));
        assert_eq!(warnings_at(&folder), [""; 0]);
        load(folder.path()).unwrap().package.languages.clone()
    };
    assert_eq!(
        languages("languages: cpp java\nlibraries: ''\n"),
        Some(vec!["cpp".to_owned(), "java".to_owned()])
    );
    assert_eq!(languages("languages: all\n"), None);
    assert_eq!(languages("languages: ''\n"), None);
    assert_eq!(
        warnings(LEGACY, &[("problem.yaml", "libraries: numpy\n")]),
        ["problem.yaml:1: warning: libraries has no effect"]
    );
}
