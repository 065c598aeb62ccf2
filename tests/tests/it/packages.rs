//! Problem packages on a fleet: uploaded once, fetched once by each worker, checked, and never held in memory.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::path::Path;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::fleet::{Fleet, PATIENCE, unique};

const SUBMISSIONS: usize = 200;
/// Enough that a package is more than a submission, and that a test is damaged which no submission ends before.
const TESTS: usize = 12;
const MIB: u64 = 1024 * 1024;

/// A pass-fail problem with a stated limit.
pub const PROBLEM: &str = "problem_format_version: 2025-09\nname: Doubling\nuuid: 5f0e1a52-1111-4222-8333-944455566677\n\
    type: pass-fail\nlimits:\n  time_limit: 3.0\n  memory: 256\n  output: 32\n";

/// A package of it; each test is a name, an input and an answer.
pub fn package(tests: impl Iterator<Item = (String, Vec<u8>, Vec<u8>)>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    };
    add("problem.yaml", PROBLEM.as_bytes());
    for (name, input, answer) in tests {
        add(&format!("data/secret/{name}.in"), &input);
        add(&format!("data/secret/{name}.ans"), &answer);
    }
    zip.finish().unwrap().into_inner()
}

/// A package of a folder's files.
pub fn folder(folder: &Path) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&std::fs::read(&path).unwrap()).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

fn small() -> Vec<u8> {
    package(
        (0..TESTS)
            .map(|k| (format!("{k:02}"), format!("{k}\n").into_bytes(), format!("{}\n", 2 * k).into_bytes())),
    )
}

/// One of a few programs, so that most are compiled already; every fifth is wrong on the last test only.
fn doubling(number: usize) -> (Value, &'static str) {
    let (wrong, verdict) = if number.is_multiple_of(5) { (TESTS - 1, "WA") } else { (TESTS, "AC") };
    let source = format!(
        "#include <stdio.h>\n// {}\nint main(){{ int n; scanf(\"%d\",&n); printf(\"%d\\n\", n == {wrong} ? 0 : 2*n); }}\n",
        number % 4
    );
    (json!({"language": "c", "source": source, "work": {"kind": "problem", "problem": "doubling"}}), verdict)
}

#[tokio::test]
async fn two_hundred_submissions_fetch_a_package_once_per_worker_and_damage_is_noticed() {
    let fleet = Fleet::start().await;
    let names = [unique("one"), unique("two")];
    let workers = tokio::join!(fleet.worker(&names[0]), fleet.worker(&names[1]));
    let stored = fleet.api.put("/api/v1/problems/doubling", small()).await;
    let ids: Vec<(String, &str)> = stream::iter(0..SUBMISSIONS)
        .map(async |number| {
            let (body, verdict) = doubling(number);
            (fleet.api.submit(&body).await, verdict)
        })
        .buffered(16)
        .collect()
        .await;
    let mut judged_by = BTreeSet::new();
    for (id, verdict) in &ids {
        let view = fleet.api.result(id, PATIENCE).await;
        assert_eq!(view["verdict"], *verdict, "{view:#}");
        assert_eq!(view["tests"].as_array().unwrap().len(), TESTS);
        judged_by.insert(view["worker"].as_str().unwrap().to_owned());
    }
    assert_eq!(judged_by, names.iter().cloned().collect::<BTreeSet<_>>(), "both did some");
    for worker in [&workers.0, &workers.1] {
        let fetched = worker.metric("gavel_problem_cache_total{outcome=\"fetched\"}").await;
        assert!((fetched - 1.0).abs() < f64::EPSILON, "fetched {fetched} times");
    }

    // Somebody writes into both caches: whoever judges next notices and fetches again.
    let sha256 = stored["sha256"].as_str().unwrap();
    for name in &names {
        let file =
            fleet.folder.path().join(name).join("problems").join(sha256).join("package/data/secret/07.ans");
        assert!(Path::new(&file).is_file(), "{}", file.display());
        std::fs::write(&file, "99\n").unwrap();
    }
    for number in 1..5 {
        let id = fleet.api.submit(&doubling(number).0).await;
        assert_eq!(fleet.api.result(&id, PATIENCE).await["verdict"], "AC");
    }
    let mut damaged = 0.0;
    for worker in [&workers.0, &workers.1] {
        damaged += worker.metric("gavel_problem_cache_total{outcome=\"damaged\"}").await;
    }
    assert!((1.0..=2.0).contains(&damaged), "damage noticed {damaged} times");
    drop(workers);
    fleet.end().await;
}

#[tokio::test]
async fn tests_of_twenty_megabytes_leave_a_workers_memory_flat() {
    let fleet = Fleet::start().await;
    let name = unique("large");
    let worker = fleet.worker_with(&name, 2).await;
    let line = b"0123456789abcdefghijklmnopqrstuvwxyz\n";
    let large: Vec<u8> = line.iter().copied().cycle().take(20_000_000 / line.len() * line.len()).collect();
    fleet
        .api
        .put("/api/v1/problems/large", package((0..2).map(|k| (k.to_string(), large.clone(), large.clone()))))
        .await;
    let copy = "#include <stdio.h>\nint main(){ static char b[65536]; size_t n; while((n=fread(b,1,sizeof b,stdin))>0) fwrite(b,1,n,stdout); }\n";
    let body = json!({"language": "c", "source": copy, "work": {"kind": "problem", "problem": "large"}});
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(fleet.api.submit(&body).await);
    }
    for id in &ids {
        let view = fleet.api.result(id, PATIENCE).await;
        assert_eq!(view["verdict"], "AC", "{view:#}");
    }
    let peak = worker.peak_memory();
    println!("peak memory of the worker: {} MiB", peak / MIB);
    assert!(peak < 200 * MIB, "{} MiB", peak / MIB);
    drop(worker);
    fleet.end().await;
}
