//! Problem packages: every program that comes with one must get what its folder promises.

use std::path::Path;

use gavel_common::problem::{LanguageExtensions, LoadOptions, Observed, ObservedTest, Package};
use gavel_worker::judge::{Case, milliseconds};
use test_case::test_case;

use crate::rig::{Rig, root};

/// Judges every program of a package and compares.
async fn verify(name: &str) {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let folder = root().join("tests/problems").join(name);
    let package = load(&folder);
    let slot = rig.station.slots.get().await.unwrap();
    let judge = &rig.station.judge;
    let limit = match package.limits.time_limit {
        Some(seconds) => milliseconds(seconds),
        None => judge.derive(&package, &slot).await.unwrap(),
    };
    let mut surprises = Vec::new();
    for example in &package.submissions {
        let program = judge.example(&package, example).unwrap();
        let mut case = Case::of_package(&package, program, limit);
        case.all_tests = true;
        let findings = judge.examine(&case, &slot, &mut |_| ()).await.unwrap_or_else(|fault| {
            panic!("{}: {}", example.name, gavel_common::lifecycle::chain(&fault));
        });
        let tests: Vec<_> = findings
            .tests
            .iter()
            .map(|test| ObservedTest {
                name: &test.name,
                verdict: test.verdict,
                message: test.checker_message.as_deref().unwrap_or_default(),
            })
            .collect();
        let groups: Vec<_> =
            findings.graded.groups.iter().map(|group| (group.name.as_str(), group.score)).collect();
        let observed = Observed {
            verdict: findings.graded.verdict,
            score: findings.graded.score,
            tests: &tests,
            groups: &groups,
        };
        if let Err(why) = example.expectation.check(&observed) {
            let told: Vec<_> = findings
                .tests
                .iter()
                .map(|test| {
                    format!(
                        "{} {} cpu {:.0} wall {:.0} exit {:?} signal {:?} {:?}",
                        test.name,
                        test.verdict,
                        test.cpu_ms,
                        test.wall_ms,
                        test.exit_code,
                        test.signal,
                        test.checker_message
                    )
                })
                .collect();
            let compile = findings.compile.map(|c| c.output).unwrap_or_default();
            surprises.push(format!(
                "{}: {why}; {:?} {compile}\n  {}",
                example.name,
                findings.graded.error,
                told.join("\n  ")
            ));
        }
    }
    assert!(surprises.is_empty(), "time limit {limit} ms\n{}", surprises.join("\n"));
}

fn load(folder: &Path) -> Package {
    let options = LoadOptions {
        languages: LanguageExtensions::standard(),
        short_name: folder.file_name().map(|name| name.to_string_lossy().into_owned()),
    };
    Package::load(folder, &options).unwrap_or_else(|error| panic!("{error}")).package
}

#[test_case("sum")]
#[test_case("sum2025")]
#[test_case("draft")]
#[test_case("floats")]
#[test_case("floats2025")]
#[test_case("case")]
#[test_case("spaces")]
#[test_case("validator-cpp")]
#[test_case("validator-python")]
#[test_case("validator-build")]
#[test_case("testlib-style")]
#[test_case("testlib-points")]
#[test_case("guess")]
#[test_case("guess-legacy")]
#[test_case("echo-100k")]
#[test_case("two-pass")]
#[test_case("interactive-multi-pass")]
#[test_case("groups-min-sum")]
#[test_case("scoring2025")]
#[test_case("big-input")]
#[test_case("big-output")]
#[test_case("multi-file")]
#[test_case("files")]
#[tokio::test]
async fn the_programs_get_what_they_should_at(name: &str) {
    verify(name).await;
}
