//! Submissions that are judged again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use gavel_api::auth::{Owner, Scopes, issue};
use gavel_api::store::Store as _;
use gavel_broker::WorkSource as _;
use gavel_model::{JudgeResult, Lane, Submission, Verdict, Work};
use gavel_testkit::{Does, PostgresDatabase, Receiver};
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::kit::packages::{MODERN, variant, zip};
use crate::kit::worker::verdict;
use crate::kit::{Answer, Service, until};
use crate::store::postgres_settings;

const REJUDGES: &str = "/api/v1/rejudges";

/// As the source says, once it is judged again: "AC", or "WA then AC".
fn as_told(submission: &Submission) -> JudgeResult {
    let text = serde_json::to_string(&submission.files).unwrap();
    let told = |word: &str| {
        let (first, then) = word.split_once('>').unwrap_or((word, word));
        if submission.lane == Lane::Rejudge { then.to_owned() } else { first.to_owned() }
    };
    let word = text.split('$').nth(1).unwrap();
    verdict(submission, told(word).parse().unwrap())
}

fn sources(words: &[&str]) -> Value {
    let entries: Vec<_> = words.iter().map(|word| json!({"source": format!("${word}$")})).collect();
    json!({"common": {"language": "go"}, "submissions": entries})
}

/// A batch of which everything is judged; its path and the ids of its submissions.
async fn judged(service: &Service, words: &[&str]) -> (String, Vec<String>) {
    let answer = service.post("/api/v1/batches", &sources(words)).await;
    let path = answer.header("location").to_owned();
    until("it is judged", async || service.get(&path).await.json()["state"] == "done").await;
    let ids = answer.json()["submissions"].as_array().unwrap().iter().map(|one| text(&one["id"])).collect();
    (path, ids)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Asks for a rejudge and waits until it is judged; its path and what is told of it.
async fn rejudged(service: &Service, body: &Value) -> (String, Value) {
    let answer = service.post(REJUDGES, body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let path = answer.header("location").to_owned();
    let told = service.get(&format!("{path}?wait=20")).await.json();
    assert_eq!(told["state"], "ready", "{told}");
    (path, told)
}

async fn results(service: &Service, path: &str) -> Vec<Value> {
    let answer = service.get(path).await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson", "{}", answer.text);
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn verdict_of(service: &Service, id: &str) -> Value {
    service.get(&format!("/api/v1/submissions/{id}")).await.json()["verdict"].clone()
}

#[tokio::test]
async fn a_rejudge_shows_what_it_would_change_and_then_changes_it() {
    let service = Service::start().await;
    service.worker(as_told);
    let (batch, ids) = judged(&service, &["WA>AC", "AC", "AC>TLE", "WA>AC"]).await;
    let answer = service.post(&format!("{batch}/rejudge"), &json!({})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let path = answer.header("location").to_owned();
    let told = service.get(&format!("{path}?wait=20")).await.json();
    assert_eq!(json!([told["state"], told["accepted"], told["changed"]]), json!(["ready", 4, 3]));
    assert_eq!(
        told["changes"],
        json!([
            {"old": "AC", "new": "AC", "count": 1},
            {"old": "AC", "new": "TLE", "count": 1},
            {"old": "WA", "new": "AC", "count": 2},
        ])
    );
    assert_eq!(told["verdicts"], json!({"AC": 3, "TLE": 1}));
    let lines = results(&service, &format!("{path}/results?changed=true")).await;
    let shown: Vec<_> = lines.iter().map(|line| json!([line["index"], line["submission"]])).collect();
    assert_eq!(shown, [json!([0, ids[0]]), json!([2, ids[2]]), json!([3, ids[3]])]);
    assert_eq!(lines[1]["old"]["verdict"], "AC");
    assert_eq!(lines[1]["new"]["verdict"], "TLE");
    // Nothing has changed, and copies are in no list.
    assert_eq!(verdict_of(&service, &ids[0]).await, "WA");
    assert_eq!(service.get(&batch).await.json()["verdicts"], json!({"AC": 2, "WA": 2}));
    let listed = service.get("/api/v1/submissions").await.json();
    assert_eq!(listed["submissions"].as_array().unwrap().len(), 4);
    let copy = service.get(&format!("/api/v1/submissions/{}", text(&lines[1]["copy"]))).await.json();
    assert_eq!(json!([copy["verdict"], copy["lane"]]), json!(["TLE", "rejudge"]), "each can be looked at");
    let as_batch = path.replace("rejudges", "batches");
    assert_eq!(service.get(&as_batch).await.code(), "unknown_batch");
    assert_eq!(service.get(&batch.replace("batches", "rejudges")).await.code(), "unknown_rejudge");

    let applied = service.post(&format!("{path}/apply"), &json!({})).await.json();
    assert_eq!(json!([applied["state"], applied["applied"], applied["changed"]]), json!(["applied", 4, 3]));
    assert_eq!(applied["changes"], told["changes"]);
    assert_eq!(service.post(&format!("{path}/apply"), &json!({})).await.json(), applied, "again is no error");
    assert_eq!(service.delete(&path).await.code(), "already_done");
    assert_eq!(service.get(&batch).await.json()["verdicts"], json!({"AC": 3, "TLE": 1}));
    let one = service.get(&format!("/api/v1/submissions/{}", ids[2])).await.json();
    assert_eq!(json!([one["id"], one["verdict"], one["lane"]]), json!([ids[2], "TLE", "practice"]));
    assert_eq!(results(&service, &format!("{batch}/results")).await[2]["verdict"], "TLE");
    let history = service.get(&format!("/api/v1/submissions/{}/history", ids[2])).await.json();
    let shown: Vec<_> = history["results"].as_array().unwrap().iter().collect();
    assert_eq!(shown.len(), 2);
    assert_eq!(json!([shown[0]["verdict"], shown[0]["rejudge"]]), json!(["AC", null]));
    assert_eq!(json!([shown[1]["verdict"], shown[1]["rejudge"]]), json!(["TLE", told["id"]]));
    assert!(shown[0]["replaced_at"].is_string() && shown[1]["replaced_at"].is_null());
    assert_eq!(service.metrics.results_replaced().get(), 4);
}

/// The worker's verdict is by the package: the first one has a wrong test.
#[tokio::test]
async fn a_mended_problem_is_what_a_rejudge_is_by_unless_it_is_told_otherwise() {
    let service = Service::start().await;
    let sha256 = |answer: &Answer| text(&answer.json()["sha256"]);
    let wrong = sha256(&service.put("sum", zip(MODERN)).await);
    let by_first = wrong.clone();
    service.worker(move |submission| {
        let Work::Problem { sha256, .. } = &submission.work else { panic!("not a problem") };
        verdict(submission, if sha256.to_string() == by_first { Verdict::Wa } else { Verdict::Ac })
    });
    let body = json!({"language": "python", "source": "x", "work": {"kind": "problem", "problem": "sum"}});
    let id = text(&service.post("/api/v1/submissions?wait=20", &body).await.json()["id"]);
    let mended = sha256(&service.put("sum", variant(MODERN, "10\n")).await);
    let later = text(&service.post("/api/v1/submissions?wait=20", &body).await.json()["id"]);
    let packages = async || {
        let history = service.get(&format!("/api/v1/submissions/{id}/history")).await.json();
        let of = |one: &Value| text(&one["problem_sha256"]);
        history["results"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let changes = |told: &Value| told["changes"].clone();

    // What was judged by the wrong version, by that version again.
    let (_, told) = rejudged(&service, &json!({"problem": format!("sum@{}", &wrong[..12])})).await;
    assert_eq!(changes(&told), json!([{"old": "WA", "new": "WA", "count": 1}]));
    assert_eq!(told["selection"]["package"], "same");
    // All of the problem, each by its own.
    let (_, told) = rejudged(&service, &json!({"problem": "sum", "package": "same"})).await;
    assert_eq!(
        changes(&told),
        json!([{"old": "AC", "new": "AC", "count": 1}, {"old": "WA", "new": "WA", "count": 1}])
    );
    // All of it by the newest.
    let (path, told) = rejudged(&service, &json!({"problem": "sum", "verdicts": ["WA", "TLE"]})).await;
    assert_eq!(changes(&told), json!([{"old": "WA", "new": "AC", "count": 1}]));
    assert_eq!(
        told["selection"],
        json!({
            "batch": null, "problem": "sum", "ids": null, "verdicts": ["WA", "TLE"], "language": null, "package": "newest",
        })
    );
    assert_eq!(packages().await, std::slice::from_ref(&wrong));
    service.post(&format!("{path}/apply"), &json!({})).await;
    assert_eq!(packages().await, [wrong.clone(), mended.clone()]);
    assert_eq!(verdict_of(&service, &id).await, "AC");
    // From now on it counts as judged by the mended one.
    let (_, told) = rejudged(&service, &json!({"problem": format!("sum@{mended}")})).await;
    assert_eq!(changes(&told), json!([{"old": "AC", "new": "AC", "count": 2}]));
    // A problem that is gone judges nothing.
    service.delete("/api/v1/problems/sum").await;
    let answer = service.post(REJUDGES, &json!({"ids": [id, later]})).await;
    let lines = results(&service, &format!("{}/results", answer.header("location"))).await;
    assert_eq!(json!([lines[0]["submission"], lines[0]["error"]["code"]]), json!([id, "unknown_problem"]));
    assert_eq!(answer.json()["refused"], 2);
}

#[tokio::test]
async fn what_cannot_be_judged_again_is_told_in_its_place() {
    let service = Service::start().await;
    let ids = async |count: usize| {
        let answer = service.post("/api/v1/batches", &sources(&vec!["WA>AC"; count])).await.json();
        answer["submissions"].as_array().unwrap().iter().map(|one| text(&one["id"])).collect::<Vec<_>>()
    };
    let mut ids = ids(3).await;
    let first = service.take(Lane::Practice).await;
    service.broker.publish_result(&as_told(&first)).await.unwrap();
    service.get(&format!("/api/v1/submissions/{}?wait=20", ids[0])).await;
    service.delete(&format!("/api/v1/submissions/{}", ids[1])).await;
    ids.push("0198c3a4-0000-7000-8000-000000000000".to_owned());
    ids.push(ids[0].clone());
    let answer = service.post(REJUDGES, &json!({ "ids": ids })).await;
    let told = answer.json();
    assert_eq!(json!([told["entries"], told["accepted"], told["refused"]]), json!([4, 1, 3]), "each once");
    let lines = results(&service, &format!("{}/results", answer.header("location"))).await;
    let shown: Vec<_> = lines.iter().map(|line| json!([line["submission"], line["error"]["code"]])).collect();
    assert_eq!(
        json!(shown),
        json!([[ids[0], null], [ids[1], "not_done"], [ids[2], "not_done"], [ids[3], "unknown_submission"]])
    );
    let copy = service.take(Lane::Rejudge).await;
    assert_ne!(copy.id, first.id);
    assert_eq!(
        (copy.files, copy.limits, copy.work),
        (first.files, first.limits, first.work),
        "the same program"
    );
    let again = service.post(REJUDGES, &json!({"ids": [copy.id]})).await.json();
    assert_eq!(again["refused"], 1, "a copy is nobody's submission");
}

#[tokio::test]
async fn what_is_no_selection_is_refused() {
    let service = Service::with(|config| config.api.max_batch = 2).await;
    service.worker(as_told);
    for _ in 0..2 {
        judged(&service, &["AC", "WA"]).await;
    }
    let id = "0198c3a4-0000-7000-8000-000000000000";
    for (body, code, field) in [
        (json!({}), "invalid_field", json!(null)),
        (json!({"package": "newest"}), "invalid_field", json!(null)),
        (json!({"ids": [id], "language": "go"}), "invalid_field", json!("ids")),
        (json!({"ids": ["x"]}), "invalid_field", json!("ids[0]")),
        (json!({"ids": [id, id, id]}), "too_large", json!("ids")),
        (json!({"batch": "x"}), "invalid_field", json!("batch")),
        (json!({"batch": id}), "unknown_batch", json!(null)),
        (json!({"problem": "No such"}), "invalid_field", json!("problem")),
        (json!({"problem": "sum@12"}), "invalid_field", json!("problem")),
        (json!({"verdicts": ["XX"]}), "invalid_field", json!("verdicts[0]")),
        (json!({"verdicts": []}), "invalid_field", json!("verdicts")),
        (json!({"language": "cobol"}), "unknown_language", json!("language")),
        (json!({"language": "go", "package": "old"}), "invalid_field", json!("package")),
        (json!({"language": "go", "colour": 1}), "unknown_field", json!("colour")),
        (json!({"language": "python"}), "nothing_selected", json!(null)),
        (json!({"problem": "none"}), "nothing_selected", json!(null)),
        (json!({"language": "go"}), "too_large", json!(null)),
    ] {
        let answer = service.post(REJUDGES, &body).await;
        assert_eq!(
            json!([answer.code(), answer.error()["field"]]),
            json!([code, field]),
            "{body} {}",
            answer.text
        );
    }
    for path in [format!("{REJUDGES}/{id}"), format!("{REJUDGES}/x")] {
        for answer in [
            service.get(&path).await,
            service.get(&format!("{path}/results")).await,
            service.post(&format!("{path}/apply"), &json!({})).await,
            service.delete(&path).await,
        ] {
            assert!([StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST].contains(&answer.status));
        }
    }
    assert_eq!(service.store.count_unfinished().await.unwrap(), 0, "nothing is left of any");
}

#[tokio::test]
async fn a_judge_error_of_ours_replaces_no_verdict() {
    let service = Service::start().await;
    service.worker(as_told);
    let (batch, ids) = judged(&service, &["WA>JE", "WA>AC"]).await;
    let (path, told) = rejudged(&service, &json!({ "ids": ids })).await;
    assert_eq!(json!([told["changed"], told["verdicts"]]), json!([1, {"AC": 1, "JE": 1}]));
    let refused = service.post(&format!("{path}/apply"), &json!({})).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "rejudge_incomplete"));
    assert_eq!(service.get(&batch).await.json()["verdicts"], json!({"WA": 2}));
    let applied = service.post(&format!("{path}/apply"), &json!({"partial": true})).await.json();
    assert_eq!(json!([applied["state"], applied["applied"]]), json!(["applied", 1]));
    assert_eq!(service.get(&batch).await.json()["verdicts"], json!({"AC": 1, "WA": 1}));
}

#[tokio::test]
async fn what_is_judged_by_now_can_be_applied_and_the_rest_is_canceled() {
    let service = Service::start().await;
    let answer = service.post("/api/v1/batches", &sources(&["WA>AC", "WA>AC"])).await;
    let batch = answer.header("location").to_owned();
    for _ in 0..2 {
        let one = service.take(Lane::Practice).await;
        service.broker.publish_result(&as_told(&one)).await.unwrap();
    }
    until("both are judged", async || service.get(&batch).await.json()["state"] == "done").await;
    let path = service.post(&format!("{batch}/rejudge"), &json!({})).await.header("location").to_owned();
    let copy = service.take(Lane::Rejudge).await;
    service.broker.publish_result(&as_told(&copy)).await.unwrap();
    until("one is judged", async || service.get(&path).await.json()["finished"] == 1).await;
    let waited = service.get(&format!("{path}?wait=0.3")).await.json();
    assert_eq!(waited["state"], "judging");
    assert_eq!(service.post(&format!("{path}/apply"), &json!({})).await.code(), "rejudge_incomplete");
    let applied = service.post(&format!("{path}/apply"), &json!({"partial": true})).await.json();
    assert_eq!(
        json!([applied["state"], applied["applied"], applied["verdicts"]]),
        json!(["applied", 1, {"AC": 1, "CANCELED": 1}])
    );
    assert_eq!(service.get(&batch).await.json()["verdicts"], json!({"AC": 1, "WA": 1}));
    assert_eq!(service.store.count_unfinished().await.unwrap(), 0);
}

#[tokio::test]
async fn a_canceled_rejudge_is_judged_no_further_and_never_counts() {
    let service = Service::start().await;
    let answer = service.post("/api/v1/submissions", &json!({"language": "go", "source": "$WA>AC$"})).await;
    let submission = service.take(Lane::Practice).await;
    service.broker.publish_result(&as_told(&submission)).await.unwrap();
    service.get(&format!("{}?wait=20", answer.header("location"))).await;
    let path = service.post(REJUDGES, &json!({"ids": [submission.id]})).await.header("location").to_owned();
    let copy = service.take(Lane::Rejudge).await;
    let told = service.delete(&path).await.json();
    assert_eq!(json!([told["state"], told["verdicts"]]), json!(["canceled", {"CANCELED": 1}]));
    assert_eq!(service.delete(&path).await.json(), told, "again is no error");
    service.broker.publish_result(&as_told(&copy)).await.unwrap();
    until("it is dropped", async || service.metrics.results_canceled().get() == 1).await;
    let refused = service.post(&format!("{path}/apply"), &json!({"partial": true})).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "already_done"));
    assert_eq!(verdict_of(&service, &submission.id.to_string()).await, "WA");
}

#[tokio::test]
async fn whoever_was_called_is_called_again_where_the_verdict_changed() {
    let service = Service::with(|config| config.webhooks.allow_private = true).await;
    service.worker(as_told);
    let mut receiver = Receiver::that(&[Does::Answer(200)]).await;
    let submit = async |word: &str| {
        let body = json!({"language": "go", "source": format!("${word}$"), "callback_url": receiver.url});
        text(&service.post("/api/v1/submissions?wait=20", &body).await.json()["id"])
    };
    let ids = [submit("WA>AC").await, submit("WA").await];
    for _ in &ids {
        receiver.call().await;
    }
    let (path, _) = rejudged(&service, &json!({ "ids": ids })).await;
    let calls = async |state: &str| {
        let listed = service.get(&format!("/api/v1/webhooks?state={state}")).await.json();
        listed["webhooks"].as_array().unwrap().len()
    };
    assert_eq!((calls("waiting").await, calls("delivered").await), (0, 2), "none for a copy");
    service.post(&format!("{path}/apply"), &json!({})).await;
    let told = receiver.call().await.json();
    assert_eq!(json!([told["submission"]["id"], told["submission"]["verdict"]]), json!([ids[0], "AC"]));
    until("it is noted", async || calls("delivered").await == 3).await;
    assert_eq!(calls("waiting").await, 0, "the other one is as it was told");
}

#[tokio::test]
async fn a_rejudge_that_is_asked_for_twice_is_one() {
    let service = Service::start().await;
    service.worker(as_told);
    let (batch, ids) = judged(&service, &["WA>AC"]).await;
    let send = async |path: &str, body: Value| {
        let request = service.client.post(service.url(path)).header("idempotency-key", "k").json(&body);
        Answer::read(request.send().await.unwrap()).await
    };
    let first = send(REJUDGES, json!({ "ids": ids })).await;
    let again = send(REJUDGES, json!({ "ids": ids })).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::ACCEPTED, first.header("location")));
    assert_eq!(send(REJUDGES, json!({"language": "go"})).await.code(), "key_reused");
    assert_eq!(send(&format!("{batch}/rejudge"), json!({})).await.code(), "key_reused");
    until("it is judged", async || service.store.count_unfinished().await.unwrap() == 0).await;
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn one_rejudges_ones_own_and_an_admin_everything() {
    let service = Service::with(|config| config.api.keys = vec!["the-key-of-the-settings".into()]).await;
    service.worker(as_told);
    let key = async |owner: &str, scopes: &str| {
        let (owner, scopes): (Owner, Scopes) = (owner.parse().unwrap(), scopes.parse().unwrap());
        let issued = issue(owner, scopes, Timestamp::now());
        service.store.insert_key(&issued.stored).await.unwrap();
        issued.secret.expose_secret().to_owned()
    };
    let (a, b) = (key("a", "submit,read").await, key("b", "submit,read").await);
    let root = "the-key-of-the-settings".to_owned();
    let call = async |key: &str, method: Method, path: &str, body: Value| {
        let request = service.client.request(method, service.url(path)).bearer_auth(key).json(&body);
        Answer::read(request.send().await.unwrap()).await
    };
    let body = json!({"language": "go", "source": "$WA>AC$"});
    let submit = async |key: &str| {
        text(&call(key, Method::POST, "/api/v1/submissions?wait=20", body.clone()).await.json()["id"])
    };
    let (of_a, of_b) = (submit(&a).await, submit(&b).await);
    let all = json!({"language": "go"});
    let rejudge = call(&a, Method::POST, REJUDGES, all.clone()).await;
    assert_eq!(rejudge.json()["entries"], 1, "only one's own");
    let foreign = call(&a, Method::POST, REJUDGES, json!({"ids": [of_a, of_b]})).await;
    assert_eq!(json!([foreign.json()["accepted"], foreign.json()["refused"]]), json!([1, 1]));
    let path = rejudge.header("location").to_owned();
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::GET, format!("{path}/results")),
        (Method::POST, format!("{path}/apply")),
        (Method::DELETE, path.clone()),
    ] {
        assert_eq!(call(&b, method, &path, json!({})).await.status, StatusCode::NOT_FOUND);
    }
    let of_all = call(&root, Method::POST, REJUDGES, all).await;
    assert_eq!(of_all.json()["entries"], 2);
    let waits = format!("{}?wait=20", of_all.header("location"));
    assert_eq!(call(&root, Method::GET, &waits, json!({})).await.json()["changed"], 2);
    call(&root, Method::POST, &format!("{}/apply", of_all.header("location")), json!({})).await;
    let history = call(&b, Method::GET, &format!("/api/v1/submissions/{of_b}/history"), json!({})).await;
    assert_eq!(history.json()["results"][1]["verdict"], "AC");
    assert_eq!(
        call(&a, Method::GET, &format!("/api/v1/submissions/{of_b}/history"), json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    let copy = call(&root, Method::GET, &format!("{}/results", of_all.header("location")), json!({})).await;
    let copy: Value = serde_json::from_str(copy.text.lines().nth(1).unwrap()).unwrap();
    let copy = format!("/api/v1/submissions/{}", text(&copy["copy"]));
    assert_eq!(
        call(&b, Method::GET, &copy, json!({})).await.status,
        StatusCode::NOT_FOUND,
        "the asker's alone"
    );
}

/// How much memory this process has, in MiB (`VmRSS`, proc(5)).
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// Prints what a large rejudge costs beside its judging.
async fn ten_thousand(service: &Service) {
    const MANY: u64 = 10_000;
    let worker = |submission: &Submission| {
        verdict(submission, if submission.lane == Lane::Rejudge { Verdict::Ac } else { Verdict::Wa })
    };
    service.worker(worker);
    let entries: Vec<_> = (0..MANY).map(|k| json!({"source": format!("print({k})")})).collect();
    let body = json!({"common": {"language": "python"}, "submissions": entries});
    let batch = service.post("/api/v1/batches", &body).await.header("location").to_owned();
    let judged = async || service.get(&batch).await.json()["state"] == "done";
    while !judged().await {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (before, begin) = (memory(), Instant::now());
    let answer = service.post(&format!("{batch}/rejudge"), &json!({})).await;
    let accepted = begin.elapsed();
    let path = answer.header("location").to_owned();
    let (mut most, mut handed_over) = (memory(), 0.0_f64);
    let told = loop {
        let told = service.get(&format!("{path}?wait=0.2")).await.json();
        most = most.max(memory());
        handed_over = handed_over.max(service.metrics.handed_over_unfinished(Lane::Rejudge).get());
        if told["state"] == "ready" {
            break told;
        }
    };
    let (all, begin) = (begin.elapsed(), Instant::now());
    service.get(&path).await;
    let (shown, begin) = (begin.elapsed(), Instant::now());
    let applied = service.post(&format!("{path}/apply"), &json!({})).await.json();
    let apply = begin.elapsed();
    assert_eq!(json!([told["changed"], applied["applied"]]), json!([MANY, MANY]));
    assert_eq!(service.get(&batch).await.json()["verdicts"], json!({ "AC": MANY }));
    println!(
        "accepted in {accepted:.1?}, judged by {all:.1?}, shown in {shown:.1?}, applied in {apply:.1?}; memory {before} MiB, \
         {most} MiB at most; {handed_over} with the broker at most"
    );
}

#[tokio::test]
#[ignore = "prints what ten thousand cost"]
async fn ten_thousand_are_judged_again_over_sqlite() {
    ten_thousand(&Service::start().await).await;
}

#[tokio::test]
#[ignore = "prints what ten thousand cost"]
async fn ten_thousand_are_judged_again_over_postgres() {
    let database = PostgresDatabase::new().await;
    let folder = Arc::new(tempfile::tempdir().unwrap());
    ten_thousand(&Service::sharing(folder, &postgres_settings(&database), |_| {}).await).await;
}
