//! The door for clients of Judge0: each rule of its contract.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gavel_broker::WorkSource as _;
use gavel_model::{Captured, Checker, Lane, LimitHit, Payload, Verdict, Work};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_case::test_case;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::kit::worker::{compile_error, echo, heartbeat, verdict};
use crate::kit::{Answer, Service, until};

const PROGRAM: &str = "print(input())";

fn program() -> Value {
    json!({"source_code": PROGRAM, "language_id": 71})
}

fn with(more: Value) -> Value {
    let mut body = program();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn judged(service: &Service, body: &Value, query: &str) -> Value {
    let answer = service.post(&format!("/judge0/submissions?wait=true&{query}"), body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

async fn mistakes(service: &Service, body: &Value) -> Value {
    let answer = service.post("/judge0/submissions", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_submission_is_created_polled_and_told() {
    let service = Service::start().await;
    let created = service.post("/judge0/submissions?fields=stdout", &with(json!({"stdin": "7\n"}))).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let created = created.json();
    assert_eq!(created.as_object().unwrap().len(), 1, "nothing but the token: {created}");
    let path = format!("/judge0/submissions/{}", created["token"].as_str().unwrap());
    let queued = service.get(&path).await.json();
    assert_eq!(queued["status"], json!({"id": 1, "description": "In Queue"}));
    for name in ["stdout", "time", "memory", "stderr", "compile_output", "message"] {
        assert!(queued[name].is_null() && queued.get(name).is_some(), "{name}");
    }
    assert_eq!(queued.as_object().unwrap().len(), 8);
    service.worker(echo);
    until("it is judged", async || service.get(&path).await.json()["status"]["id"] == 3).await;
    let done = service.get(&path).await.json();
    assert_eq!((&done["stdout"], &done["stderr"]), (&json!("7\n"), &Value::Null));
    assert_eq!((&done["time"], &done["memory"]), (&json!("0.013"), &json!(9216)));
    assert_eq!(done["token"], created["token"]);
}

#[tokio::test]
async fn every_attribute_is_told_again_and_a_star_is_all_of_them() {
    let service = Service::start().await;
    service.worker(echo);
    let body = with(json!({
        "stdin": "7\n", "expected_output": "7", "cpu_time_limit": 2, "memory_limit": 64_000, "unknown": 1,
        "command_line_arguments": "a 'b c'", "wall_time_limit": "4.5", "number_of_runs": null,
    }));
    let told = judged(&service, &body, "fields=*").await;
    assert_eq!(told.as_object().unwrap().len(), 35, "{told}");
    for (name, value) in [
        ("source_code", json!(PROGRAM)),
        ("language_id", json!(71)),
        ("language", json!({"id": 71, "name": "Python 3"})),
        ("stdin", json!("7\n")),
        ("expected_output", json!("7")),
        ("command_line_arguments", json!("a 'b c'")),
        ("compiler_options", Value::Null),
        ("cpu_time_limit", json!("2.0")),
        ("cpu_extra_time", json!("1.0")),
        ("wall_time_limit", json!("4.5")),
        ("memory_limit", json!(64_000)),
        ("stack_limit", json!(64_000)),
        ("max_processes_and_or_threads", json!(60)),
        ("max_file_size", json!(1024)),
        ("number_of_runs", json!(1)),
        ("enable_network", json!(false)),
        ("additional_files", Value::Null),
        ("callback_url", Value::Null),
        ("exit_code", json!(0)),
        ("exit_signal", Value::Null),
        ("status_id", json!(3)),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    for name in ["created_at", "finished_at"] {
        let date = told[name].as_str().unwrap();
        assert!(date.len() == 24 && date.ends_with('Z') && &date[19..20] == ".", "{date}");
    }
}

#[tokio::test]
async fn the_intake_is_asked_for_what_the_attributes_say() {
    let service = Service::start().await;
    let body = json!({
        "source_code": "int main(){}", "language_id": "52", "compiler_options": "-O0 -g; ",
        "command_line_arguments": "a \"b c\" $HOME", "cpu_time_limit": 1.5, "wall_time_limit": 3,
        "memory_limit": 65_536, "max_file_size": 64, "max_processes_and_or_threads": 5,
        "stdin": "x", "expected_output": "y\n",
    });
    service.post("/judge0/submissions", &body).await;
    let asked = service.take(Lane::Practice).await;
    assert_eq!(asked.language, "cpp");
    assert_eq!(asked.files[0].name.as_str(), "main.cpp");
    assert_eq!(asked.compiler_options, ["-O0", "-g"]);
    assert_eq!(asked.args, ["a", "b c", "HOME"], "what a shell would read is dropped, quotes count");
    let limits = asked.limits;
    assert_eq!((limits.cpu_ms, limits.wall_ms, limits.memory_mb), (1_500, 3_000, 64));
    assert_eq!((limits.output_kb, limits.processes), (64, 5));
    let Work::Tests { tests, checker, .. } = asked.work else { panic!("{:?}", asked.work) };
    let text = |text: &str| Payload::Text(text.to_owned());
    assert_eq!((&tests[0].input, &tests[0].answer, checker), (&text("x"), &text("y\n"), Checker::Lines));
    assert_eq!(tests.len(), 1);
}

#[tokio::test]
async fn several_runs_are_the_same_run_and_their_figures_a_mean() {
    let service = Service::start().await;
    service.worker(|submission| {
        let Work::Tests { tests, checker, all_tests, .. } = &submission.work else { panic!() };
        assert_eq!((tests.len(), *checker, *all_tests), (3, Checker::Nothing, false));
        let mut result = verdict(submission, Verdict::Ac);
        result.tests = vec![result.tests[0].clone(); 3];
        for (test, cpu_ms) in result.tests.iter_mut().zip([10.0, 20.0, 60.0]) {
            test.cpu_ms = cpu_ms;
        }
        result
    });
    let told = judged(&service, &with(json!({"number_of_runs": 3})), "fields=*").await;
    assert_eq!((&told["time"], &told["number_of_runs"]), (&json!("0.03"), &json!(3)));
    assert!(told["expected_output"].is_null() && told["stdin"].is_null());
}

#[tokio::test]
async fn texts_are_base64_where_that_is_asked_for() {
    let service = Service::start().await;
    service.worker(echo);
    let long = "x".repeat(60);
    let body = json!({
        "source_code": STANDARD.encode(PROGRAM), "language_id": 71,
        "stdin": format!("{}\n", STANDARD.encode(&long)),
    });
    let told = judged(&service, &body, "base64_encoded=true&fields=stdout,source_code,stdin,stderr").await;
    assert_eq!(told["source_code"], format!("{}\n", STANDARD.encode(PROGRAM)));
    let encoded = STANDARD.encode(&long);
    let lines = format!("{}\n{}\n", &encoded[..60], &encoded[60..]);
    assert_eq!((&told["stdout"], &told["stdin"]), (&json!(lines), &json!(lines)));
    assert!(told["stderr"].is_null(), "nothing is null, in base64 too");
    // Only the word in the query counts.
    let plain = service.post("/judge0/submissions?base64_encoded=1", &program()).await;
    assert_eq!(plain.status, StatusCode::CREATED);
}

#[tokio::test]
async fn texts_are_base64_by_default_where_the_operator_wants_it() {
    let service = Service::with(|config| config.api.judge0.implicit_base64 = true).await;
    let body = json!({"source_code": STANDARD.encode(PROGRAM), "language_id": 71});
    let token = service.post("/judge0/submissions", &body).await.json()["token"].clone();
    let path = format!("/judge0/submissions/{}?fields=source_code", token.as_str().unwrap());
    assert_eq!(service.get(&path).await.json()["source_code"], format!("{}\n", STANDARD.encode(PROGRAM)));
    let plain = service.get(&format!("{path}&base64_encoded=false")).await.json();
    assert_eq!(plain["source_code"], PROGRAM);
}

#[tokio::test]
async fn what_is_no_text_is_told_in_base64_only() {
    let service = Service::start().await;
    service.worker(|submission| {
        let mut result = verdict(submission, Verdict::Ac);
        result.tests[0].stdout = Some(Captured::new(b"\xff\n", 2));
        result
    });
    let created = judged(&service, &program(), "").await;
    assert!(created["error"].as_str().unwrap().starts_with("some attributes for this submission cannot be"));
    let token = created["token"].as_str().unwrap();
    let one = service.get(&format!("/judge0/submissions/{token}")).await;
    assert_eq!(one.status, StatusCode::BAD_REQUEST);
    let one = service.get(&format!("/judge0/submissions/{token}?fields=status_id,time")).await;
    assert_eq!(one.json()["status_id"], 3, "only what is asked for must be a text");
    let several = service.get(&format!("/judge0/submissions/batch?tokens={token}")).await;
    assert_eq!(several.status, StatusCode::BAD_REQUEST);
    assert!(several.json()["error"].as_str().unwrap().contains("one or more submissions"));
    let encoded = service.get(&format!("/judge0/submissions/{token}?base64_encoded=true")).await;
    assert_eq!(encoded.json()["stdout"], "/wo=\n");
}

#[tokio::test]
async fn ends_have_judge0s_statuses() {
    let service = Service::start().await;
    service.worker(|submission| {
        let Work::Tests { tests, .. } = &submission.work else { panic!() };
        let Payload::Text(asked) = &tests[0].input else { panic!() };
        match asked.as_str() {
            "crash" => {
                let mut result = verdict(submission, Verdict::Rte);
                (result.tests[0].signal, result.tests[0].exit_code) = (Some(11), None);
                result
            }
            "slow" => {
                let mut result = verdict(submission, Verdict::Tle);
                result.tests[0].limit = Some(LimitHit::Wall);
                result
            }
            "compile" => compile_error(submission, "no such thing"),
            _ => verdict(submission, Verdict::Mle),
        }
    });
    for (stdin, status, exit_code, message) in [
        ("crash", 11, json!(139), json!("Exited with error status 139")),
        ("slow", 5, json!(0), json!("Time limit exceeded (wall clock)")),
        ("compile", 6, Value::Null, Value::Null),
        ("fat", 11, json!(137), json!("Exited with error status 137")),
    ] {
        let told = judged(&service, &with(json!({"stdin": stdin})), "fields=*").await;
        assert_eq!(told["status"]["id"], status, "{stdin}: {told}");
        assert_eq!((&told["exit_code"], &told["message"]), (&exit_code, &message), "{stdin}");
        if stdin == "compile" {
            assert_eq!(told["compile_output"], "no such thing");
            assert!(told["time"].is_null() && told["memory"].is_null() && told["stdout"].is_null());
        }
    }
}

#[test_case(json!({}) => json!({
    "source_code": ["can't be blank"],
    "language_id": ["can't be blank", "language with id  doesn't exist"],
}); "nothing")]
#[test_case(json!({"source_code": "x", "language_id": 150_000}) => json!({"language_id": ["language with id 150000 doesn't exist"]}); "unknown language")]
#[test_case(with(json!({"cpu_time_limit": 16, "memory_limit": 1})) => json!({
    "cpu_time_limit": ["must be less than or equal to 15.0"],
    "memory_limit": ["must be greater than or equal to 2048"],
}); "limits")]
#[test_case(with(json!({"compiler_options": "-O2"})) => json!({
    "compiler_options": ["setting compiler options is only allowed for compiled languages"],
}); "options of an interpreter")]
#[test_case(with(json!({"command_line_arguments": "x".repeat(513)})) => json!({
    "command_line_arguments": ["is too long (maximum is 512 characters)"],
}); "long arguments")]
#[test_case(with(json!({"enable_network": true})) => json!({"enable_network": ["enabling network is not allowed"]}); "not on offer")]
#[test_case(with(json!({"callback_url": "http://127.0.0.1/x"})) => json!({"callback_url": ["127.0.0.1 is no public address, and only such are called"]}); "a private place to be called at")]
#[test_case(with(json!({"callback_url": "x"})) => json!({"callback_url": ["it is no URL: relative URL without a base"]}); "no place to be called at")]
#[test_case(with(json!({"enable_per_process_and_thread_time_limit": true, "enable_per_process_and_thread_memory_limit": true})) => json!({
    "enable_per_process_and_thread_time_limit": ["this option cannot be enabled"],
    "enable_per_process_and_thread_memory_limit": ["this option cannot be enabled"],
}); "options that are not there")]
#[test_case(with(json!({"additional_files": "bm8="})) => json!({"additional_files": ["is not a zip archive in base64"]}); "no zip")]
#[tokio::test]
async fn what_is_wrong_is_told_by_attribute(body: Value) -> Value {
    mistakes(&Service::start().await, &body).await
}

#[tokio::test]
async fn an_option_that_the_language_does_not_list_is_named() {
    let service = Service::start().await;
    let body = json!({"source_code": "x", "language_id": 54, "compiler_options": "-O0 -fplugin=x"});
    let told = mistakes(&service, &body).await;
    let message = told["compiler_options"][0].as_str().unwrap();
    assert!(message.contains("-fplugin=x") && message.contains("-O0"), "{told}");
}

#[tokio::test]
async fn standard_error_goes_to_standard_output_where_that_is_asked_for() {
    let service = Service::start().await;
    for wanted in [true, false] {
        let body = with(json!({"redirect_stderr_to_stdout": wanted}));
        let token =
            service.post("/judge0/submissions", &body).await.json()["token"].as_str().unwrap().to_owned();
        let Work::Tests { file_io, .. } = service.take(Lane::Practice).await.work else { panic!("no tests") };
        assert_eq!(file_io.stderr_to_stdout, wanted);
        let path = format!("/judge0/submissions/{token}?fields=redirect_stderr_to_stdout");
        assert_eq!(service.get(&path).await.json(), json!({"redirect_stderr_to_stdout": wanted}));
    }
}

#[tokio::test]
async fn additional_files_lie_beside_the_source() {
    let service = Service::start().await;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("lib/a.py", "x = 1"), ("main.py", "evil")] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    let zip = STANDARD.encode(writer.finish().unwrap().into_inner());
    let created = service.post("/judge0/submissions", &with(json!({"additional_files": zip}))).await;
    let submission = service.take(Lane::Practice).await;
    let names: Vec<_> = submission.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["main.py", "lib/a.py"]);
    assert_eq!(submission.files[0].content, Payload::Text(PROGRAM.to_owned()));
    let token = created.json()["token"].as_str().unwrap().to_owned();
    let told = service.get(&format!("/judge0/submissions/{token}?fields=additional_files")).await.json();
    assert_eq!(told["additional_files"].as_str().unwrap().replace('\n', ""), zip, "always in base64");
}

/// `go` stands for it here: what the door does with the number is what counts.
#[tokio::test]
async fn a_multi_file_program_is_its_files_alone() {
    let service = Service::start().await;
    let zip = |files: &[(&str, &str)]| {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        STANDARD.encode(writer.finish().unwrap().into_inner())
    };
    let all = zip(&[("compile", "cc -o a src/a.c"), ("src/a.c", "int main(){}"), ("run", "./a")]);
    let body = json!({"language_id": 89, "additional_files": all});
    let created = service.post("/judge0/submissions", &body).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let submission = service.take(Lane::Practice).await;
    let names: Vec<_> = submission.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["compile", "src/a.c", "run"]);
    let token = created.json()["token"].as_str().unwrap().to_owned();
    let path = format!("/judge0/submissions/{token}?fields=source_code,language_id");
    assert_eq!(service.get(&path).await.json(), json!({"source_code": null, "language_id": 89}));
    let refused = service.post("/judge0/submissions", &json!({"language_id": 89, "source_code": "x"})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mistakes = json!({"source_code": ["must be blank"], "additional_files": ["can't be blank"]});
    assert_eq!(refused.json(), mistakes);
    let empty = json!({"language_id": 89, "additional_files": zip(&[])});
    assert_eq!(service.post("/judge0/submissions", &empty).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test_case("fields=stdout,nothing,more" => json!({"error": "invalid fields: [nothing, more]"}))]
#[tokio::test]
async fn attributes_that_do_not_exist_are_refused(query: &str) -> Value {
    let service = Service::start().await;
    for path in ["/judge0/submissions", "/judge0/submissions/x", "/judge0/submissions/batch"] {
        let answer = service.get(&format!("{path}?tokens=x&{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let answer = service.post(&format!("/judge0/submissions?{query}"), &program()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.json()
}

#[tokio::test]
async fn batches_are_answered_in_their_order() {
    let service = Service::start().await;
    let post =
        async |list: Value| service.post("/judge0/submissions/batch", &json!({"submissions": list})).await;
    let mixed = post(json!([program(), {"source_code": "x"}, program()])).await;
    assert_eq!(mixed.status, StatusCode::CREATED);
    let mixed = mixed.json();
    assert!(mixed[0]["token"].is_string() && mixed[2]["token"].is_string(), "{mixed}");
    assert_eq!(mixed[1]["language_id"][0], "can't be blank");
    assert_eq!(post(json!([{}, {}])).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (list, text) in [
        (json!([]), "there should be at least one submission in a batch"),
        (json!(vec![program(); 21]), "number of submissions in a batch should be less than or equal to 20"),
    ] {
        let refused = post(list).await;
        assert_eq!((refused.status, refused.json()), (StatusCode::BAD_REQUEST, json!({"error": text})));
    }
    let (first, last) = (mixed[0]["token"].as_str().unwrap(), mixed[2]["token"].as_str().unwrap());
    let told =
        service.get(&format!("/judge0/submissions/batch?tokens={last},none,{first}&fields=token")).await;
    assert_eq!(told.json(), json!({"submissions": [{"token": last}, null, {"token": first}]}));
    let by_header = service.client.get(service.url("/judge0/submissions/batch?tokens=none&fields=token"));
    let by_header = Answer::read(by_header.header("tokens", first).send().await.unwrap()).await;
    assert_eq!(by_header.json(), json!({"submissions": [{"token": first}]}), "the header comes first");
}

#[tokio::test]
async fn what_is_not_there_is_404_in_the_form_that_is_accepted() {
    let service = Service::start().await;
    for path in ["/judge0/nowhere", "/judge0/submissions/x", "/judge0/languages/7", "/judge0/languages/x"] {
        let answer = service.get(path).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_FOUND, ""), "{path}");
        let json_alone = service.client.get(service.url(path)).header("accept", "application/json");
        let json_alone = Answer::read(json_alone.send().await.unwrap()).await;
        assert_eq!(json_alone.json(), json!({"status": 404, "error": "Not Found"}), "{path}");
    }
    let native = service.post("/api/v1/submissions", &json!({"language": "python", "source": ""})).await;
    let path = format!("/judge0/submissions/{}", native.json()["id"].as_str().unwrap());
    assert_eq!(service.get(&path).await.status, StatusCode::NOT_FOUND, "not through this door");
    let broken = service.client.post(service.url("/judge0/submissions")).body("{");
    assert_eq!(broken.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn forms_and_slashes_at_the_end_are_taken() {
    let service = Service::start().await;
    let request = service.client.post(service.url("/judge0/submissions/"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(format!("source_code={PROGRAM}&language_id=71"));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(service.get("/judge0/languages/").await.status, StatusCode::OK);
    assert_eq!(service.get("/judge0").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_same_is_served_at_the_root_of_its_own_address() {
    let service = Service::start().await;
    let url = format!("http://{}/submissions", service.judge0_address);
    let created = Answer::read(service.client.post(url).json(&program()).send().await.unwrap()).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let root = service.client.get(format!("http://{}/", service.judge0_address)).send().await.unwrap();
    assert_eq!(root.status(), StatusCode::OK);
    let native = service.client.get(format!("http://{}/api/v1/languages", service.judge0_address));
    assert_eq!(native.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn languages_are_told_by_number_with_their_true_names() {
    let service = Service::start().await;
    let list = service.get("/judge0/languages").await.json();
    let ids: Vec<_> = list.as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [52, 54, 60, 89, 71, 92], "by name, C++20 before Go before Python");
    assert_eq!(list[0], json!({"id": 52, "name": "C++20"}));
    assert_eq!(service.get("/judge0/languages/all").await.json()[0]["is_archived"], false);
    let cpp = service.get("/judge0/languages/54").await.json();
    assert_eq!((&cpp["source_file"], &cpp["run_cmd"]), (&json!("main.cpp"), &json!("/tmp/out/main")));
    assert_eq!(cpp["compile_cmd"], "cc %s {sources}");
    assert!(service.get("/judge0/languages/71").await.json()["compile_cmd"].is_null());
}

#[tokio::test]
async fn it_says_of_itself_what_clients_ask_for() {
    let service = Service::start().await;
    service.broker.send_heartbeat(&heartbeat("worker-1", false)).await.unwrap();
    until("the worker is known", async || service.get("/judge0/workers").await.json()[0]["available"] == 4)
        .await;
    let workers = service.get("/judge0/workers").await.json();
    assert_eq!(
        workers[0],
        json!({
            "queue": "1.13.1", "size": 0, "available": 4, "idle": 3, "working": 1, "paused": 0, "failed": 0,
        })
    );
    let about = service.get("/judge0/about").await.json();
    assert_eq!((about["version"].as_str(), about.as_object().unwrap().len()), (Some("1.13.1"), 4));
    let statuses = service.get("/judge0/statuses").await.json();
    assert_eq!(
        (statuses.as_array().unwrap().len(), &statuses[13]["description"]),
        (14, &json!("Exec Format Error"))
    );
    let config = service.get("/judge0/config_info").await.json();
    assert_eq!(config.as_object().unwrap().len(), 39, "{config}");
    assert_eq!((&config["max_cpu_time_limit"], &config["memory_limit"]), (&json!(15.0), &json!(128_000)));
    assert_eq!(config["max_submission_batch_size"], 20);
    for path in ["version", "isolate", "license"] {
        let answer = service.get(&format!("/judge0/{path}")).await;
        assert!(answer.header("content-type").starts_with("text/plain"), "{path}");
    }
    let system = service.get("/judge0/system_info").await.json();
    assert!(
        system.as_object().unwrap().values().all(Value::is_string) && system["Mem"].is_string(),
        "{system}"
    );
}

#[tokio::test]
async fn statistics_count_what_came_through_this_door() {
    let service = Service::start().await;
    service.worker(echo);
    judged(&service, &program(), "").await;
    service.post("/run", &json!({"selectedLanguage": "python", "userCode": "x"})).await;
    let told = service.get("/judge0/statistics").await.json();
    assert_eq!((&told["submissions"]["total"], &told["submissions"]["today"]), (&json!(1), &json!(1)));
    assert_eq!(told["submissions"]["last_30_days"].as_object().unwrap().len(), 30);
    assert_eq!(told["languages"], json!([{"language": {"id": 71, "name": "Python 3"}, "count": 1}]));
    assert_eq!(told["statuses"], json!([{"status": {"id": 3, "name": "Accepted"}, "count": 1}]));
    judged(&service, &program(), "").await;
    assert_eq!(service.get("/judge0/statistics").await.json(), told, "told again for a while");
    let fresh = service.get("/judge0/statistics?invalidate_cache=true").await.json();
    assert_eq!(fresh["submissions"]["total"], 2);
}

#[tokio::test]
async fn all_submissions_are_listed_in_pages_the_newest_first() {
    let service = Service::start().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let created = service.post("/judge0/submissions", &program()).await.json();
        tokens.push(created["token"].as_str().unwrap().to_owned());
    }
    let first = service.get("/judge0/submissions?per_page=2&fields=token").await.json();
    assert_eq!(first["submissions"], json!([{"token": tokens[2]}, {"token": tokens[1]}]));
    let meta =
        json!({"current_page": 1, "next_page": 2, "prev_page": null, "total_pages": 2, "total_count": 3});
    assert_eq!(first["meta"], meta);
    let last = service.get("/judge0/submissions?per_page=2&page=2&fields=token").await.json();
    assert_eq!(
        (&last["submissions"], &last["meta"]["prev_page"]),
        (&json!([{"token": tokens[0]}]), &json!(1))
    );
    for (query, text) in [("page=-4", "invalid page: -4"), ("per_page=-2", "invalid per_page: -2")] {
        let refused = service.get(&format!("/judge0/submissions?{query}")).await;
        assert_eq!((refused.status, refused.json()), (StatusCode::BAD_REQUEST, json!({"error": text})));
    }
}

#[tokio::test]
async fn a_done_submission_is_deleted_where_that_is_allowed() {
    let open = Service::start().await;
    let token = open.post("/judge0/submissions", &program()).await.json()["token"].clone();
    let refused = open.delete(&format!("/judge0/submissions/{}", token.as_str().unwrap())).await;
    assert_eq!(
        (refused.status, refused.json()),
        (StatusCode::BAD_REQUEST, json!({"error": "delete not allowed"}))
    );
    let service = Service::with(|config| config.api.judge0.submission_delete = true).await;
    let token =
        service.post("/judge0/submissions", &with(json!({"stdin": "7\n"}))).await.json()["token"].clone();
    let path = format!("/judge0/submissions/{}", token.as_str().unwrap());
    let early = service.delete(&path).await;
    let text = "submission cannot be deleted because its status is 1 (In Queue)";
    assert_eq!((early.status, early.json()), (StatusCode::BAD_REQUEST, json!({"error": text})));
    service.worker(echo);
    until("it is judged", async || service.get(&path).await.json()["status"]["id"] == 3).await;
    assert_eq!(service.delete(&path).await.json()["stdout"], "Nwo=\n", "always in base64");
    assert_eq!(service.get(&path).await.status, StatusCode::NOT_FOUND);
}

const FIRST: &str = "the-key-of-the-operator";

async fn locked() -> Service {
    Service::with(|config| config.api.keys = vec![FIRST.into()]).await
}

#[tokio::test]
async fn keys_stand_in_judge0s_headers_and_refusals_have_no_body() {
    let service = Service::with(|config| {
        config.api.keys = vec![FIRST.into()];
        config.api.key_header = "X-RapidAPI-Key".to_owned();
    })
    .await;
    let ask = async |method: Method, path: &str, header: &str, key: &str| {
        let request = service.client.request(method, service.url(path)).header(header, key).json(&program());
        let answer = Answer::read(request.send().await.unwrap()).await;
        (answer.status.as_u16(), answer.text)
    };
    for header in ["X-Auth-Token", "X-RapidAPI-Key", "Authorization"] {
        assert_eq!(ask(Method::GET, "/judge0/languages", header, FIRST).await.0, 200, "{header}");
        assert_eq!(ask(Method::GET, "/judge0/languages", header, "wrong").await, (401, String::new()));
    }
    let by_parameter = format!("/judge0/authenticate?X-Auth-Token={FIRST}");
    assert_eq!(ask(Method::POST, &by_parameter, "x-other", "").await, (200, String::new()));
    assert_eq!(ask(Method::POST, "/judge0/authenticate", "x-other", "").await, (401, String::new()));
    assert_eq!(ask(Method::POST, "/judge0/authorize", "X-Auth-Token", FIRST).await, (403, String::new()));
    let both = format!("/judge0/authorize?X-Auth-User={FIRST}");
    assert_eq!(ask(Method::POST, &both, "X-Auth-Token", FIRST).await, (200, String::new()));
    assert_eq!(ask(Method::GET, "/judge0/submissions", "X-Auth-Token", FIRST).await, (403, String::new()));
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_there() {
    let service = locked().await;
    let make = async |owner: &str| {
        let body = json!({"owner": owner, "scopes": ["read", "submit"]});
        let request = service.client.post(service.url("/api/v1/keys")).bearer_auth(FIRST).json(&body);
        let made = Answer::read(request.send().await.unwrap()).await.json();
        made["key"].as_str().unwrap().to_owned()
    };
    let (one, other) = (make("one").await, make("other").await);
    let request = service.client.post(service.url("/judge0/submissions")).header("x-auth-token", &one);
    let created = Answer::read(request.json(&program()).send().await.unwrap()).await.json();
    let path = format!("/judge0/submissions/{}", created["token"].as_str().unwrap());
    for (key, status) in [(&one, StatusCode::OK), (&other, StatusCode::NOT_FOUND)] {
        let request = service.client.get(service.url(&path)).header("x-auth-token", key);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let request = service.client.get(service.url("/judge0/submissions"));
    let listed = request.header("x-auth-token", &one).header("x-auth-user", &other);
    assert_eq!(listed.send().await.unwrap().status(), StatusCode::FORBIDDEN, "no admin's key");
}

#[tokio::test]
async fn a_full_queue_is_503_so_that_clients_do_not_poll_for_ever() {
    let service = Service::with(|config| {
        config.api.keys = vec![FIRST.into()];
        config.api.max_unfinished = 1;
    })
    .await;
    let body = json!({"owner": "one", "scopes": ["read", "submit"]});
    let request = service.client.post(service.url("/api/v1/keys")).bearer_auth(FIRST).json(&body);
    let key = Answer::read(request.send().await.unwrap()).await.json()["key"].as_str().unwrap().to_owned();
    let post = async || {
        let request = service.client.post(service.url("/judge0/submissions")).header("x-auth-token", &key);
        Answer::read(request.json(&program()).send().await.unwrap()).await
    };
    assert_eq!(post().await.status, StatusCode::CREATED);
    let full = post().await;
    assert_eq!(
        (full.status, full.json()),
        (StatusCode::SERVICE_UNAVAILABLE, json!({"error": "queue is full"}))
    );
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_use_an_open_service() {
    let service =
        Service::with(|config| config.api.cors_origins = vec!["http://ide.example".to_owned()]).await;
    for (origin, status) in
        [("http://ide.example", StatusCode::CREATED), ("http://evil.example", StatusCode::FORBIDDEN)]
    {
        let request = service.client.post(service.url("/judge0/submissions")).header("origin", origin);
        assert_eq!(request.json(&program()).send().await.unwrap().status(), status, "{origin}");
    }
}
