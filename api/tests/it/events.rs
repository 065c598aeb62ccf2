//! Following a submission as it is judged.

use std::time::Duration;

use gavel_broker::WorkSource as _;
use gavel_model::{JudgingEvent, JudgingStep, Lane, Submission, Verdict};
use reqwest::StatusCode;
use serde_json::json;

use crate::kit::sse::{Events, Sent};
use crate::kit::worker::{echo, verdict};
use crate::kit::{Service, until, within};

/// A new submission, taken by a worker; and its path.
async fn taken(service: &Service) -> (Submission, String) {
    let body = json!({"language": "python", "source": ""});
    let path = service.post("/api/v1/submissions", &body).await.header("location").to_owned();
    (service.take(Lane::Practice).await, path)
}

fn test(k: u32) -> JudgingStep {
    JudgingStep::Test { test: k, of: 3, name: format!("t{k}"), verdict: Verdict::Ac }
}

impl Service {
    async fn step(&self, submission: &Submission, attempt: u32, number: u32, step: JudgingStep) {
        let worker = "w1".to_owned();
        let event = JudgingEvent { id: submission.id, attempt, number, worker, step };
        self.broker.send_event(&event).await.unwrap();
    }

    async fn followers(&self, count: f64) {
        until("they follow", async || (self.metrics.waiters().get() - count).abs() < 0.5).await;
    }
}

#[tokio::test]
async fn a_submission_is_followed_from_its_state_to_its_result() {
    let service = Service::start().await;
    let (submission, path) = taken(&service).await;
    let mut events = Events::of(&service, &path, None).await;
    assert_eq!(events.status(), StatusCode::OK);
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let (begin, state) = events.expect("state").await;
    let mut queued = service.get(&path).await.json();
    queued["progress"] = json!(null);
    assert_eq!((begin.as_str(), state), ("0", queued));

    let steps = [JudgingStep::Compiling, JudgingStep::Judging { tests: 3 }, test(1), test(2)];
    let seen = [
        json!({"attempt": 1, "worker": "w1", "kind": "compiling"}),
        json!({"attempt": 1, "worker": "w1", "kind": "judging", "tests": 3}),
        json!({"attempt": 1, "worker": "w1", "kind": "test", "test": 1, "of": 3, "name": "t1", "verdict": "AC"}),
        json!({"attempt": 1, "worker": "w1", "kind": "test", "test": 2, "of": 3, "name": "t2", "verdict": "AC"}),
    ];
    let mut last = 0;
    for (number, (step, expected)) in (1..).zip(steps.into_iter().zip(seen)) {
        service.step(&submission, 1, number, step.clone()).await;
        let (id, data) = events.expect(step.kind()).await;
        let id: u64 = id.parse().unwrap();
        assert!(id > last, "{id} after {last}");
        assert_eq!(data, expected);
        last = id;
    }
    service.broker.publish_result(&verdict(&submission, Verdict::Wa)).await.unwrap();
    let (id, result) = events.expect("result").await;
    assert_eq!((id.as_str(), result), ("final", service.get(&path).await.json()));
    assert_eq!(events.next().await, None, "that is all");
    service.followers(0.0).await;
}

#[tokio::test]
async fn who_comes_back_gets_what_it_has_not_seen_and_nothing_twice() {
    let service = Service::start().await;
    let (submission, path) = taken(&service).await;
    let mut events = Events::of(&service, &path, None).await;
    events.expect("state").await;
    service.step(&submission, 1, 1, JudgingStep::Judging { tests: 3 }).await;
    let (seen, _) = events.expect("judging").await;
    drop(events);
    service.followers(0.0).await;
    service.step(&submission, 1, 2, test(1)).await;

    let mut again = Events::of(&service, &path, Some(&seen)).await;
    assert_eq!(again.expect("test").await.1["name"], "t1", "what came while it was away");
    service.step(&submission, 1, 3, test(2)).await;
    let (seen, _) = again.expect("test").await;

    // Somebody who has seen nothing, and one that comes with an id of nobody's.
    for last in [None, Some("nonsense"), Some("999999999999")] {
        let (id, state) = Events::of(&service, &path, last).await.expect("state").await;
        assert_eq!((id.as_str(), &state["progress"]["name"]), (seen.as_str(), &json!("t2")));
    }
    drop(again);
    service.broker.publish_result(&verdict(&submission, Verdict::Ac)).await.unwrap();
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "AC");
    let mut late = Events::of(&service, &path, Some(&seen)).await;
    assert_eq!(late.expect("result").await.1["verdict"], "AC");
    assert_eq!(late.next().await, None);
    let done = Events::of(&service, &path, Some("final")).await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT, "a browser does not come again");
}

#[tokio::test]
async fn who_comes_back_to_a_service_that_knows_nothing_is_told_the_state_and_no_id_goes_back() {
    let service = Service::start().await;
    let (submission, path) = taken(&service).await;
    let mut events = Events::of(&service, &path, Some("1000007")).await;
    let (id, state) = events.expect("state").await;
    assert_eq!(
        (id.as_str(), &state["state"], &state["progress"]),
        ("1000007", &json!("queued"), &json!(null))
    );
    for number in [7, 8] {
        service.step(&submission, 1, number, test(number)).await;
    }
    assert_eq!(events.expect("test").await.1["name"], "t8");
    // A second attempt begins anew, and after all of the first.
    service.step(&submission, 2, 1, JudgingStep::Compiling).await;
    let (id, step) = events.expect("compiling").await;
    assert_eq!((id.as_str(), &step["attempt"]), ("2000001", &json!(2)));
}

#[tokio::test]
async fn a_slow_reader_holds_up_nobody_and_is_told_where_it_is() {
    let service = Service::start().await;
    let (submission, path) = taken(&service).await;
    let mut events = Events::of(&service, &path, None).await;
    events.expect("state").await;
    // More than the hub keeps, and at once: this client cannot have read them in between.
    for number in 1..=1_000 {
        service.step(&submission, 1, number, test(number)).await;
    }
    service.broker.publish_result(&verdict(&submission, Verdict::Ac)).await.unwrap();
    let mut last = 0;
    let result = loop {
        match events.next().await.expect("the stream goes on to its result") {
            Sent::Event { name, data, .. } if name == "result" => break data,
            Sent::Event { id, .. } => {
                let id: u64 = id.parse().unwrap();
                assert!(id > last, "{id} after {last}");
                last = id;
            }
            Sent::Comment => {}
        }
    };
    assert_eq!(result["verdict"], "AC");
}

#[tokio::test]
async fn a_cancellation_ends_the_stream() {
    let service = Service::start().await;
    let (_, path) = taken(&service).await;
    let mut events = Events::of(&service, &path, None).await;
    events.expect("state").await;
    service.delete(&path).await;
    let (_, result) = events.expect("result").await;
    assert_eq!((&result["state"], &result["verdict"]), (&json!("canceled"), &json!("CANCELED")));
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_stream_says_that_it_is_alive_and_ends_with_the_service() {
    let service = Service::with(|config| config.api.keep_alive = Duration::from_millis(20)).await;
    let (_, path) = taken(&service).await;
    let mut events = Events::of(&service, &path, None).await;
    events.expect("state").await;
    for _ in 0..3 {
        assert_eq!(events.next().await, Some(Sent::Comment));
    }
    service.shutdown.cancel();
    within("the stream ends", async { while events.next().await.is_some() {} }).await;
    service.stop().await;
}

#[tokio::test]
async fn what_is_final_or_unknown_is_not_waited_for() {
    let service = Service::start().await;
    let unknown = service.get("/api/v1/submissions/01890000-0000-7000-8000-000000000000/events").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::NOT_FOUND, "unknown_submission"));
    service.worker(echo);
    let body = json!({"language": "python", "source": ""});
    let done = service.post("/api/v1/submissions?wait=20", &body).await;
    let mut events = Events::of(&service, done.header("location"), None).await;
    assert_eq!(events.expect("result").await.1, done.json());
    assert_eq!(events.next().await, None);
}
