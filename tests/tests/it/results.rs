//! Results that are too large to travel, whatever writes them: they are cut, and arrive.

use std::io::{Cursor, Write as _};

use gavel_testkit::Rabbit;
use serde_json::{Value, json};

use crate::fleet::{Fleet, PATIENCE, unique};
use crate::process::Gavel;
use crate::up;

/// What a result takes by default, with the state of the submission around it.
const MOST: usize = 256 * 1024 + 64;

/// Prints 64 KiB of control bytes on both streams.
const FLOOD: &str = "import os\nos.write(1, b'\\1' * 65536)\nos.write(2, b'\\1' * 65536)\n";

/// Rejects every output and quotes it, to judges and to the team.
const QUOTES: &str = "import sys\nall = sys.stdin.buffer.read()\n\
    for name in ('judgemessage.txt', 'teammessage.txt'): open(sys.argv[3] + name, 'wb').write(all)\nsys.exit(43)\n";

fn package() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    write(
        "problem.yaml",
        "problem_format_version: 2025-09\nname: Quotes\nuuid: 7f4e1a52-1111-4222-8333-944455566679\nlimits:\n  time_limit: 5\n",
    );
    for test in 1..=20 {
        write(&format!("data/secret/{test}.in"), "");
        write(&format!("data/secret/{test}.ans"), "");
    }
    write("output_validator/v.py", QUOTES);
    zip.finish().unwrap().into_inner()
}

/// A program that floods, and a checker that quotes it, at many tests.
async fn floods_arrive(api: &Gavel) {
    api.put("/api/v1/problems/quotes", package()).await;
    let test = json!({"input": "", "answer": "x"});
    let tests = json!({"kind": "tests", "all_tests": true, "tests": vec![test; 40]});
    let problem = json!({"kind": "problem", "problem": "quotes", "all_tests": true});
    for (work, stdout, count) in [(tests, true, 40), (problem, false, 20)] {
        let body = json!({"language": "python", "source": FLOOD, "stdout": stdout, "work": work});
        let result = api.result(&api.submit(&body).await, PATIENCE).await;
        assert_eq!((&result["verdict"], &result["error"]), (&json!("WA"), &Value::Null), "{count} tests");
        assert_eq!((&result["truncated"], &result["left_out"]), (&json!(true), &Value::Null));
        assert_eq!(result["tests"].as_array().unwrap().len(), count);
        let size = serde_json::to_vec(&result).unwrap().len();
        assert!(size <= MOST, "{size} bytes");
    }
}

#[tokio::test]
async fn over_rabbitmq() {
    let fleet = Fleet::on(Rabbit::new().await).await;
    let worker = fleet.worker(&unique("large")).await;
    floods_arrive(&fleet.api).await;
    drop(worker);
    fleet.end().await;
}

#[tokio::test]
async fn in_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let gavel = up::up(folder.path(), &unique("large")).await;
    floods_arrive(&gavel).await;
}
