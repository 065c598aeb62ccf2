//! The hostile programs of `tests/hostile`: each line there that begins with `ATTACK` is judged as a test of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use gavel_model::{JudgeResult, Payload, Submission, TestCase, Verdict, Work};
use gavel_testkit::EngineProxy;
use serde_json::{Value, json};
use test_case::test_case;

use crate::rig::{Program, Rig, root};

/// The programs, each with its language.
const PROGRAMS: [(&str, &str); 6] = [
    ("escapes.c", "c"),
    ("escapes.go", "go"),
    ("escapes.java", "java"),
    ("escapes.js", "node"),
    ("escapes.py", "python"),
    ("escapes.rs", "rust"),
];

fn source_of(file: &str) -> String {
    fs::read_to_string(root().join("tests/hostile").join(file)).unwrap()
}

/// The class and the name of every attack of a program.
fn attacks(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().filter_map(|line| {
        let mut quoted = line.trim_start().strip_prefix("ATTACK(\"")?.split('"');
        Some((quoted.next()?, quoted.nth(1)?))
    })
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
    assert!(tests.len() > 10 && distinct.len() == tests.len(), "{file}: {} tests", tests.len());
    let work =
        Work::Tests { tests, checker: Default::default(), all_tests: true, file_io: Default::default() };
    Submission { work, ..Program::new(language, &source).submission() }
}

/// The attacks that were not contained, each with its verdict.
fn through(result: &JudgeResult) -> BTreeSet<&str> {
    assert_ne!(result.verdict, Verdict::Je, "{:?}", result.error);
    assert!(!result.tests.is_empty(), "{:?}", result.compile);
    let failed = result.tests.iter().filter(|test| test.verdict != Verdict::Ac);
    failed.map(|test| test.name.as_str()).collect()
}

#[test_case("escapes.c", "c"; "c")]
#[test_case("escapes.go", "go"; "go")]
#[test_case("escapes.java", "java"; "java")]
#[test_case("escapes.js", "node"; "node")]
#[test_case("escapes.py", "python"; "python")]
#[test_case("escapes.rs", "rust"; "rust")]
#[tokio::test]
async fn every_way_out_is_closed(file: &str, language: &str) {
    let result = Rig::new().await.judge(&submission(file, language)).await;
    assert_eq!(through(&result), BTreeSet::new());
    println!("{file}: {} ways", result.tests.len());
}

/// docs/SECURITY.md counts them by class.
#[test]
fn the_table_in_the_docs_counts_every_way() {
    let mut table: BTreeMap<String, [usize; PROGRAMS.len()]> = BTreeMap::new();
    for (place, (file, _)) in PROGRAMS.iter().enumerate() {
        for (class, _) in attacks(&source_of(file)) {
            table.entry(class.to_owned()).or_default()[place] += 1;
        }
    }
    let mut rows = vec![format!("| class | {} | ways |", PROGRAMS.map(|(_, language)| language).join(" | "))];
    let mut all = [0; PROGRAMS.len()];
    let row = |class: &str, counts: &[usize; PROGRAMS.len()]| {
        let cells = counts.map(|count| if count == 0 { String::new() } else { count.to_string() });
        format!("| {class} | {} | {} |", cells.join(" | "), counts.iter().sum::<usize>())
    };
    for (class, counts) in &table {
        rows.push(row(class, counts));
        all.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    rows.push(row("**all**", &all));
    let docs = fs::read_to_string(root().join("docs/SECURITY.md")).unwrap();
    let begin = docs.lines().position(|line| line == rows[0]).expect("the table is there");
    let told: Vec<_> = docs.lines().skip(begin).take_while(|line| line.starts_with('|')).collect();
    let told: Vec<_> = told.into_iter().filter(|line| !line.starts_with("|--")).collect();
    assert_eq!(told, rows);
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
