//! docs/API.md says what is so.

use std::path::Path;

use gavel_broker::{Settlement, WorkSource as _};
use gavel_model::{Heartbeat, JudgingEvent, JudgingStep, Lane, Verdict};
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::packages::{MODERN, REMOVED, with, zip};
use crate::kit::sse::{Events, Sent, parse_all};
use crate::kit::worker::{echo, heartbeat};
use crate::kit::{Answer, Service, until, within};

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/API.md")).unwrap()
}

/// A call of the page, with the answer printed after it.
struct Example {
    method: Method,
    path: String,
    body: Option<Vec<u8>>,
    answer: Option<Value>,
}

/// Every fenced block as (language, text).
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut parts = page.split("```").skip(1).step_by(2);
    parts
        .by_ref()
        .map(|block| block.split_once('\n').unwrap())
        .map(|(l, t)| (l.to_owned(), t.to_owned()))
        .collect()
}

fn examples(page: &str) -> Vec<Example> {
    let blocks = blocks(page);
    let calls = blocks.iter().enumerate().filter(|(_, (language, _))| language == "sh");
    calls
        .map(|(k, (_, call))| {
            let url = call.split("localhost:3000").nth(1).unwrap();
            let path = url.split(['\'', ' ', '\n']).next().unwrap().to_owned();
            let text = call.split_once("-d '").map(|(_, rest)| rest.rsplit_once('\'').unwrap().0.as_bytes());
            let file = call.split_once("--data-binary @").map(|(_, name)| package(name.trim()));
            let body = text.map(<[u8]>::to_vec).or(file);
            let method = call.split_once("-X ").map(|(_, rest)| rest.split(' ').next().unwrap());
            let method = method.map(|name| name.parse().unwrap());
            let method = method.unwrap_or(if body.is_some() { Method::POST } else { Method::GET });
            let answer = blocks
                .get(k + 1)
                .filter(|(language, _)| language == "json")
                .map(|(_, text)| serde_json::from_str(text).unwrap());
            Example { method, path, body, answer }
        })
        .collect()
}

/// The packages that the page uploads.
fn package(name: &str) -> Vec<u8> {
    const MISTAKES: &[(&str, &str)] = &[
        (
            "problem.yaml",
            "problem_format_version: 2025-09\nname: Sum\nuuid: x\nlimits:\n  time_limit: 1\ncolour: red\n",
        ),
        ("data/secret/1.ans", REMOVED),
    ];
    match name {
        "sum.zip" => zip(MODERN),
        "bad.zip" => zip(&with(MODERN, MISTAKES)),
        _ => panic!("{name} is not explained"),
    }
}

/// Fields and their nesting, without values.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, inner)| (key.clone(), form(inner))).collect(),
        Value::Array(list) if list.first().is_some_and(Value::is_object) => {
            Value::Array(vec![form(&list[0])])
        }
        _ => Value::Null,
    }
}

/// Lets a submission die, and gives its letter's id.
async fn a_dead_letter(service: &Service) -> String {
    let body = json!({"language": "cpp", "source": ""});
    let path = service.post("/api/v1/submissions", &body).await.header("location").to_owned();
    let mut work = service.broker.submissions(Lane::Practice, 1);
    let delivery = within("it is delivered", work.recv()).await.unwrap();
    delivery.settle(Settlement::Dead).await;
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "JE");
    service.get("/api/v1/dead").await.json()["letters"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_example_is_answered_in_the_form_that_is_printed() {
    let service = Service::start().await;
    let letter = a_dead_letter(&service).await;
    service.worker(echo);
    let languages = ["cpp", "python"].map(str::to_owned).to_vec();
    let worker = Heartbeat { languages, ..heartbeat("worker-1", false) };
    service.broker.send_heartbeat(&worker).await.unwrap();
    until("the worker is known", async || service.get("/api/v1/workers").await.text.contains("worker-1"))
        .await;
    let examples = examples(&page());
    assert!(examples.len() >= 7, "{} examples", examples.len());
    let mut id = String::new();
    for Example { method, path, body, answer: printed } in examples {
        let path = path.replace("ID", &id).replace("LETTER", &letter);
        let announced = if method == Method::PUT { "application/zip" } else { "application/json" };
        if method == Method::GET && path.starts_with("/api/v1/batches/") {
            let batch = path.split('/').take(5).collect::<Vec<_>>().join("/");
            until("it is judged", async || service.get(&batch).await.json()["state"] == "done").await;
        }
        let request = service.client.request(method, service.url(&path)).header("content-type", announced);
        let answer = Answer::read(request.body(body.unwrap_or_default()).send().await.unwrap()).await;
        if answer.header("content-type") == "text/event-stream" {
            // What is sent of a submission that is not done yet: `the_events_of_the_page_are_those_that_are_sent`.
            let first = if path.contains("/batches/") { "event: batch\n" } else { "event: result\n" };
            assert!(answer.text.starts_with(first), "{}", answer.text);
            continue;
        }
        if answer.header("content-type") == "application/x-ndjson" {
            assert!(
                answer.text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()),
                "{}",
                answer.text
            );
            continue;
        }
        if let Some((_, made)) = answer.header("location").rsplit_once('/') {
            made.clone_into(&mut id);
        }
        let json = if answer.text.is_empty() { Value::Null } else { answer.json() };
        if let Some(printed) = printed {
            assert_eq!(form(&json), form(&printed), "{path}");
            assert_eq!(json.get("error").is_some_and(Value::is_object), !answer.status.is_success());
            if json.get("error").is_some_and(Value::is_object) || path == "/run" {
                assert_eq!(json, printed, "{path}");
            }
        } else {
            assert!(answer.status.is_success(), "{path}: {json}");
        }
        if json["state"].is_string()
            && let Some(told) = json["id"].as_str()
        {
            told.clone_into(&mut id);
        }
    }
}

#[tokio::test]
async fn the_events_of_the_page_are_those_that_are_sent() {
    let service = Service::start().await;
    let page = page();
    let (_, printed) = blocks(&page).into_iter().find(|(language, _)| language == "text").unwrap();
    let whole = printed.replace(r#"{"state":"done", ...}"#, "{}");
    let printed = parse_all(&whole);
    let body = json!({"language": "cpp", "source": ""});
    let path = service.post("/api/v1/submissions", &body).await.header("location").to_owned();
    let submission = service.take(Lane::Practice).await;
    let mut events = Events::of(&service, &path, None).await;
    let name = "sample/1".to_owned();
    let test = JudgingStep::Test { test: 1, of: 2, name, verdict: Verdict::Ac };
    for (number, step) in (1..).zip([JudgingStep::Compiling, JudgingStep::Judging { tests: 2 }, test]) {
        let (id, worker) = (submission.id, "worker-1".to_owned());
        service.broker.send_event(&JudgingEvent { id, attempt: 1, number, worker, step }).await.unwrap();
    }
    for expected in printed {
        let Sent::Event { name, id, data } = expected else { panic!("a comment on the page") };
        if name == "result" {
            service.broker.publish_result(&echo(&submission)).await.unwrap();
        }
        let sent = events.expect(&name).await;
        assert_eq!(sent.0, id, "{name}");
        match name.as_str() {
            "state" => assert_eq!(form(&sent.1), form(&data)),
            "result" => assert_eq!(sent.1, service.get(&path).await.json()),
            _ => assert_eq!(sent.1, data),
        }
    }
}

#[test]
fn every_call_and_every_error_code_is_on_the_page() {
    let page = page();
    let described = serde_json::to_value(gavel_api::openapi()).unwrap();
    for path in described["paths"].as_object().unwrap().keys() {
        assert!(page.contains(path), "{path} is not on the page");
    }
    let schemas = described["components"]["schemas"].as_object().unwrap();
    let mut codes = Vec::new();
    strings(&schemas["ErrorCode"], &mut codes);
    assert!(codes.len() >= 15, "{codes:?}");
    for code in codes {
        assert!(page.contains(&format!("| `{code}` |")), "{code} is not in the table of errors");
    }
}

/// The values of an enum's schema, however it is written.
fn strings(schema: &Value, found: &mut Vec<String>) {
    if let Some(word) = schema["const"].as_str() {
        found.push(word.to_owned());
    }
    for list in [&schema["enum"], &schema["oneOf"]] {
        for entry in list.as_array().into_iter().flatten() {
            match entry.as_str() {
                Some(word) => found.push(word.to_owned()),
                None => strings(entry, found),
            }
        }
    }
}
