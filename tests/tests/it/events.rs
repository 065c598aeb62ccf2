//! Following a submission while a worker judges it.

use gavel_testkit::sse::{Sent, parse_all};
use gavel_testkit::until;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::fleet::{Fleet, PATIENCE, unique};
use crate::process::Gavel;
use crate::up::up;

fn doubling() -> Value {
    let source = "#include <stdio.h>\nint main(){ int n; scanf(\"%d\", &n); printf(\"%d\", 2 * n); }";
    let tests =
        json!([{"name": "a", "input": "1", "answer": "2"}, {"name": "b", "input": "2", "answer": "4"}]);
    json!({"language": "c", "source": source, "work": {"kind": "tests", "tests": tests}})
}

/// The names and data of all events of a submission; `begin` lets it be judged, once it is followed.
async fn followed(gavel: &Gavel, id: &str, begin: impl AsyncFnOnce()) -> Vec<(String, Value)> {
    let path = format!("/api/v1/submissions/{id}/events");
    let ((status, text), ()) = tokio::join!(gavel.get(&path), async {
        until("it is followed", PATIENCE, async || {
            (gavel.metric("gavel_waiters").await == 1.0).then_some(())
        })
        .await;
        begin().await;
    });
    assert_eq!(status, 200, "{text}");
    let event = |sent| match sent {
        Sent::Event { name, data, .. } => Some((name, data)),
        Sent::Comment => None,
    };
    parse_all(&text).into_iter().filter_map(event).collect()
}

fn assert_whole(events: &[(String, Value)], worker: &str) {
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["state", "compiling", "judging", "test", "test", "result"], "{events:#?}");
    for (_, data) in &events[1..5] {
        assert_eq!((&data["worker"], &data["attempt"]), (&json!(worker), &json!(1)), "{data}");
    }
    for (k, name) in ["a", "b"].iter().enumerate() {
        let test = &events[3 + k].1;
        assert_eq!((&test["test"], &test["of"]), (&json!(k + 1), &json!(2)), "{test}");
        assert_eq!((&test["name"], &test["verdict"]), (&json!(name), &json!("AC")), "{test}");
    }
    assert_eq!(events[5].1["verdict"], "AC");
}

#[tokio::test]
async fn in_one_process_every_step_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let worker = unique("events");
    let gavel = up(folder.path(), &worker).await;
    // Keeps the one slot until the other one is followed.
    let sleeper = json!({
        "language": "c", "source": "#include <unistd.h>\nint main(){ for (;;) sleep(60); }",
        "limits": {"wall_ms": 60_000},
    });
    let before = gavel.submit(&sleeper).await;
    let id = gavel.submit(&doubling()).await;
    let events = followed(&gavel, &id, async || gavel.cancel(&before).await).await;
    assert_whole(&events, &worker);
    gavel.signal(Signal::TERM);
    gavel.end().await.assert_code(0);
}

#[tokio::test]
async fn over_rabbitmq_every_step_is_told() {
    let fleet = Fleet::start().await;
    let id = fleet.api.submit(&doubling()).await;
    let name = unique("events");
    let mut worker = None;
    let events = followed(&fleet.api, &id, async || worker = Some(fleet.worker(&name).await)).await;
    assert_whole(&events, &name);
    drop(worker);
    fleet.end().await;
}
