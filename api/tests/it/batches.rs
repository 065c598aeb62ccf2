//! Many submissions as one.

use std::sync::atomic::Ordering;

use gavel_model::{JudgingEvent, JudgingStep, Lane, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kit::sse::{Events, Sent};
use crate::kit::worker::verdict;
use crate::kit::{Answer, Service, until, within};
use gavel_api::store::Store as _;
use gavel_broker::WorkSource as _;

/// A batch that is judged; a source that says "wrong" is wrong.
async fn judged(service: &Service, body: &Value) -> String {
    let path = batched(service, body).await;
    service.worker(judge);
    done(service, &path).await;
    path
}

fn judge(submission: &gavel_model::Submission) -> gavel_model::JudgeResult {
    let text = serde_json::to_string(&submission.files).unwrap();
    verdict(submission, if text.contains("wrong") { Verdict::Wa } else { Verdict::Ac })
}

async fn batched(service: &Service, body: &Value) -> String {
    let answer = service.post("/api/v1/batches", body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    answer.header("location").to_owned()
}

async fn done(service: &Service, path: &str) {
    until("all of it is final", async || service.get(path).await.json()["state"] != "judging").await;
}

async fn lines(service: &Service, text: String) -> Answer {
    let request = service.client.post(service.url("/api/v1/batches")).body(text);
    Answer::read(request.header("content-type", "application/x-ndjson").send().await.unwrap()).await
}

fn read_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Good ones among bad ones, in every form that a batch has.
#[tokio::test]
async fn each_entry_has_its_id_or_its_error_in_its_place() {
    let service = Service::start().await;
    let entries = [
        json!({"source": "1"}),
        json!({"source": "2", "language": "cobol"}),
        json!({"source": "3", "langauge": "go"}),
        json!({"language": "go"}),
        json!({"source": "wrong", "language": "cpp", "work": {"kind": "run", "stdin": "x"}}),
        json!(7),
        json!({"source": "4", "limits": {"cpu_ms": 1_000_000_000}}),
    ];
    let codes = [
        None,
        Some(("unknown_language", json!("language"))),
        Some(("unknown_field", json!("langauge"))),
        Some(("invalid_field", json!("source"))),
        None,
        Some(("invalid_field", json!(null))),
        Some(("limit_out_of_range", json!("limits.cpu_ms"))),
    ];
    let common = json!({"language": "python", "lane": "contest"});
    let own: Vec<_> = entries
        .iter()
        .map(|entry| {
            let mut entry = entry.clone();
            if let Some(fields) = entry.as_object_mut() {
                for (name, value) in common.as_object().unwrap() {
                    fields.entry(name).or_insert(value.clone());
                }
            }
            entry
        })
        .collect();
    let text = |entries: &[Value]| entries.iter().map(|entry| format!("{entry}\n")).collect::<String>();
    let answers = [
        service.post("/api/v1/batches", &json!({"common": common, "submissions": entries})).await,
        service.post("/api/v1/batches", &json!(own)).await,
        lines(&service, format!("{}\n\n{}", json!({ "common": common }), text(&entries))).await,
        lines(&service, text(&own)).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let told = answer.json();
        assert_eq!(
            (&told["entries"], &told["accepted"], &told["refused"]),
            (&json!(7), &json!(2), &json!(5))
        );
        assert_eq!(answer.header("location"), format!("/api/v1/batches/{}", told["id"].as_str().unwrap()));
        for (entry, code) in told["submissions"].as_array().unwrap().iter().zip(&codes) {
            match code {
                None => assert!(entry["id"].is_string() && entry["error"].is_null(), "{entry}"),
                Some((code, field)) => {
                    assert_eq!((&entry["error"]["code"], &entry["error"]["field"]), (&json!(code), field));
                }
            }
        }
        let first = service.take(Lane::Contest).await;
        assert_eq!(json!([first.id, first.language]), json!([told["submissions"][0]["id"], "python"]));
        assert_eq!(service.take(Lane::Contest).await.language, "cpp");
        service.delete(answer.header("location")).await;
    }
}

#[tokio::test]
async fn counts_results_and_lists_tell_the_same() {
    let service = Service::start().await;
    let body = json!({"common": {"language": "go"}, "submissions": [
        {"source": "right"}, {"source": "wrong"}, {"source": "x", "language": "none"}, {"source": "right"},
    ]});
    let path = judged(&service, &body).await;
    let told = service.get(&path).await.json();
    for (field, expected) in [
        ("state", json!("done")),
        ("entries", json!(4)),
        ("accepted", json!(3)),
        ("refused", json!(1)),
        ("queued", json!(0)),
        ("finished", json!(3)),
        ("verdicts", json!({"AC": 2, "WA": 1})),
    ] {
        assert_eq!(told[field], expected, "{told}");
    }
    let results = service.get(&format!("{path}/results")).await;
    assert_eq!(results.header("content-type"), "application/x-ndjson");
    let results = read_lines(&results.text);
    let shown: Vec<_> = results.iter().map(|line| (&line["index"], &line["verdict"])).collect();
    assert_eq!(json!(shown), json!([[0, "AC"], [1, "WA"], [2, null], [3, "AC"]]));
    assert_eq!(results[2]["error"]["code"], "unknown_language");
    let mut one =
        service.get(&format!("/api/v1/submissions/{}", results[1]["id"].as_str().unwrap())).await.json();
    one["index"] = json!(1);
    assert_eq!(results[1], one, "as it is told alone");
    assert_eq!(read_lines(&service.get(&format!("{path}/results?after=2")).await.text), results[3..]);

    let id = told["id"].as_str().unwrap();
    let list =
        async |query: &str| service.get(&format!("/api/v1/submissions?batch={id}{query}")).await.json();
    let ids = |list: &Value| {
        json!(list["submissions"].as_array().unwrap().iter().map(|one| &one["id"]).collect::<Vec<_>>())
    };
    let all = [3, 1, 0].map(|k| &results[k]["id"]);
    assert_eq!(ids(&list("").await), json!(all));
    assert_eq!(ids(&list("&verdict=WA&language=golang").await), json!([results[1]["id"]]));
    let part = list("&limit=2").await;
    assert_eq!((ids(&part), &part["next"]), (json!(all[..2]), all[1]));
    let rest = list(&format!("&after={}", part["next"].as_str().unwrap())).await;
    assert_eq!((ids(&rest), &rest["next"]), (json!(all[2..]), &json!(null)));
    assert_eq!(rest["submissions"][0]["batch"], id);
    for wrong in ["&verdict=XX", "&language=cobol", "&after=1", "&limit=0", "&colour=red"] {
        assert!(!list(wrong).await["error"]["field"].is_null(), "{wrong}");
    }
}

#[tokio::test]
async fn a_batch_is_followed_and_nothing_is_told_twice_or_lost() {
    let service = Service::start().await;
    let sources: Vec<_> = (0..50).map(|k| json!({"source": format!("{k}")})).collect();
    let path = batched(&service, &json!({"common": {"language": "go"}, "submissions": sources})).await;
    let mut events = Events::of(&service, &path, None).await;
    assert_eq!(events.expect("batch").await.1["queued"], 50);
    let submission = service.take(Lane::Practice).await;
    service.broker.publish_result(&judge(&submission)).await.unwrap();
    let (first, told) = events.expect("result").await;
    assert_eq!(
        json!([first, told["index"], told["id"], told["verdict"]]),
        json!(["1", 0, submission.id, "AC"])
    );
    drop(events);
    service.worker(judge);
    done(&service, &path).await;
    // Another process knows as much: everything is in the store.
    let mut events = Events::of(&service, &path, Some(&first)).await;
    events.expect("batch").await;
    let mut indexes = Vec::new();
    let last = loop {
        match events.next().await.unwrap() {
            Sent::Event { name, data, .. } if name == "result" => {
                indexes.push(data["index"].as_u64().unwrap());
            }
            Sent::Event { name, id, data } if name == "done" => break (id, data),
            other => panic!("{other:?}"),
        }
    };
    indexes.sort_unstable();
    assert_eq!(indexes, (1..50).collect::<Vec<_>>());
    assert_eq!((last.0.as_str(), last.1), ("final", service.get(&path).await.json()));
    assert_eq!(events.next().await, None);
    assert_eq!(Events::of(&service, &path, Some("final")).await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_canceled_batch_is_canceled_wherever_it_is() {
    let service = Service::start().await;
    let sources: Vec<_> = (0..300).map(|k| json!({"source": format!("{k}")})).collect();
    let path = batched(&service, &json!({"common": {"language": "go"}, "submissions": sources})).await;
    let submission = service.take(Lane::Practice).await;
    let mut controls = service.broker.controls();
    let other = service.take(Lane::Practice).await;
    service.broker.publish_result(&judge(&other)).await.unwrap();
    until("one is done", async || service.get(&path).await.json()["finished"] == 1).await;
    let handed_over = service.dispatcher.published.load(Ordering::SeqCst);
    let told = service.delete(&path).await.json();
    assert_eq!(json!([told["state"], told["verdicts"]]), json!(["canceled", {"AC": 1, "CANCELED": 299}]));
    let mut ordered = Vec::new();
    while ordered.len() + 1 < handed_over {
        let gavel_model::Control::Cancel { id } = within("an order", controls.recv()).await.unwrap() else {
            panic!("another order");
        };
        ordered.push(id);
    }
    assert!(ordered.contains(&submission.id) && !ordered.contains(&other.id));
    assert!(ordered.len() < 299, "no worker is told of what it cannot have");
    service.broker.publish_result(&judge(&submission)).await.unwrap();
    until("it is dropped", async || service.metrics.results_canceled().get() == 1).await;
    assert_eq!(service.delete(&path).await.json(), told, "again is no error");
}

#[tokio::test]
async fn a_state_tells_what_a_worker_has_begun() {
    let service = Service::start().await;
    let path =
        batched(&service, &json!([{"language": "go", "source": ""}, {"language": "go", "source": ""}])).await;
    let submission = service.take(Lane::Practice).await;
    let (id, worker, step) = (submission.id, "w".to_owned(), JudgingStep::Compiling);
    let event = JudgingEvent { id, attempt: 1, number: 1, worker, step };
    service.broker.send_event(&event).await.unwrap();
    until("it is judging", async || {
        service.get(&format!("/api/v1/submissions/{id}")).await.json()["state"] == "judging"
    })
    .await;
    let told = service.get(&path).await.json();
    assert_eq!(json!([told["queued"], told["judging"], told["finished"]]), json!([1, 1, 0]));
}

#[tokio::test]
async fn what_is_no_batch_is_refused_as_a_whole() {
    let service = Service::with(|config| config.api.max_batch = 2).await;
    let entry = json!({"language": "go", "source": ""});
    let large = json!({"common": {"source": "x".repeat(300 << 10)}, "submissions": [{"language": "go"}]});
    for (body, code, field) in [
        (json!([]), "invalid_field", json!("submissions")),
        (json!({"submissions": []}), "invalid_field", json!("submissions")),
        (json!({"common": {}}), "invalid_field", json!("submissions")),
        (json!({"submissions": 7}), "invalid_field", json!("submissions")),
        (json!({"submissions": [entry], "colour": 1}), "unknown_field", json!("colour")),
        (json!({"submissions": [entry], "common": {"colour": 1}}), "unknown_field", json!("common.colour")),
        (json!([entry, entry, entry]), "too_large", json!("submissions")),
        (large, "too_large", json!("common")),
        (json!("text"), "invalid_field", json!(null)),
    ] {
        let answer = service.post("/api/v1/batches", &body).await;
        assert_eq!(json!([answer.code(), answer.error()["field"]]), json!([code, field]), "{}", answer.text);
    }
    for (text, code) in [
        (String::new(), "invalid_field"),
        (format!("{entry}\n{entry}\n{entry}\n"), "too_large"),
        (format!("{}\n{entry}", json!({"common": {}, "x": 1})), "unknown_field"),
    ] {
        assert_eq!(lines(&service, text).await.code(), code);
    }
    let request = service.client.post(service.url("/api/v1/batches")).body("x");
    let answer = Answer::read(request.header("content-type", "text/csv").send().await.unwrap()).await;
    assert_eq!(answer.code(), "unsupported_media_type");
    assert_eq!(service.get("/api/v1/submissions").await.json()["submissions"], json!([]));
    for path in ["/api/v1/batches/0198c3a4-0000-7000-8000-000000000000", "/api/v1/batches/x"] {
        for answer in [
            service.get(path).await,
            service.get(&format!("{path}/results")).await,
            service.delete(path).await,
        ] {
            assert!([StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST].contains(&answer.status));
        }
    }
}

/// The client leaves in the middle: nothing of the batch is there, nor ever judged.
#[tokio::test]
async fn a_batch_that_breaks_off_is_none() {
    let service = Service::start().await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = "POST /api/v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n\
                Idempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let line = format!("{}\n", json!({"language": "go", "source": "x"}));
    let text = line.repeat(600);
    stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await.unwrap();
    let again = async || {
        let request = service.client.post(service.url("/api/v1/batches")).header("idempotency-key", "k");
        let request = request.header("content-type", "application/x-ndjson").body(line.clone());
        Answer::read(request.send().await.unwrap()).await
    };
    // Not by `again`, which would be the first where the stream has not begun.
    until("it is being received", async || service.store.count_unfinished().await.unwrap() > 0).await;
    let early = again().await;
    assert_eq!((early.code().as_str(), early.header("retry-after")), ("key_reused", "2"));
    drop(stream);
    until("it is forgotten", async || again().await.status == StatusCode::ACCEPTED).await;
    let listed = service.get("/api/v1/submissions?limit=1000").await.json();
    assert_eq!(listed["submissions"].as_array().unwrap().len(), 1);
    until("it is handed over", async || service.dispatcher.published.load(Ordering::SeqCst) > 0).await;
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn while_the_store_is_down_no_batch_is_taken() {
    let service = Service::start().await;
    service.store.down.store(true, Ordering::SeqCst);
    let answer = service.post("/api/v1/batches", &json!([{"language": "go", "source": ""}])).await;
    assert_eq!((answer.code().as_str(), answer.header("retry-after")), ("unavailable", "2"));
}

/// As a client with `Expect` does, and one that sends an empty body without saying how it is encoded.
#[tokio::test]
async fn a_refused_stream_is_answered_while_it_is_sent() {
    let service = Service::with(|config| config.api.max_batch = 1).await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let line = format!("{}\n", json!({"language": "go", "source": "x"}));
    let text = line.repeat(100_000);
    let head = format!(
        "POST /api/v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    within("an answer", stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
