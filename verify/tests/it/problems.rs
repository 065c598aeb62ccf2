//! Problem packages: every program that comes with one must get what its folder promises.

use std::sync::Arc;

use gavel_problem::{LoadOptions, Package};
use gavel_verify::{VerifyOptions, verify};
use test_case::test_case;

use crate::rig::{Rig, root};

/// Judges every program of a package on every test, one program at a time, and compares.
async fn verify_alone(name: &str) {
    let rig = Rig::new().await;
    let folder = if name.starts_with("big-") { "tests/problems-large" } else { "tests/problems" };
    let folder = root().join(folder).join(name);
    let options = LoadOptions::new(rig.station.judge.languages().extensions(), None);
    let loaded = Package::load(&folder, &options).unwrap_or_else(|error| panic!("{error}"));
    // As `gavel verify` does it; --all-tests would triple the time and judge tests that decide nothing.
    let options = VerifyOptions::default();
    let station = Arc::new(rig.station);
    let report = verify(&station, loaded, options, Arc::new(())).await.unwrap_or_else(|error| {
        panic!("{}", gavel_platform::lifecycle::chain(&error));
    });
    let surprises: Vec<_> = report.submissions.iter().filter(|submission| !submission.ok).collect();
    assert!(report.ok, "time limit {:?} ms, {:?}\n{surprises:#?}", report.time_limit_ms, report.error);
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
#[test_case("driver")]
#[test_case("constants")]
#[test_case("validator-script")]
#[tokio::test]
async fn the_programs_get_what_they_should_at(name: &str) {
    verify_alone(name).await;
}
