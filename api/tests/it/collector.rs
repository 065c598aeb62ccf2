//! Blobs that nothing refers to are removed, and no other.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use gavel_broker::WorkSource as _;
use gavel_model::{Digest, Lane};
use reqwest::StatusCode;
use serde_json::json;

use crate::kit::packages::{MODERN, variant, zip};
use crate::kit::worker::echo;
use crate::kit::{Service, until};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The hashes of all blobs.
fn kept(service: &Service) -> BTreeSet<Digest> {
    service.files().iter().filter_map(|file| file.file_name()?.to_str()?.parse().ok()).collect()
}

/// Makes every blob as old as this.
fn age(service: &Service, by: Duration) {
    for file in service.files() {
        let file = File::options().write(true).open(file).unwrap();
        file.set_modified(SystemTime::now() - by).unwrap();
    }
}

fn large(name: char) -> String {
    std::iter::repeat_n(name, 80 * 1024).collect()
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// Has something judged again, and its problem deleted meanwhile: only the copy, which waits, refers to the newest package.
async fn a_copy_by_a_problem_that_is_gone(service: &Service) -> Digest {
    assert_eq!(service.put("again", variant(MODERN, "13\n")).await.status, StatusCode::CREATED);
    let body = json!({"language": "go", "source": "", "work": {"kind": "problem", "problem": "again"}});
    let path = service.post("/api/v1/submissions", &body).await.header("location").to_owned();
    let taken = service.take(Lane::Practice).await;
    service.broker.publish_result(&echo(&taken)).await.unwrap();
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["state"], "done");
    let newest = service.put("again", variant(MODERN, "14\n")).await.json()["sha256"].clone();
    assert_eq!(service.post("/api/v1/rejudges", &json!({"problem": "again"})).await.json()["accepted"], 1);
    assert!(service.delete("/api/v1/problems/again").await.status.is_success());
    newest.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_nothing_refers_to_goes_and_what_waits_or_is_done_keeps_what_it_needs() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let before = Service::on(Arc::clone(&folder), |_| {}).await;
    let stray = before.blobs.put(Bytes::from(large('s'))).await.unwrap();
    for zip in [zip(MODERN), variant(MODERN, "10\n")] {
        assert_eq!(before.put("sum", zip).await.status, StatusCode::CREATED);
    }
    let newest_of_gone = a_copy_by_a_problem_that_is_gone(&before).await;
    let gone_problem = before.put("gone", variant(MODERN, "11\n")).await.json();
    let used_problem = before.put("used", variant(MODERN, "12\n")).await.json();
    let of_used = json!({"language": "python", "source": "", "work": {"kind": "problem", "problem": "used"}});
    assert_eq!(before.post("/api/v1/submissions", &of_used).await.status, StatusCode::ACCEPTED);
    for id in ["gone", "used"] {
        assert!(before.delete(&format!("/api/v1/problems/{id}")).await.status.is_success());
    }
    let waiting = json!({"language": "cpp", "source": large('w')});
    let waiting = before.post("/api/v1/submissions", &waiting).await.header("location").to_owned();
    let batch = json!({"submissions": [{"language": "go", "source": "", "work": {"kind": "run", "stdin": large('b')}}]});
    assert_eq!(before.post("/api/v1/batches", &batch).await.status, StatusCode::ACCEPTED);
    // Judge0's own answers repeat the input, by its hash.
    let judge0 = json!({"language_id": 54, "source_code": "x", "stdin": large('j')});
    assert_eq!(before.post("/judge0/submissions", &judge0).await.status, StatusCode::CREATED);
    let all = kept(&before);
    let hash = |view: &serde_json::Value| view["sha256"].as_str().unwrap().parse::<Digest>().unwrap();
    let (gone, used) = (hash(&gone_problem), hash(&used_problem));
    for needed in [used, newest_of_gone, digest(&large('w')), digest(&large('b')), digest(&large('j'))] {
        assert!(all.contains(&needed), "{needed} is no blob");
    }
    age(&before, DAY * 2);
    let young = before.blobs.put(Bytes::from(large('y'))).await.unwrap();
    before.stop().await;

    let after = Service::on(Arc::clone(&folder), |config| config.blobs.keep_unused = DAY).await;
    let mut expected = all;
    assert!(expected.remove(&stray) && expected.remove(&gone));
    expected.insert(young);
    until("what nobody needs is removed", async || kept(&after) == expected).await;
    until("it is counted", async || {
        after.get("/metrics").await.text.contains("gavel_blobs_removed_total 2\n")
    })
    .await;
    after.worker(echo);
    assert_eq!(after.get(&format!("{waiting}?wait=20")).await.json()["verdict"], "AC");
    assert_eq!(after.blobs.get(&digest(&large('w'))).await.unwrap(), large('w'));
}
