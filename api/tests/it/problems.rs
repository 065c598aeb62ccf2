//! Problems: uploaded, listed, told, deleted.

use std::path::Path;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use gavel_model::Digest;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::packages::{LEGACY, MODERN, REMOVED, variant, with, zip, zip_folder};
use crate::kit::{Answer, Service};

#[tokio::test]
async fn an_uploaded_package_is_described_and_kept_by_its_hash() {
    let service = Service::start().await;
    let package = zip(MODERN);
    let answer = service.put("sum", package.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.header("location"), "/api/v1/problems/sum");
    let mut told = answer.json();
    let digest = Digest::of(&package);
    assert_eq!(told["sha256"], digest.to_string());
    assert_eq!(told["size"], package.len());
    assert_eq!(service.blobs.get(&digest).await.unwrap(), package);
    assert_eq!(service.files().len(), 1, "{:?}", service.files());
    let latest = service.get("/api/v1/problems/sum").await.json();
    for (key, value) in told.as_object().unwrap() {
        assert_eq!(latest[key], *value, "{key}");
    }
    assert_eq!(latest["versions"].as_array().unwrap().len(), 1);
    for volatile in ["sha256", "size", "created_at"] {
        told[volatile] = "...".into();
    }
    insta::assert_json_snapshot!(told, @r#"
    {
      "calibration": null,
      "created_at": "...",
      "format": "2025-09",
      "groups": [
        {
          "max_score": null,
          "name": "sample"
        },
        {
          "max_score": null,
          "name": "secret"
        }
      ],
      "id": "sum",
      "input_file": null,
      "kind": [
        "pass-fail"
      ],
      "languages": null,
      "limits": {
        "code_kb": null,
        "compilation_memory_mb": null,
        "compilation_s": null,
        "memory_mb": null,
        "output_mb": null,
        "validation_memory_mb": null,
        "validation_output_mb": null,
        "validation_passes": 2,
        "validation_s": null
      },
      "name": "Sum",
      "output_file": null,
      "sha256": "...",
      "size": "...",
      "tests": 2,
      "time_limit_ms": 1500,
      "time_limit_source": "stated",
      "warnings": []
    }
    "#);
}

#[tokio::test]
async fn the_same_package_again_is_no_new_version() {
    let service = Service::start().await;
    let first = service.put("sum", zip(MODERN)).await.json();
    let again = service.put("sum", zip(MODERN)).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, first));
    assert_eq!(service.get("/api/v1/problems/sum").await.json()["versions"].as_array().unwrap().len(), 1);
    assert_eq!(service.files().len(), 1);
}

#[tokio::test]
async fn the_last_upload_is_the_latest_version_also_when_it_was_there_before() {
    let service = Service::start().await;
    let latest = async || service.get("/api/v1/problems/sum").await.json()["sha256"].clone();
    let one = service.put("sum", zip(MODERN)).await.json()["sha256"].clone();
    let two = service.put("sum", variant(MODERN, "10\n")).await.json()["sha256"].clone();
    assert_ne!(one, two);
    assert_eq!(latest().await, two);
    assert_eq!(service.put("sum", zip(MODERN)).await.status, StatusCode::OK);
    assert_eq!(latest().await, one);
    let versions = service.get("/api/v1/problems/sum").await.json()["versions"].clone();
    let hashes: Vec<_> = versions.as_array().unwrap().iter().map(|v| v["sha256"].clone()).collect();
    assert_eq!(hashes, [one, two]);
}

#[tokio::test]
async fn problems_are_listed_in_parts() {
    let service = Service::start().await;
    assert_eq!(service.get("/api/v1/problems").await.json(), json!({"problems": [], "next": null}));
    for id in ["b", "a", "c"] {
        service.put(id, zip(MODERN)).await;
    }
    service.put("b", variant(MODERN, "10\n")).await;
    let part = async |query: &str| {
        let listed = service.get(&format!("/api/v1/problems{query}")).await.json();
        let tests = |one: &Value| format!("{}:{}", one["id"].as_str().unwrap(), one["tests"]);
        let shown: Vec<_> = listed["problems"].as_array().unwrap().iter().map(tests).collect();
        (shown.join(" "), listed["next"].as_str().unwrap_or("-").to_owned())
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(part("").await, pair("a:2 b:3 c:2", "-"), "each by its latest version");
    assert_eq!(part("?limit=2").await, pair("a:2 b:3", "b"));
    assert_eq!(part("?limit=2&after=b").await, pair("c:2", "-"));
    assert_eq!(part("?limit=3").await.1, "-");
    for bad in ["?limit=0", "?limit=1001", "?limit=x", "?page=2"] {
        let answer = service.get(&format!("/api/v1/problems{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn a_deleted_problem_is_gone_and_its_package_stays_for_running_submissions() {
    let service = Service::start().await;
    service.put("sum", zip(MODERN)).await;
    service.put("sum", variant(MODERN, "10\n")).await;
    let gone = service.delete("/api/v1/problems/sum").await;
    assert_eq!((gone.status, gone.text.as_str()), (StatusCode::NO_CONTENT, ""));
    for answer in [service.get("/api/v1/problems/sum").await, service.delete("/api/v1/problems/sum").await] {
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "unknown_problem"));
    }
    assert_eq!(service.files().len(), 2, "the packages");
    let again = service.put("sum", zip(MODERN)).await;
    assert_eq!(again.status, StatusCode::CREATED);
    assert_eq!(service.get("/api/v1/problems/sum").await.json()["versions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_id_that_no_problem_can_have_is_refused() {
    let service = Service::start().await;
    for id in ["Sum", "-a", "a.b", "%2e%2e%2fa", "a%00", &"x".repeat(65)] {
        let path = format!("/api/v1/problems/{id}");
        for answer in
            [service.put(id, zip(MODERN)).await, service.get(&path).await, service.delete(&path).await]
        {
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "invalid_field"));
            assert_eq!(answer.error()["field"], "id", "{id}");
        }
    }
}

#[tokio::test]
async fn uploads_of_one_problem_at_the_same_time_are_each_a_version() {
    let service = Service::start().await;
    let answers =
        ["10\n", "ten\n", "X\n", "10\n", "ten\n", "X\n"].map(|a| service.put("sum", variant(LEGACY, a)));
    let answers: Vec<Answer> = join_all(answers).await;
    let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    let known = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!((created, known), (3, 3), "{answers:?}");
    assert_eq!(service.get("/api/v1/problems/sum").await.json()["versions"].as_array().unwrap().len(), 3);
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 3, "each version is calibrated once");
    assert_eq!(service.files().len(), 3, "{:?}", service.files());
}

#[tokio::test]
async fn groups_and_limits_are_told() {
    let service = Service::start().await;
    let package = zip(&with(
        MODERN,
        &[
            (
                "problem.yaml",
                "problem_format_version: 2025-09\nname: {sv: Summa, en: Sum}\nuuid: x\ntype: scoring\n\
              languages: [cpp, python3]\nlimits: {time_limit: 0.25, memory: 64, output: 2, code: 8}\n",
            ),
            ("data/secret/1.in", REMOVED),
            ("data/secret/1.ans", REMOVED),
            ("data/secret/test_group.yaml", "max_score: 100\n"),
            ("data/secret/g/test_group.yaml", "max_score: 100\n"),
            ("data/secret/g/1.in", "1\n"),
            ("data/secret/g/1.ans", "1\n"),
        ],
    ));
    let told = service.put("scored", package).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.text);
    let told = told.json();
    let part = json!([
        told["name"],
        told["kind"],
        told["languages"],
        told["time_limit_ms"],
        told["groups"],
        told["limits"]["memory_mb"],
        told["limits"]["code_kb"]
    ]);
    insta::assert_json_snapshot!(part, @r#"
    [
      "Sum",
      [
        "scoring"
      ],
      [
        "cpp",
        "python3"
      ],
      250,
      [
        {
          "max_score": null,
          "name": "sample"
        },
        {
          "max_score": 100.0,
          "name": "secret"
        },
        {
          "max_score": 100.0,
          "name": "secret/g"
        }
      ],
      64,
      8
    ]
    "#);
}

#[tokio::test]
async fn a_store_that_is_down_takes_no_package_and_leaves_no_file() {
    let service = Service::start().await;
    service.store.down.store(true, Ordering::SeqCst);
    let answer = service.put("sum", zip(MODERN)).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
    assert_eq!(service.files(), Vec::<std::path::PathBuf>::new());
    service.store.down.store(false, Ordering::SeqCst);
    assert_eq!(service.put("sum", zip(MODERN)).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn every_package_of_this_repository_is_taken() {
    let service = Service::start().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/problems");
    let mut taken = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_name().unwrap().to_str().unwrap();
        if !path.is_dir() {
            continue;
        }
        let answer = service.put(id, zip_folder(&path)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{id}: {}", answer.text);
        let told = answer.json();
        let pending = told["time_limit_source"] == "pending";
        assert_eq!(told["calibration"].is_string(), pending, "{id}: {told}");
        taken += 1;
    }
    assert!(taken >= 14, "{taken} packages");
}
