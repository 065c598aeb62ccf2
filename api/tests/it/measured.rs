//! What is measured, and who judges.

use std::time::Duration;

use gavel_api::{ApiSettings, SloOutcome};
use gavel_broker::WorkSource as _;
use gavel_model::{Canary, Heartbeat, Lane};
use serde_json::json;
use test_case::test_case;

use crate::kit::worker::{echo, heartbeat};
use crate::kit::{Service, until};

#[tokio::test]
async fn requests_are_counted_by_pattern_and_status() {
    let service = Service::start().await;
    service.worker(echo);
    service.post("/run", &json!({"selectedLanguage": "go", "userCode": ""})).await;
    service.get("/api/v1/submissions/not-an-id").await;
    service.get("/secret-looking-path").await;
    let text = service.get("/metrics").await.text;
    for line in [
        r#"gavel_http_requests_total{route="/run",status="200"} 1"#,
        r#"gavel_http_requests_total{route="/api/v1/submissions/{id}",status="400"} 1"#,
        r#"gavel_http_requests_total{route="none",status="404"} 1"#,
        r#"gavel_publish_seconds_count{language="go"} 1"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("secret-looking-path"));
}

#[tokio::test]
async fn the_age_of_the_oldest_is_measured_by_lane() {
    let service = Service::start().await;
    let body = json!({"language": "go", "source": "", "lane": "contest"});
    service.post("/api/v1/submissions", &body).await;
    until("the gauge moves", async || service.metrics.oldest_queued_seconds(Lane::Contest).get() > 0.0).await;
    let practice = service.metrics.oldest_queued_seconds(Lane::Practice).get();
    assert!(practice.abs() < f64::EPSILON);
    assert!((service.metrics.unfinished(Lane::Contest).get() - 1.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn the_fleet_is_measured() {
    let service = Service::start().await;
    for (id, draining) in [("w1", false), ("w2", false), ("w2", true)] {
        service.broker.send_heartbeat(&heartbeat(id, draining)).await.unwrap();
    }
    let unsound = Heartbeat { canary: Canary::Unsound, ..heartbeat("w3", false) };
    service.broker.send_heartbeat(&unsound).await.unwrap();
    let expected = [
        r#"gavel_workers{state="ready"} 1"#,
        r#"gavel_workers{state="draining"} 1"#,
        r#"gavel_workers{state="unsound"} 1"#,
        r#"gavel_fleet_slots{state="busy"} 3"#,
        r#"gavel_fleet_slots{state="free"} 3"#,
        r#"gavel_language_workers{language="go"} 1"#,
        r#"gavel_language_workers{language="python"} 0"#,
    ];
    until("all is measured", async || {
        let text = service.get("/metrics").await.text;
        expected.iter().all(|line| text.lines().any(|said| said == *line))
    })
    .await;
}

#[test_case(|_| {} => (1, 0); "in time")]
#[test_case(|config: &mut ApiSettings| config.api.slo.contest = Duration::ZERO => (0, 1); "too late")]
#[tokio::test]
async fn results_are_counted_by_their_lanes_target(change: fn(&mut ApiSettings)) -> (u64, u64) {
    let service = Service::with(change).await;
    service.worker(echo);
    let body = json!({"language": "go", "source": "", "lane": "contest"});
    assert_eq!(service.post("/api/v1/submissions?wait=20", &body).await.json()["verdict"], "AC");
    let of = |outcome| service.metrics.slo(Lane::Contest, outcome).get();
    (of(SloOutcome::Met), of(SloOutcome::Missed))
}

#[tokio::test]
async fn workers_that_speak_are_listed() {
    let service = Service::start().await;
    assert_eq!(service.get("/api/v1/workers").await.json(), json!({"workers": []}));
    for (id, draining) in [("w2", false), ("w1", false), ("w2", true)] {
        service.broker.send_heartbeat(&heartbeat(id, draining)).await.unwrap();
    }
    let listed = async || service.get("/api/v1/workers").await.json()["workers"].clone();
    until("both are heard", async || listed().await[1]["draining"] == json!(true)).await;
    let told = listed().await;
    let expected = json!({
        "id": "w1", "version": "1.2.3", "languages": ["cpp", "go"], "slots": 4, "busy": 1, "draining": false,
        "started_at": "1970-01-01T00:00:00Z", "seen_at": told[0]["seen_at"],
        "compilers": {"c": "gcc 14.2.0"}, "canary": "sound", "calibration": 1.25,
    });
    assert_eq!((told.as_array().unwrap().len(), &told[0], &told[1]["id"]), (2, &expected, &json!("w2")));
}

#[tokio::test]
async fn what_waits_is_listed_by_lane() {
    let service = Service::start().await;
    let body = json!({"language": "go", "source": "", "lane": "contest"});
    let accepted = service.post("/api/v1/submissions", &body).await.json();
    service.post("/api/v1/submissions", &body).await;
    service.broker.send_heartbeat(&heartbeat("w1", false)).await.unwrap();
    let queues = async || service.get("/api/v1/queues").await.json();
    until("the worker is heard", async || queues().await["slots"]["busy"] == json!(1)).await;
    let nothing = |lane| json!({"lane": lane, "unfinished": 0, "oldest_created_at": null});
    let expected = json!({
        "queues": [
            {"lane": "contest", "unfinished": 2, "oldest_created_at": accepted["created_at"]},
            nothing("practice"),
            nothing("rejudge"),
        ],
        "slots": {"busy": 1, "free": 3},
    });
    assert_eq!(queues().await, expected);
}
