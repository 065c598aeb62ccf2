//! The door for clients of Piston: each rule of its contract.

use std::time::Duration;

use gavel_model::{Captured, Lane, LimitHit, Payload, Verdict, Work};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_case::test_case;

use crate::kit::worker::{compile_error, echo, verdict};
use crate::kit::{Answer, Service};

fn with(more: Value) -> Value {
    let mut body = json!({"language": "python", "version": "*", "files": [{"content": "print(input())"}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn execute(service: &Service, body: &Value) -> Answer {
    service.post("/api/v2/execute", body).await
}

#[tokio::test]
async fn a_program_is_run_at_every_path_and_whatever_the_body_is_announced_as() {
    let service = Service::start().await;
    service.worker(echo);
    for path in ["/api/v2/execute", "/piston/api/v2/execute", "/api/v2/piston/execute", "/api/v2/execute/"] {
        let request = service.client.post(service.url(path)).header("content-type", "text/plain");
        let body = with(json!({"stdin": "7"})).to_string();
        let answer = Answer::read(request.body(body).send().await.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let told = answer.json();
        assert_eq!((&told["language"], &told["version"]), (&json!("python"), &json!("3.13.5")));
        assert!(told.get("compile").is_none(), "not null either: {told}");
        let stage = json!({
            "signal": null, "stdout": "7\n", "stderr": "", "code": 0, "output": "7\n", "memory": 9 << 20,
            "message": null, "status": null, "cpu_time": 13, "wall_time": 14,
        });
        assert_eq!(told["run"], stage);
    }
}

#[tokio::test]
async fn the_intake_is_asked_for_what_the_body_says() {
    let service = Service::with(|config| config.api.max_wait = Duration::from_millis(300)).await;
    let body = json!({
        "language": "cpp", "version": "14.x", "stdin": "1\n", "args": ["a b", 2],
        "files": [
            {"name": "logo.png", "content": "/wBh", "encoding": "base64"},
            {"name": "data.bin", "content": "00ff", "encoding": "hex"},
            {"name": "", "content": "int main(){}", "encoding": "anything"},
            {"name": "lib/x.h", "content": "//"},
        ],
        "run_timeout": 1000, "run_cpu_time": 900, "run_memory_limit": 67_108_864, "compile_timeout": 5000, "unknown": 1,
    });
    let (answer, asked) = tokio::join!(execute(&service, &body), service.take(Lane::Practice));
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.json()["message"].as_str().unwrap().starts_with("Execution problem"), "nobody judges it");
    let names: Vec<_> = asked.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["main.cpp", "logo.png", "data.bin", "lib/x.h"], "the first text is the main file");
    assert_eq!(asked.files[1].content, Payload::Base64("/wBh".to_owned()));
    assert_eq!(asked.args, ["a b", "2"]);
    assert_eq!((asked.limits.wall_ms, asked.limits.cpu_ms, asked.limits.memory_mb), (1_000, 900, 64));
    let Work::Run { stdin, .. } = asked.work else { panic!() };
    assert_eq!(stdin, Payload::Text("1\n".to_owned()), "a line feed is added only where there is none");
}

#[tokio::test]
async fn stages_tell_how_they_ended() {
    let service = Service::start().await;
    service.worker(|submission| {
        let Work::Run { stdin: Payload::Text(asked), .. } = &submission.work else { panic!() };
        let mut result = verdict(submission, Verdict::Rte);
        let test = &mut result.tests[0];
        (test.stdout, test.stderr) = (Some(Captured::new(b"out\n", 4)), Some(Captured::new(b"err\n", 4)));
        match asked.trim_end() {
            "crash" => (test.signal, test.exit_code) = (Some(11), None),
            "slow" => test.limit = Some(LimitHit::Wall),
            "compile" => return compile_error(submission, "no such thing"),
            _ => test.exit_code = Some(3),
        }
        result
    });
    for (stdin, code, signal, status) in [
        ("exit", json!(3), Value::Null, json!("RE")),
        ("crash", json!(139), Value::Null, json!("RE")),
        ("slow", Value::Null, json!("SIGKILL"), json!("TO")),
    ] {
        let told = execute(&service, &with(json!({"stdin": stdin}))).await.json();
        assert_eq!((&told["run"]["code"], &told["run"]["signal"]), (&code, &signal), "{stdin}");
        assert_eq!(
            (&told["run"]["status"], &told["run"]["output"]),
            (&status, &json!("out\nerr\n")),
            "{stdin}"
        );
    }
    let body = with(json!({"language": "c++", "stdin": "compile"}));
    let told = execute(&service, &body).await.json();
    assert_eq!(told["compile"], told["run"], "the run is the failed compilation");
    assert_eq!((&told["compile"]["stderr"], &told["compile"]["code"]), (&json!("no such thing"), &json!(1)));
    let checked = execute(&service, &with(json!({"stdin": "compile"}))).await.json();
    assert!(checked.get("compile").is_none());
    assert_eq!((&checked["run"]["stderr"], &checked["run"]["code"]), (&json!("no such thing"), &json!(1)));
}

#[test_case(json!({"language": 7}) => "language is required as a string")]
#[test_case(json!({"language": "python"}) => "version is required as a string")]
#[test_case(json!({"language": "python", "version": "*"}) => "files is required as an array")]
#[test_case(with(json!({"files": [{"content": "x"}, {"name": "a"}]})) => "files[1].content is required as a string")]
#[test_case(with(json!({"files": []})) => "files must include at least one utf8 encoded file"; "no file")]
#[test_case(with(json!({"files": [{"content": "eA==", "encoding": "base64"}]})) => "files must include at least one utf8 encoded file"; "no text")]
#[test_case(with(json!({"language": "Python"})) => "Python-* runtime is unknown"; "letter case counts")]
#[test_case(with(json!({"version": "3.10.0"})) => "python-3.10.0 runtime is unknown")]
#[test_case(with(json!({"version": "latest"})) => "python-latest runtime is unknown")]
#[test_case(with(json!({"run_timeout": "1"})) => "If specified, run_timeout must be a number")]
#[test_case(with(json!({"run_timeout": 100_000})) => "run_timeout cannot exceed the configured limit of 61000")]
#[test_case(with(json!({"run_memory_limit": -2})) => "run_memory_limit must be non-negative")]
#[test_case(with(json!({"files": [{"content": "x"}, {"content": "*", "encoding": "base64"}]})) => "files[1].content is not base64")]
#[tokio::test]
async fn the_first_thing_that_is_wrong_is_told(body: Value) -> String {
    let answer = execute(&Service::start().await, &body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    let told = answer.json();
    assert_eq!(told.as_object().unwrap().len(), 1);
    told["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_no_json_and_what_leaves_its_folder_is_refused_as_piston_does() {
    let service = Service::start().await;
    let request = service.client.post(service.url("/api/v2/execute")).body("{");
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.json()["stack"].as_str().unwrap().starts_with("SyntaxError: "), "{}", answer.text);
    let outside = with(json!({"files": [{"name": "../x.py", "content": "x"}]}));
    let answer = execute(&service, &outside).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, ""));
    let nowhere = service.get("/api/v2/nowhere").await;
    assert_eq!((nowhere.status, nowhere.json()), (StatusCode::NOT_FOUND, json!({"message": "Not Found"})));
}

#[tokio::test]
async fn pinned_versions_find_what_there_is_where_the_operator_allows_it() {
    let service = Service::with(|config| config.api.piston.any_version = true).await;
    service.worker(echo);
    for version in ["3.10.0", "latest"] {
        let told = execute(&service, &with(json!({"version": version}))).await.json();
        assert_eq!(told["version"], "3.13.5", "{version}: the true one is told");
    }
    let unknown = execute(&service, &with(json!({"language": "cow"}))).await;
    assert_eq!(unknown.json(), json!({"message": "cow-* runtime is unknown"}));
}

#[tokio::test]
async fn runtimes_and_packages_are_what_is_installed() {
    let service = Service::start().await;
    for path in ["/api/v2/runtimes", "/piston/api/v2/runtimes", "/api/v2/piston/runtimes"] {
        let told = service.get(path).await.json();
        assert_eq!(told[0], json!({"language": "c++", "version": "14.2.0", "aliases": ["cpp"]}), "{path}");
        assert_eq!(told[1], json!({"language": "go", "version": "14.2.0", "aliases": []}));
        assert_eq!(told.as_array().unwrap().len(), 3);
    }
    let packages = service.get("/api/v2/packages").await.json();
    assert_eq!(packages[2], json!({"language": "python", "language_version": "3.13.5", "installed": true}));
    let ask = async |method: Method, version: &str| {
        let request = service.client.request(method, service.url("/api/v2/packages"));
        let request = request.json(&json!({"language": "python", "version": version}));
        let answer = Answer::read(request.send().await.unwrap()).await;
        (answer.status.as_u16(), answer.json()["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(ask(Method::POST, "3.13.5").await, (500, "Already installed".to_owned()));
    let missing = (404, "Requested package python-3.10.0 does not exist".to_owned());
    assert_eq!(ask(Method::POST, "3.10.0").await, missing);
    assert_eq!(ask(Method::DELETE, "3.10.0").await, missing);
    let stays = (500, "python-3.13.5 is part of this installation and stays".to_owned());
    assert_eq!(ask(Method::DELETE, "3.13.5").await, stays);
    assert_eq!(service.get("/piston").await.json(), json!({"message": "Piston v3.1.1"}));
}

#[tokio::test]
async fn a_bare_key_is_one() {
    let service = Service::with(|config| config.api.keys = vec!["the-key-of-an-ide".into()]).await;
    for (key, status) in [("the-key-of-an-ide", 200), ("wrong", 401)] {
        let request = service.client.get(service.url("/api/v2/runtimes")).header("authorization", key);
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{key}");
    }
}
