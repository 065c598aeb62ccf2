//! The hostile programs of `tests/hostile`: each line there that says ATTACK is judged as a test of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use gavel_model::language::{LanguageSet, Languages};
use gavel_model::{JudgeResult, Limits, Payload, Submission, TestCase, Verdict, Work};
use gavel_testkit::EngineProxy;
use serde_json::{Value, json};
use test_case::test_case;

use crate::rig::{Rig, root, submission_of};

/// A program judges a language.
struct Hostile {
    file: &'static str,
    language: &'static str,
}

/// Which program judges which language, and a test of each. Further languages have none of their images unless asked for.
macro_rules! programs {
    (
        core { $($core:ident: $core_language:literal by $core_file:literal,)+ }
        further { $($further:ident: $language:literal by $file:literal,)+ }
    ) => {
        const CORE: &[Hostile] = &[$(Hostile { file: $core_file, language: $core_language }),+];
        const FURTHER: &[Hostile] = &[$(Hostile { file: $file, language: $language }),+];

        mod every_way_out_is_closed {
            $(
                #[tokio::test]
                async fn $core() {
                    super::every_way_out_is_closed($core_file, $core_language).await;
                }
            )+
        }

        mod every_further_way_out_is_closed {
            $(
                #[tokio::test]
                #[ignore = "its images are not of the core: deploy/test.sh --languages all"]
                async fn $further() {
                    super::every_way_out_is_closed($file, $language).await;
                }
            )+
        }
    };
}

programs! {
    core {
        c: "c" by "escapes.c",
        cpp: "cpp" by "escapes.cpp",
        go: "go" by "escapes.go",
        java: "java" by "escapes.java",
        node: "node" by "escapes.js",
        python: "python" by "escapes.py",
        rust: "rust" by "escapes.rs",
    }
    further {
        ada: "ada" by "further/escapes.adb",
        awk: "awk" by "further/escapes.awk",
        bash: "bash" by "further/escapes.sh",
        c_clang: "c-clang" by "escapes.c",
        clojure: "clojure" by "further/escapes.clj",
        cobol: "cobol" by "further/escapes.cob",
        cpp_clang: "cpp-clang" by "escapes.cpp",
        crystal: "crystal" by "further/escapes.cr",
        csharp: "csharp" by "further/escapes.cs",
        d: "d" by "further/escapes.d",
        elixir: "elixir" by "further/escapes.exs",
        erlang: "erlang" by "further/escapes.erl",
        fortran: "fortran" by "further/escapes.f90",
        groovy: "groovy" by "further/escapes.groovy",
        haskell: "haskell" by "further/escapes.hs",
        kotlin: "kotlin" by "further/escapes.kt",
        lisp: "lisp" by "further/escapes.lisp",
        lua: "lua" by "further/escapes.lua",
        luajit: "luajit" by "further/escapes.lua",
        multi_file: "multi-file" by "further/escapes.sh",
        nasm: "nasm" by "further/escapes.asm",
        node_24: "node-24" by "escapes.js",
        objc: "objc" by "escapes.c",
        ocaml: "ocaml" by "further/escapes.ml",
        octave: "octave" by "further/escapes.m",
        pascal: "pascal" by "further/escapes.pas",
        perl: "perl" by "further/escapes.pl",
        php: "php" by "further/escapes.php",
        prolog: "prolog" by "further/escapes.pro",
        pypy: "pypy" by "escapes.py",
        r: "r" by "further/escapes.R",
        racket: "racket" by "further/escapes.rkt",
        ruby: "ruby" by "further/escapes.rb",
        rust_1_96: "rust-1.96" by "escapes.rs",
        scala: "scala" by "further/escapes.scala",
        scheme: "scheme" by "further/escapes.scm",
        sql: "sql" by "further/escapes.sql",
        tcl: "tcl" by "further/escapes.tcl",
        typescript: "typescript" by "escapes.js",
    }
}

fn source_of(file: &str) -> String {
    fs::read_to_string(root().join("tests/hostile").join(file)).unwrap()
}

/// The class and the name of the way that a line is: two quoted words behind ATTACK, with nothing but punctuation between.
fn attack(line: &str) -> Option<(&str, &str)> {
    let (_, said) = line.split_once("ATTACK")?;
    // Where names begin with a small letter, this one is quoted itself.
    let said = said.strip_prefix('\'').unwrap_or(said);
    let quotes = |c: char| matches!(c, '"' | '\'');
    let said = said.trim_start_matches(|c: char| c == ' ' || c.is_ascii_punctuation() && !quotes(c));
    let quote = said.chars().next().filter(|c| quotes(*c))?;
    let mut quoted = said[1..].split(quote);
    Some((quoted.next()?, quoted.nth(1)?))
}

fn attacks(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().filter_map(attack)
}

/// A program with all its attacks as tests, by name.
fn submission(file: &str, language: &str) -> Submission {
    let source = source_of(file);
    let names = attacks(&source).map(|(_, name)| name.to_owned());
    let test = |name: String| TestCase {
        input: Payload::Text(format!("{name}\n")),
        name,
        answer: Payload::Text("contained".to_owned()),
    };
    let tests: Vec<_> = names.map(test).collect();
    let distinct: BTreeSet<_> = tests.iter().map(|test| &test.name).collect();
    assert!(tests.len() > 7 && distinct.len() == tests.len(), "{file}: {} tests", tests.len());
    let work =
        Work::Tests { tests, checker: Default::default(), all_tests: true, file_io: Default::default() };
    let languages = Languages::load(&root().join("images")).unwrap();
    let name = &languages.get(language).unwrap().source;
    let limits = Limits { cpu_ms: 3_000, wall_ms: 20_000, ..Limits::DEFAULT };
    Submission { work, limits, ..submission_of(language, &[(name, source.as_bytes())]) }
}

/// The attacks that were not contained, each with its verdict.
fn through(result: &JudgeResult) -> BTreeSet<&str> {
    assert_ne!(result.verdict, Verdict::Je, "{:?}", result.error);
    assert!(!result.tests.is_empty(), "{:?}", result.compile);
    let failed = result.tests.iter().filter(|test| test.verdict != Verdict::Ac);
    failed.map(|test| test.name.as_str()).collect()
}

async fn every_way_out_is_closed(file: &str, language: &str) {
    let rig = Rig::with(|config| config.languages.set = language.to_owned()).await;
    let result = rig.judge(&submission(file, language)).await;
    assert_eq!(through(&result), BTreeSet::new(), "{:#?}", result.tests);
    println!("{language}: {} ways", result.tests.len());
}

/// A language that is new, or no longer there, is noticed.
#[test]
fn every_language_has_a_hostile_program() {
    let images = root().join("images");
    let languages = Languages::load(&images).unwrap();
    // A variant, such as another standard of C++, has no folder of its own.
    let folders = languages.iter().filter(|spec| images.join(&spec.id).is_dir());
    let there: BTreeSet<_> = folders.map(|spec| (spec.id.as_str(), spec.set == LanguageSet::Core)).collect();
    let core = CORE.iter().map(|program| (program.language, true));
    let judged: BTreeSet<_> = core.chain(FURTHER.iter().map(|program| (program.language, false))).collect();
    assert_eq!(judged, there);
}

/// docs/SECURITY.md counts them by class. Of further languages those are counted that have a program of their own.
#[test]
fn the_table_in_the_docs_counts_every_way() {
    let further: BTreeSet<_> = FURTHER.iter().map(|program| program.file).collect();
    let further: Vec<_> =
        further.into_iter().filter(|file| CORE.iter().all(|core| core.file != *file)).collect();
    let columns: Vec<_> = CORE.iter().map(|program| vec![program.file]).chain([further]).collect();
    let mut table: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut all = vec![0; columns.len()];
    for (place, files) in columns.iter().enumerate() {
        for source in files.iter().map(|file| source_of(file)) {
            for (class, _) in attacks(&source) {
                table.entry(class.to_owned()).or_insert_with(|| vec![0; columns.len()])[place] += 1;
                all[place] += 1;
            }
        }
    }
    let row = |class: &str, counts: &[usize]| {
        let cells = counts.iter().map(|&count| if count == 0 { String::new() } else { count.to_string() });
        format!("| {class} | {} | {} |", cells.collect::<Vec<_>>().join(" | "), counts.iter().sum::<usize>())
    };
    let languages: Vec<_> = CORE.iter().map(|program| program.language).collect();
    let mut rows = vec![format!("| class | {} | further | ways |", languages.join(" | "))];
    rows.extend(table.iter().map(|(class, counts)| row(class, counts)));
    rows.push(row("**all**", &all));
    let docs = fs::read_to_string(root().join("docs/SECURITY.md")).unwrap();
    let begin = docs.lines().position(|line| line == rows[0]).unwrap_or_else(|| panic!("no {}", rows[0]));
    let told: Vec<_> = docs.lines().skip(begin).take_while(|line| line.starts_with('|')).collect();
    let told: Vec<_> = told.into_iter().filter(|line| !line.starts_with("|--")).collect();
    assert_eq!(told, rows, "it should be\n{}", rows.join("\n"));
}

fn without(body: &mut Value, option: &str) {
    let options = body["HostConfig"]["SecurityOpt"].as_array_mut().unwrap();
    options.retain(|found| !found.as_str().unwrap().starts_with(option));
}

/// The same program where one thing is not there shows that it is that thing which closes the way.
#[test_case(|body| { without(body, "seccomp="); body["HostConfig"]["SecurityOpt"].as_array_mut().unwrap().push("seccomp=unconfined".into()); },
    &["inet stream", "semaphores", "rings", "user", "splice", "watches"]; "the filter of system calls")]
#[test_case(|body| { body["HostConfig"]["NetworkMode"] = "host".into(); body["NetworkDisabled"] = false.into(); }, &["devices"]; "no network")]
#[test_case(|body| body["HostConfig"]["ReadonlyRootfs"] = false.into(), &["the root"]; "the read only root")]
#[test_case(|body| body["HostConfig"]["Tmpfs"]["/app/work"] = body["HostConfig"]["Tmpfs"]["/app/work"].as_str().unwrap().replace("noexec", "exec").into(),
    &["run in the working directory", "map in the working directory"]; "noexec")]
#[test_case(|body| body["HostConfig"]["CapDrop"] = Value::Null, &["capabilities that could be had"]; "no capabilities")]
#[test_case(|body| body["HostConfig"]["MaskedPaths"] = json!([]), &["load", "work of cores", "memory of all", "locks of all"]; "masks")]
#[test_case(|body| { body["HostConfig"]["Tmpfs"].as_object_mut().unwrap().remove("/dev/pts"); }, &["terminals"]; "no terminals")]
#[tokio::test]
async fn it_is_this_that_closes_the_way(change: fn(&mut Value), ways: &[&str]) {
    let engine = EngineProxy::lying(change);
    let address = engine.address();
    let rig = Rig::with(|config| config.sandbox.docker = address).await;
    let result = rig.judge(&submission("escapes.c", "c")).await;
    let open = through(&result);
    for way in ways {
        assert!(open.contains(way), "{way:?} is closed by something else; open are {open:?}");
    }
}
