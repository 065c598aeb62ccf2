//! `gavel simulate` says what docs/OPERATIONS.md says it says.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use test_case::test_case;

const PAGE: &str = include_str!("../../../docs/OPERATIONS.md");

fn simulate(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gavel")).arg("simulate").args(args).output().unwrap()
}

fn printed(args: &[&str]) -> String {
    let output = simulate(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_table_in_the_docs_is_what_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("contest.svg");
    let text = printed(&["contest", "--min-workers", "6", "--picture", picture.to_str().unwrap()]);
    assert!(PAGE.contains(text.trim_end()), "{text}");
    let drawn = std::fs::read_to_string(&picture).unwrap();
    for word in ["submissions a second", "seconds that the oldest has waited", "contest", "workers and slots"]
    {
        assert!(drawn.contains(word), "{word} is not in the picture");
    }
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/simulate/contest.svg");
    assert!(picture.is_file(), "{}", picture.display());
}

#[test]
fn a_day_that_was_recorded_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("results.ndjson");
    let line = |second: u32| {
        format!(
            r#"{{"index": 0, "result": {{"created_at": "2026-11-01T10:00:{second:02}Z", "started_at": "2026-11-01T10:00:00Z", "finished_at": "2026-11-01T10:00:02Z", "lane": "contest", "language": "c"}}}}"#
        )
    };
    std::fs::write(&file, [line(0), line(1)].join("\n")).unwrap();
    let one = ["--rule", "fixed", "--workers", "1", "--slots", "1", "--json"];
    let text = printed(&[&[file.to_str().unwrap()], &one[..]].concat());
    let outcomes: Value = serde_json::from_str(&text).unwrap();
    let lane = &outcomes[0]["lanes"][0];
    assert_eq!((&lane["lane"], &lane["count"]), (&"contest".into(), &2.into()), "{text}");
    // The second waits until the first is done; the road takes some milliseconds.
    let longest = lane["wait_max"].as_f64().unwrap();
    assert!((1.0..1.1).contains(&longest), "{longest}");
}

#[test]
fn printed_costs_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("costs.toml");
    std::fs::write(&file, printed(&["--print-costs"])).unwrap();
    let path = file.to_str().unwrap();
    assert_eq!(printed(&["--print-costs", "--costs", path]), printed(&["--print-costs"]));
}

#[test_case(&["--rate", "0"], "--rate is 0; it must be above 0 and at most 100000000")]
#[test_case(&["--slots", "0"], "--slots is 0; it must be from 1 to 1000000")]
#[test_case(&["--promise", "101"], "--promise is 101; it must be from 0 to 100")]
#[test_case(&["--min-workers", "5", "--max-workers", "4"], "--min-workers is 5, above --max-workers, 4")]
#[test_case(&["sundays"], "neither steady, contest or rejudge, nor a file")]
#[test_case(&["--costs", "/nowhere"], "/nowhere: No such file")]
fn what_is_wrong_is_named(args: &[&str], wanted: &str) {
    let output = simulate(args);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains(wanted), "{told}");
}
