//! The door for clients of Jobe: each rule of its contract.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gavel_model::{Captured, Lane, Payload, Submission, Verdict, Work};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_case::test_case;

use crate::kit::worker::{compile_error, echo, verdict};
use crate::kit::{Answer, Service};

const BASE: &str = "/jobe/index.php/restapi";

fn spec(more: Value) -> Value {
    let mut spec = json!({"language_id": "python3", "sourcecode": "print(input())"});
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "run_spec": spec })
}

async fn run(service: &Service, body: &Value) -> Answer {
    service.post(&format!("{BASE}/runs"), body).await
}

async fn put(service: &Service, id: &str, body: Value) -> Answer {
    let request = service.client.put(service.url(&format!("{BASE}/files/{id}"))).json(&body);
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_program_is_run_and_told() {
    let service = Service::start().await;
    service.worker(echo);
    for path in ["/jobe/index.php/restapi/runs", "/jobe/index.php/restapi/runs/", "/restapi/runs"] {
        let answer = service.post(path, &spec(json!({"input": "7\n"}))).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let told = answer.json();
        assert_eq!((&told["outcome"], &told["stdout"]), (&json!(15), &json!("7\n")));
        assert_eq!((&told["stderr"], &told["cmpinfo"]), (&json!(""), &json!("")));
        assert!(told["run_id"].is_string());
    }
}

#[tokio::test]
async fn languages_are_pairs_of_name_and_version() {
    let service = Service::start().await;
    let told = service.get(&format!("{BASE}/languages")).await.json();
    assert_eq!(told, json!([["cpp", "14.2.0"], ["python3", "3.13.5"]]));
}

#[tokio::test]
async fn the_intake_is_asked_for_what_the_spec_says() {
    let service = Service::with(|config| config.api.max_wait = std::time::Duration::from_millis(300)).await;
    let asked = async |body: Value| {
        let (answer, taken) = tokio::join!(run(&service, &body), service.take(Lane::Practice));
        assert_eq!(answer.json()["outcome"], 21, "nobody judges it in time: {}", answer.text);
        taken
    };
    let plain: Submission = asked(spec(json!({"language_id": "CPP"}))).await;
    assert_eq!((plain.language.as_str(), plain.files[0].name.as_str()), ("cpp", "prog.cpp"));
    assert_eq!(plain.compiler_options, ["-g"], "what Jobe tells the compiler by default");
    let limits = plain.limits;
    assert_eq!(
        (limits.cpu_ms, limits.wall_ms, limits.memory_mb, limits.output_kb),
        (5_000, 10_000, 400, 2_048)
    );
    assert_eq!(plain.address_space_mb, Some(400), "malloc fails beyond it");
    let unbounded = asked(spec(json!({"language_id": "cpp", "parameters": {"memorylimit": 0}}))).await;
    assert_eq!(unbounded.address_space_mb, None);
    assert_eq!(asked(spec(json!({}))).await.address_space_mb, None, "python");
    let stated = asked(spec(json!({
        "language_id": "cpp", "sourcefilename": "__tester__.cpp", "input": "1\n",
        "parameters": {"compileargs": ["-O0"], "runargs": ["a b"], "cputime": 2, "memorylimit": 100, "numprocs": 9},
    })))
    .await;
    assert_eq!(stated.files[0].name.as_str(), "__tester__.cpp");
    assert_eq!((stated.compiler_options, stated.args), (vec!["-O0".to_owned()], vec!["a b".to_owned()]));
    assert_eq!((stated.limits.cpu_ms, stated.limits.memory_mb, stated.limits.processes), (2_000, 100, 9));
    let Work::Run { stdin, .. } = stated.work else { panic!() };
    assert_eq!(stdin, Payload::Text("1\n".to_owned()));
}

/// What Moodle's `CodeRunner` does with a question that has files.
#[tokio::test]
async fn files_are_missing_then_sent_then_used() {
    let service = Service::start().await;
    service.worker(|submission| {
        let mut result = verdict(submission, Verdict::Ac);
        let told: Vec<_> =
            submission.files.iter().map(|file| format!("{} {:?}\n", file.name, file.content)).collect();
        let told = told.concat();
        result.tests[0].stdout = Some(Captured::new(told.as_bytes(), told.len() as u64));
        result.tests[0].stderr = Some(Captured::default());
        result
    });
    let id = "0123456789abcdef0123456789abcdef";
    let body = spec(json!({"file_list": [[id, "data.txt", false]]}));
    let missing = run(&service, &body).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.json(), "One or more of the specified files is missing/unavailable");
    let head = async || {
        let path = service.url(&format!("{BASE}/files/{id}"));
        service.client.request(Method::HEAD, path).send().await.unwrap().status()
    };
    assert_eq!(head().await, StatusCode::NOT_FOUND);
    let sent = put(&service, id, json!({"file_contents": STANDARD.encode("1 2 3")})).await;
    assert_eq!((sent.status, sent.text.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(head().await, StatusCode::NO_CONTENT);
    let told = run(&service, &body).await.json();
    assert_eq!(told["outcome"], 15);
    assert!(told["stdout"].as_str().unwrap().contains("data.txt Text(\"1 2 3\")"), "{told}");
}

#[test_case("short", json!({"file_contents": ""}), "put: the id short is not 8 or more letters and digits")]
#[test_case("longenough", json!({}), "put: missing file_contents parameter")]
#[test_case("longenough", json!({"file_contents": "*"}), "put: contents of file longenough are not valid base-64")]
#[tokio::test]
async fn a_file_that_cannot_be_kept_is_refused(id: &str, body: Value, text: &str) {
    let answer = put(&Service::start().await, id, body).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::BAD_REQUEST, json!(text)));
}

#[test_case(json!({"x": 1}) => "No run_spec attribute found in post data")]
#[test_case(json!({"run_spec": {"language_id": "cpp"}}) => "run_spec is missing the required attribute 'sourcecode'")]
#[test_case(json!({"run_spec": {"sourcecode": ""}}) => "run_spec is missing the required attribute 'language_id'")]
#[test_case(spec(json!({"language_id": "cobol"})) => "Language 'cobol' is not known")]
#[test_case(spec(json!({"sourcefilename": "a/b.py"})) => "The sourcefilename for the run_spec is illegal")]
#[test_case(spec(json!({"sourcefilename": "-x.py"})) => "The sourcefilename for the run_spec is illegal"; "a dash")]
#[test_case(spec(json!({"file_list": [["x", "a"]]})) => r#"Invalid file specifier: ["x","a"]"#)]
#[test_case(spec(json!({"file_list": [["01234567", "../a"]]})) => r#"Invalid file specifier: ["01234567","../a"]"#; "a path")]
#[test_case(spec(json!({"parameters": {"cputime": 121}})) => "cputime exceeds maximum allowed on this Jobe server (30 secs)")]
#[test_case(spec(json!({"parameters": {"runargs": "x"}})) => "parameter runargs must be a list of strings")]
#[test_case(spec(json!({"parameters": {"interpreterargs": ["-c"]}})) => "parameter interpreterargs is not supported")]
#[tokio::test]
async fn what_is_wrong_is_a_text_in_json(body: Value) -> String {
    let answer = run(&Service::start().await, &body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    answer.json().as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_no_json_and_options_that_are_not_listed_are_refused() {
    let service = Service::start().await;
    let request = service.client.post(service.url(&format!("{BASE}/runs"))).body("x");
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::BAD_REQUEST, json!("Non-JSON post data received"))
    );
    let body = spec(json!({"language_id": "cpp", "parameters": {"compileargs": ["-fplugin=x"]}}));
    let answer = run(&service, &body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.json().as_str().unwrap().contains("-fplugin=x"), "{}", answer.text);
}

#[tokio::test]
async fn a_compile_error_is_told_and_nothing_was_run() {
    let service = Service::start().await;
    service.worker(|submission| compile_error(submission, "prog.cpp:1: error"));
    let told = run(&service, &spec(json!({}))).await.json();
    assert_eq!((&told["outcome"], &told["cmpinfo"]), (&json!(11), &json!("prog.cpp:1: error")));
}

#[tokio::test]
async fn keys_stand_in_jobes_header() {
    let service = Service::with(|config| config.api.keys = vec!["the-key-of-a-moodle".into()]).await;
    let ask = async |header: &str, key: &str| {
        let request = service.client.get(service.url(&format!("{BASE}/languages"))).header(header, key);
        let answer = Answer::read(request.send().await.unwrap()).await;
        (answer.status.as_u16(), answer.json())
    };
    assert_eq!(ask("X-API-KEY", "the-key-of-a-moodle").await.0, 200);
    assert_eq!(ask("X-API-KEY", "wrong").await, (403, json!("Unknown API key")));
    assert_eq!(ask("x-other", "").await, (403, json!("Missing API key")));
}

#[tokio::test]
async fn options_are_answered_with_nothing() {
    let service = Service::start().await;
    for path in ["languages", "runs", "files/01234567"] {
        let request = service.client.request(Method::OPTIONS, service.url(&format!("{BASE}/{path}")));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT, "{path}");
    }
}
