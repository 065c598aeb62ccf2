//! Packages that are not taken: 4xx, with file and cause, and nothing is left behind.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::kit::packages::{Files, LEGACY, MODERN, REMOVED, with, zip};
use crate::kit::{Answer, Service, until, within};

const NOTHING: Vec<PathBuf> = Vec::new();

/// Changes to a good package, and where its first mistake is.
fn bad_packages() -> Vec<(&'static str, Files, &'static str)> {
    let legacy = |changes: &[(&'static str, &'static str)]| with(LEGACY, changes);
    let modern = |changes: &[(&'static str, &'static str)]| with(MODERN, changes);
    let yaml = |yaml: &'static str| with(MODERN, &[("problem.yaml", yaml)]);
    vec![
        ("no problem.yaml", legacy(&[("problem.yaml", REMOVED)]), "problem.yaml - the file is missing"),
        ("no YAML", legacy(&[("problem.yaml", "name: [Sum\n")]), "problem.yaml 2 not valid YAML"),
        ("unknown key", legacy(&[("problem.yaml", "a: b\n")]), "problem.yaml 1 unknown key a"),
        (
            "unknown format",
            yaml("problem_format_version: 1\n"),
            "problem.yaml 1 unknown problem_format_version",
        ),
        ("missing answer", legacy(&[("data/secret/1.ans", REMOVED)]), "data/secret/1."),
        ("unknown flag", legacy(&[("problem.yaml", "validator_flags: fuzzy\n")]), "problem.yaml 1"),
        (
            "no validator",
            legacy(&[("problem.yaml", "validation: custom\n")]),
            "problem.yaml 1 validation is custom",
        ),
        ("no interactor", legacy(&[("problem.yaml", "validation: custom interactive\n")]), "problem.yaml 1 "),
        (
            "submit-answer",
            yaml("problem_format_version: 2025-09\nname: x\nuuid: x\ntype: submit-answer\n"),
            "problem.yaml 4 problems of type submit-answer",
        ),
        (
            "static validator",
            modern(&[("static_validator/a.py", "")]),
            "static_validator - static validators",
        ),
        (
            "two validators' language",
            modern(&[("output_validator/a.py", ""), ("output_validator/b.cpp", "")]),
            "output_validator",
        ),
        (
            "time limit",
            yaml("problem_format_version: 2025-09\nname: x\nuuid: x\nlimits: {time_limit: 99}\n"),
            "problem.yaml - limits.time_limit is 99000 ms, the maximum is 30000 ms",
        ),
        (
            "memory",
            yaml(
                "problem_format_version: 2025-09\nname: x\nuuid: x\nlimits: {time_limit: 1, memory: 4096}\n",
            ),
            "problem.yaml - limits.memory is 4096 MiB, the maximum is 2048 MiB",
        ),
        (
            "output",
            yaml("problem_format_version: 2025-09\nname: x\nuuid: x\nlimits: {time_limit: 1, output: 65}\n"),
            "problem.yaml - limits.output is 65 MiB, the maximum is 64 MiB",
        ),
        (
            "no accepted program",
            legacy(&[("submissions/accepted/a.py", REMOVED)]),
            "submissions/accepted - the package states no time limit",
        ),
        (
            "accepted in no language there is",
            legacy(&[("submissions/accepted/a.py", REMOVED), ("submissions/accepted/a.rs", "")]),
            "submissions/accepted - the package states no time limit",
        ),
        (
            "not UTF-8 flags",
            yaml("problem_format_version: 2025-09\nname: x\n"),
            "problem.yaml - the required key uuid is missing",
        ),
        (
            "bad group",
            modern(&[("data/secret/test_group.yaml", "colour: red\n")]),
            "data/secret/test_group.yaml 1",
        ),
        (
            "Polygon without tests",
            legacy(&[("problem.yaml", REMOVED), ("problem.xml", "<problem>\n<assets/></problem>")]),
            "problem.xml - judging is missing",
        ),
        (
            "DMOJ with a grader",
            legacy(&[("problem.yaml", REMOVED), ("init.yml", "test_cases: []\ncustom_judge: a.py\n")]),
            "init.yml 1 test_cases: there are no tests",
        ),
        ("windows path", modern(&[("data\\secret\\2.in", "")]), "data"),
        ("parent", modern(&[("../evil", "x")]), "../evil - refused"),
        ("absolute", modern(&[("/etc/evil", "x")]), "/etc/evil - refused"),
        ("a file that is a folder too", modern(&[("data/secret", "x")]), "data/secret"),
    ]
}

#[tokio::test]
async fn each_malformed_package_is_refused_with_file_and_cause_and_leaves_nothing() {
    let service = Service::start().await;
    let bad = bad_packages();
    assert!(bad.len() >= 20, "{} kinds", bad.len());
    for (what, files, expected) in bad {
        refused(&service, what, zip(&files), expected).await;
    }
    assert_eq!(service.get("/api/v1/problems").await.json()["problems"], serde_json::json!([]));
}

async fn refused(service: &Service, what: &str, zip: Vec<u8>, expected: &str) {
    let answer = service.put("bad", zip).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.text);
    let error = &answer.json()["error"];
    assert_eq!((&error["code"], &error["field"]), (&"invalid_package".into(), &serde_json::Value::Null));
    let first = &error["problems"][0];
    assert_eq!(first["severity"], "error", "{what}: {error}");
    let line = first["line"].as_u64().map_or_else(|| "-".to_owned(), |line| line.to_string());
    let told = format!("{} {line} {}", first["file"].as_str().unwrap(), first["message"].as_str().unwrap());
    assert!(told.starts_with(expected), "{what}: {told:?}, expected {expected:?}");
    assert_eq!(service.files(), NOTHING, "{what}");
    assert_eq!(std::fs::read_dir(service.blobs.incoming()).unwrap().count(), 0, "{what}");
}

#[tokio::test]
async fn what_is_no_zip_or_a_hostile_one_is_refused_and_leaves_nothing() {
    let service = Service::start().await;
    let good = zip(MODERN);
    refused(&service, "text", b"hello".to_vec(), ". - not a readable zip").await;
    refused(&service, "empty", Vec::new(), ". - not a readable zip").await;
    refused(&service, "cut", good[..good.len() / 2].to_vec(), ". - not a readable zip").await;
    let mut link = ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("data/secret", "/etc", SimpleFileOptions::default()).unwrap();
    refused(&service, "link", link.finish().unwrap().into_inner(), "data/secret - refused: a symbolic link")
        .await;
    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for k in 0..50_001 {
        many.start_file(format!("{k}"), SimpleFileOptions::default()).unwrap();
    }
    refused(
        &service,
        "many",
        many.finish().unwrap().into_inner(),
        "the archive - refused: it holds more than 50000",
    )
    .await;
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("problem.yaml", SimpleFileOptions::default()).unwrap();
    bomb.start_file("data/secret/1.in", SimpleFileOptions::default().compression_level(Some(1))).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..300 {
        bomb.write_all(&zeros).unwrap();
    }
    refused(
        &service,
        "bomb",
        bomb.finish().unwrap().into_inner(),
        "data/secret/1.in - refused: with it the archive grows",
    )
    .await;
}

#[tokio::test]
async fn every_mistake_is_told_at_once() {
    let service = Service::start().await;
    let yaml = "problem_format_version: 2025-09\nname: Sum\nuuid: x\nlimits: {time_limit: 31, memory: 9999, output: 99}\n";
    let answer = service.put("bad", zip(&with(MODERN, &[("problem.yaml", yaml)]))).await;
    assert_eq!(answer.json()["error"]["problems"].as_array().unwrap().len(), 3, "{}", answer.text);
    let bad = with(
        MODERN,
        &[
            ("problem.yaml", "problem_format_version: 2025-09\nuuid: x\na: 1\n"),
            ("data/secret/1.ans", REMOVED),
        ],
    );
    let answer = service.put("bad", zip(&bad)).await;
    insta::assert_snapshot!(answer.text, @r#"{"error":{"code":"invalid_package","message":"the package has 3 mistakes, the first: data/secret/1.in: error: there is no 1.ans","field":null,"problems":[{"file":"data/secret/1.in","line":null,"severity":"error","message":"there is no 1.ans"},{"file":"problem.yaml","line":null,"severity":"error","message":"the required key name is missing"},{"file":"problem.yaml","line":3,"severity":"error","message":"unknown key a"}]}}"#);
}

#[tokio::test]
async fn a_body_that_is_not_announced_as_a_zip_is_refused() {
    let service = Service::start().await;
    let url = service.url("/api/v1/problems/sum");
    for (announced, status) in [
        ("application/json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("Application/Zip; x=y", StatusCode::CREATED),
        ("application/octet-stream", StatusCode::OK),
        ("application/x-zip-compressed", StatusCode::OK),
    ] {
        let request = service.client.put(&url).header("content-type", announced).body(zip(MODERN));
        assert_eq!(Answer::read(request.send().await.unwrap()).await.status, status, "{announced}");
    }
    let bare = Answer::read(service.client.put(&url).body(zip(MODERN)).send().await.unwrap()).await;
    assert_eq!(bare.status, StatusCode::OK, "as curl -T does");
}

/// Begins an upload by hand.
async fn begin(service: &Service, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = format!(
        "PUT /api/v1/problems/sum HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/zip\r\n{headers}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn an_upload_that_is_cut_in_the_middle_leaves_nothing() {
    let service = Service::start().await;
    let mut stream = begin(&service, "content-length: 50000000").await;
    stream.write_all(&vec![b'x'; 3_000_000]).await.unwrap();
    until("the upload has begun", async || service.files().len() == 1).await;
    drop(stream);
    until("its file is gone", async || service.files().is_empty()).await;
    assert_eq!(service.get("/api/v1/problems/sum").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_package_over_the_maximum_is_refused_before_it_is_sent() {
    let service = Service::with(|config| config.api.max_package_mb = 1).await;
    let mut stream = begin(&service, "content-length: 1073741824\r\nexpect: 100-continue").await;
    let mut said = String::new();
    within("the answer", stream.read_to_string(&mut said)).await.unwrap();
    assert!(
        said.starts_with("HTTP/1.1 413") && said.contains("1073741824 bytes, the maximum is 1048576"),
        "{said}"
    );
    assert_eq!(service.files(), NOTHING);
}

#[tokio::test]
async fn of_a_package_over_the_maximum_only_a_part_is_read() {
    let service = Service::with(|config| config.api.max_package_mb = 1).await;
    for headers in ["content-length: 4294967296", "transfer-encoding: chunked"] {
        let (mut read, mut write) = begin(&service, headers).await.into_split();
        let mut sent = 0_u64;
        let send = async {
            let mut chunk = b"10000\r\n".to_vec();
            chunk.extend(vec![b'x'; 0x10000]);
            chunk.extend(b"\r\n");
            while write.write_all(&chunk).await.is_ok() {
                sent += 0x10000;
                assert!(sent < 1 << 30, "all of it is read");
            }
        };
        let mut said = vec![0; 12];
        let answer = async { read.read_exact(&mut said).await.map(|_| ()) };
        let (answered, ()) = within("the answer", async { tokio::join!(answer, send) }).await;
        answered.unwrap();
        assert_eq!(String::from_utf8_lossy(&said), "HTTP/1.1 413", "{headers}");
        assert_eq!(service.files(), NOTHING);
    }
}
