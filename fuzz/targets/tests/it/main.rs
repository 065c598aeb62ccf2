//! Each target at mutations of its corpus and of seeds, the same each time. `fuzz/README.md` tells how to run more.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod seeds;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gavel_fuzz::mutate::{Numbers, mutated};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What was found before, and what is worth beginning with.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(root().join("fuzz/corpus").join(target)).unwrap();
    files.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn fuzz(target: &str, read: fn(&[u8]), seeds: Vec<Vec<u8>>, words: &[&str], executions: u64) {
    let inputs = [corpus(target), seeds].concat();
    assert!(inputs.len() > 5, "{target}: only {} inputs", inputs.len());
    let attempt = |bytes: &[u8]| {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| read(bytes))) {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{target}-fails"));
            fs::write(&path, bytes).unwrap();
            eprintln!("{target} fails at {}", path.display());
            std::panic::resume_unwind(panic);
        }
    };
    inputs.iter().for_each(|input| attempt(input));
    let mut numbers = Numbers::new(setting("GAVEL_FUZZ_SEED", 1));
    let mut once = || {
        let (one, other) = (numbers.below(inputs.len()), numbers.below(inputs.len()));
        attempt(&mutated(&inputs[one], &inputs[other], words, &mut numbers));
    };
    let time = Duration::from_secs(setting("GAVEL_FUZZ_SECONDS", 0));
    if time.is_zero() {
        (0..executions).for_each(|_| once());
        return;
    }
    let (begin, mut done) = (Instant::now(), 0_u64);
    while begin.elapsed() < time {
        once();
        done += 1;
    }
    eprintln!("{target}: {done} executions in {} s", time.as_secs());
}

#[test]
fn frames() {
    fuzz("frames", gavel_fuzz::frames::read, seeds::frames(), &["/", "..", "a/b"], 20_000);
}

#[test]
fn messages() {
    let words =
        ["\"v\":1", "null", "-1", "1e999", "18446744073709551616", "{}", "[]", "\"kind\":\"run\"", "\\ud800"];
    fuzz("messages", gavel_fuzz::messages::read, seeds::messages(&root()), &words, 10_000);
}

#[test]
fn archives() {
    fuzz(
        "archive",
        gavel_fuzz::archive::read,
        seeds::archives(),
        &["PK\x01\x02", "PK\x05\x06", "../", "/"],
        1_000,
    );
}

#[test]
fn checkers() {
    let words =
        ["1e5", "-0", "0x1p3", "nan", "1.5", "1.501", " ", "\n", "\r\n", "\u{b}", "\0", "+.5", "a", "A"];
    fuzz("checker", gavel_fuzz::checker::read, seeds::checkers(), &words, 20_000);
}

#[test]
fn bodies() {
    let words = [
        "null",
        "-1",
        "1e999",
        "18446744073709551616",
        "{}",
        "[]",
        "\"\"",
        "\\ud800",
        "\\u0000",
        "\n",
        "..",
        "/",
        "%00",
        "true",
        "\"language\":\"c\",",
        "\"encoding\":\"base64\"",
        "wait=true&",
        "base64_encoded=true&",
        "fields=*&",
    ];
    fuzz("http", gavel_fuzz::http::read, seeds::bodies(), &words, 400);
}

#[test]
fn packages() {
    let words = [
        "&a",
        "*a",
        "!!",
        "---\n",
        "? ",
        ": ",
        "- ",
        "|",
        ">",
        "{",
        "}",
        "[",
        "]",
        "\t",
        "yes",
        "1e400",
        "-0",
        "\u{feff}",
        "@EXPECTED_RESULTS@: ",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "&b;",
        "%02d",
        "batched: ",
    ];
    fuzz("package", gavel_fuzz::package::read, seeds::packages(&root()), &words, 300);
}
