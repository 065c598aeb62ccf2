//! What every store must do for problems.

use std::time::Duration;

use gavel_api::store::{ProblemDetail, ProblemGroup, ProblemVersion, Store};
use gavel_model::{Digest, Lane, Limits, Submission, Verdict, Work};
use gavel_problem::{Diagnostic, FormatVersion, ProblemKind, Severity};
use jiff::Timestamp;

use super::submissions::submission;
use crate::kit::worker::verdict;

fn version(problem: &str, zip: &str) -> ProblemVersion {
    let warning = Diagnostic {
        file: "problem.yaml".to_owned(),
        line: Some(3),
        severity: Severity::Warning,
        message: "odd".to_owned(),
    };
    ProblemVersion {
        problem: problem.to_owned(),
        sha256: Digest::of(zip.as_bytes()),
        size: 1 << 33,
        created_at: Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap(),
        detail: ProblemDetail {
            name: Some("Sum".to_owned()),
            format: FormatVersion::Draft2023,
            kind: ProblemKind { scoring: true, ..ProblemKind::default() },
            tests: 7,
            groups: vec![ProblemGroup { name: "secret".to_owned(), max_score: Some(100.0) }],
            limits: gavel_problem::Limits::legacy(),
            file_io: gavel_problem::FileIo::default(),
            languages: Some(vec!["cpp".to_owned()]),
            warnings: vec![warning],
        },
        time_limit_ms: None,
        calibration: None,
    }
}

fn judged_by(version: &ProblemVersion) -> Submission {
    let work = Work::Problem {
        problem: version.problem.clone(),
        sha256: version.sha256,
        time_limit_ms: None,
        all_tests: false,
    };
    Submission { work, ..submission(Lane::Practice, Duration::ZERO) }
}

pub async fn the_last_put_version_is_the_latest(store: &dyn Store) {
    let (one, two, other) = (version("sum", "1"), version("sum", "2"), version("other", "1"));
    for (version, new) in [(&one, true), (&two, true), (&other, true), (&one, false)] {
        assert_eq!(store.put_version(version, None).await.unwrap(), new);
    }
    let changed = ProblemVersion { size: 0, time_limit_ms: Some(1), ..one.clone() };
    assert!(!store.put_version(&changed, None).await.unwrap());
    assert_eq!(store.versions("sum", "", 10).await.unwrap(), [one.clone(), two.clone()], "as first put");
    assert_eq!(store.versions("sum", "", 1).await.unwrap()[0], one);
    let digits = two.sha256.to_string();
    for prefix in [&digits[..12], &digits] {
        let found = store.versions("sum", prefix, 10).await.unwrap();
        assert_eq!((found.len(), &found[0]), (1, &two));
    }
    assert_eq!(store.versions("sum", "%", 10).await.unwrap(), []);
    assert_eq!(store.versions("none", "", 10).await.unwrap(), []);
    assert_eq!(store.problems("", 10).await.unwrap(), [other.clone(), one.clone()]);
    assert_eq!(store.problems("", 1).await.unwrap(), [other]);
    assert_eq!(store.problems("other", 10).await.unwrap(), [one]);
}

pub async fn a_deleted_problem_takes_all_its_versions_along(store: &dyn Store) {
    let (one, two, other) = (version("sum", "1"), version("sum", "2"), version("other", "1"));
    for version in [&one, &two, &other] {
        store.put_version(version, None).await.unwrap();
    }
    assert_eq!(store.delete_problem("sum").await.unwrap(), 2);
    assert_eq!(store.delete_problem("sum").await.unwrap(), 0);
    assert_eq!(store.versions("sum", "", 10).await.unwrap(), []);
    assert_eq!(store.problems("", 10).await.unwrap(), [other]);
    assert!(store.put_version(&one, None).await.unwrap(), "new again");
}

pub async fn a_version_and_its_calibration_are_kept_together(store: &dyn Store) {
    let mut one = version("sum", "1");
    let calibration = judged_by(&one);
    one.calibration = Some(calibration.id);
    assert!(store.put_version(&one, Some(&calibration)).await.unwrap());
    assert!(store.get(calibration.id).await.unwrap().is_some());
    assert_eq!(store.versions("sum", "", 1).await.unwrap()[0].calibration, Some(calibration.id));
    // The same submission cannot be inserted again, so nothing of this is kept.
    let two = ProblemVersion { sha256: Digest::of(b"2"), ..one.clone() };
    store.put_version(&two, Some(&calibration)).await.unwrap_err();
    assert_eq!(store.versions("sum", "", 10).await.unwrap(), [one]);
}

pub async fn the_first_limit_that_was_used_is_learnt(store: &dyn Store) {
    let (one, two) = (version("sum", "1"), version("sum", "2"));
    let stated = ProblemVersion { time_limit_ms: Some(1_500), ..version("stated", "1") };
    for version in [&one, &two, &stated] {
        store.put_version(version, None).await.unwrap();
    }
    let limit = async |version: &ProblemVersion| {
        let digits = version.sha256.to_string();
        store.versions(&version.problem, &digits, 1).await.unwrap()[0].time_limit_ms
    };
    let finish = async |version: &ProblemVersion, cpu_ms: Option<u64>, tests: bool| {
        let submission = judged_by(version);
        store.insert(&submission).await.unwrap();
        let mut result = verdict(&submission, Verdict::Ac);
        result.limits = cpu_ms.map(|cpu_ms| Limits { cpu_ms, ..Limits::DEFAULT });
        if !tests {
            result.tests.clear();
        }
        store.finish(&[result]).await.unwrap();
    };
    finish(&one, None, true).await;
    finish(&one, Some(9_000), false).await;
    assert_eq!(limit(&one).await, None, "nothing was held against a limit yet");
    finish(&one, Some(3_000), true).await;
    finish(&one, Some(4_000), true).await;
    finish(&stated, Some(7_000), true).await;
    assert_eq!(
        (limit(&one).await, limit(&two).await, limit(&stated).await),
        (Some(3_000), None, Some(1_500))
    );
    let elsewhere = submission(Lane::Practice, Duration::ZERO);
    store.insert(&elsewhere).await.unwrap();
    let result = verdict(&elsewhere, Verdict::Ac);
    store.finish(&[gavel_model::JudgeResult { limits: Some(Limits::DEFAULT), ..result }]).await.unwrap();
    assert_eq!(limit(&two).await, None, "limits of other work teach nothing");
}
