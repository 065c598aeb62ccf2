//! Requests that are not right: 4xx, and always the one envelope.

use gavel_api::ApiSettings;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_case::test_case;

use crate::kit::{Answer, Service};

/// What is answered, in one line.
fn line(answer: &Answer) -> String {
    let error = answer.error();
    let field = error["field"].as_str().unwrap_or("-");
    format!(
        "{} {} [{field}] {}",
        answer.status.as_u16(),
        error["code"].as_str().unwrap(),
        error["message"].as_str().unwrap()
    )
}

async fn refused(body: Value) -> String {
    let service = Service::start().await;
    line(&service.post("/api/v1/submissions", &body).await)
}

fn with(key: &str, value: Value) -> Value {
    let mut body = json!({"language": "python", "source": ""});
    body[key] = value;
    body
}

fn files(files: Value) -> Value {
    json!({"language": "cpp", "files": files})
}

fn tests(extra: Value) -> Value {
    let mut work = json!({"kind": "tests", "tests": [{"input": "", "answer": ""}]});
    work.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    with("work", work)
}

#[tokio::test]
async fn each_mistake_is_named() {
    let service = Service::start().await;
    let mut said = String::new();
    for body in [
        json!({"language": "cobol", "source": ""}),
        json!({"language": "python"}),
        json!({"source": ""}),
        json!({"language": "python", "source": "", "files": []}),
        with("sauce", json!("")),
        with("language", json!(7)),
        with("lane", json!("rejudge")),
        with("limits", json!({"cpu_ms": 99_000, "memory_mb": 1, "processes": 9_999})),
        with("limits", json!({"wall_ms": 999_999})),
        with("limits", json!({"output_kb": 999_999})),
        with("limits", json!({"cpu_ms": -1})),
        with("limits", json!({"cpu_ms": 1.5})),
        with("limits", json!({"cpu": 1})),
        with("limits", json!({"address_space_mb": 400})),
        json!({"language": "cpp", "source": "", "limits": {"address_space_mb": 15}}),
        with("args", json!(["fine", "a\0b"])),
        with("args", json!(["x".repeat(20_000)])),
        with("lane", json!({"lane": "contest"})),
        with("limits", json!([1000])),
        with("stdout", json!("yes")),
        with("source", json!({"data": "%", "encoding": "base64"})),
        with("source", json!({"encoding": "base64"})),
        with("source", json!({"data": "", "encoding": "base32"})),
        with("source", json!(["x", "utf8"])),
        with("args", json!([null])),
        with("compiler_options", json!(["-O0"])),
        json!({"language": "cpp", "source": "", "compiler_options": ["-O0", "-fplugin=x"]}),
        json!({"language": "cpp", "source": "", "compiler_options": ["-o0"]}),
        with("work", json!({})),
        with("work", json!({"kind": null})),
        with("work", json!("run")),
        with("work", json!({"kind": "dance"})),
        with("work", json!({"kind": "run", "all_tests": true})),
        with("work", json!({"kind": "run", "checker": {"kind": "exact"}})),
        with("work", json!({"kind": "run", "stdin": {"data": "%", "encoding": "base64"}})),
        with("work", json!({"kind": "run", "stdin": {"data": "", "bytes": 0}})),
        with("work", json!({"kind": "problem"})),
        with("work", json!({"kind": "problem", "problem": null})),
        with("work", json!({"kind": "problem", "problem": "sum", "stdin": ""})),
        with("work", json!({"kind": "tests"})),
        with("work", json!({"kind": "tests", "tests": [null]})),
        with("work", json!({"kind": "tests", "tests": [["", ""]]})),
        with("work", json!({"kind": "tests", "tests": [{"input": null, "answer": ""}]})),
        with("work", json!({"kind": "tests", "problem": "sum", "tests": [{"input": "", "answer": ""}]})),
        with("work", json!({"kind": "run", "input": ""})),
        with("work", json!({"kind": "problem", "problem": "hello@1"})),
        with("work", json!({"kind": "tests", "tests": []})),
        with("work", json!({"kind": "tests", "tests": [{"input": ""}]})),
        tests(json!({"checker": {"kind": "tokens", "float_absolute_tolerance": -1.0}})),
        tests(json!({"checker": {"kind": "tokens", "fuzzy": true}})),
        tests(json!({"checker": {"kind": "tokens", "float_tolerance": -1}})),
        tests(json!({"checker": {"kind": "tokens", "float_tolerance": 1, "float_relative_tolerance": 1}})),
        tests(json!({"checker": {"kind": "exact", "case_sensitive": true}})),
        tests(json!({"checker": {"case_sensitive": true}})),
        tests(json!({"checker": {"kind": "fuzzy"}})),
        tests(json!({"tests": [{"input": "", "answer": "", "name": "a\nb"}]})),
        files(json!([])),
        files(json!([{"name": "../x", "content": ""}])),
        files(json!([{"name": "/etc/passwd", "content": ""}])),
        files(json!([{"name": "-o", "content": ""}])),
        files(json!([{"name": "a", "content": ""}, {"name": "a", "content": ""}])),
        files(json!([{"name": "a", "content": ""}, {"name": "a/b", "content": ""}])),
        files(json!([{"name": "a", "content": "%", "encoding": "base64"}])),
        files(json!([{"name": "a", "content": "", "mode": 7}])),
        files(json!([{"content": ""}])),
        files(json!([{"name": "a.cpp", "content": null}])),
        files(json!([null])),
        json!({"langauge": "cpp", "source": "", "limits": {"cpu": 1, "mem": 2}, "work": {"kind": "tests",
            "tests": [{"input": "", "answer": "", "in": ""}], "checker": {"kind": "tokens", "tolerance": 1}}}),
        json!([]),
        json!("text"),
    ] {
        let answer = service.post("/api/v1/submissions", &body).await;
        said.push_str(&line(&answer));
        said.push('\n');
    }
    insta::assert_snapshot!(said, @r#"
    400 unknown_language [language] there is no language "cobol"; there is: cpp, go, python
    400 invalid_field [source] neither source nor files is given; one of them is needed
    400 invalid_field [language] language is missing, and no file name tells it; there is: cpp, go, python
    400 invalid_field [source] source and files are both given; one of them is needed
    400 unknown_field [sauce] unknown field `sauce`
    400 invalid_field [language] invalid type: integer `7`, expected a string at line 1 column 13
    400 invalid_field [lane] unknown variant `rejudge`, expected `contest` or `practice` at line 1 column 17
    400 limit_out_of_range [limits.cpu_ms] limits.cpu_ms is 99000, it must be from 1 to 30000; limits.memory_mb is 1, it must be from 8 to 2048; limits.processes is 9999, it must be from 1 to 256
    400 limit_out_of_range [limits.wall_ms] limits.wall_ms is 999999, it must be from 1 to 61000
    400 limit_out_of_range [limits.output_kb] limits.output_kb is 999999, it must be from 1 to 65536
    400 invalid_field [limits.cpu_ms] invalid value: integer `-1`, expected u64 at line 1 column 42
    400 invalid_field [limits.cpu_ms] invalid type: floating point `1.5`, expected u64 at line 1 column 43
    400 unknown_field [limits.cpu] unknown field `limits.cpu`
    400 invalid_field [limits.address_space_mb] limits.address_space_mb does not go with python: its runtime reserves more address space than it uses
    400 limit_out_of_range [limits.address_space_mb] limits.address_space_mb is 15, it must be from 16 to 2048
    400 invalid_field [args[1]] an argument cannot hold a NUL
    413 too_large [args] args has 20000 bytes, the maximum is 16384
    400 invalid_field [lane] unknown variant `lane`, expected `contest` or `practice` at line 1 column 15
    400 invalid_field [limits] invalid type: sequence, expected an object at line 1 column 30
    400 invalid_field [stdout] invalid type: string "yes", expected a boolean at line 1 column 47
    400 invalid_field [source.data] source.data is not base64: Invalid symbol 37, offset 0.
    400 invalid_field [source.data] source.data is missing
    400 invalid_field [source.encoding] unknown variant `base32`, expected `utf8` or `base64` at line 1 column 60
    400 invalid_field [source] invalid type: sequence, expected a string or an object with `data` and `encoding` at line 1 column 31
    400 invalid_field [args[0]] invalid type: null, expected a string at line 1 column 13
    400 option_not_allowed [compiler_options[0]] python does not take "-O0", nor any other option for its compiler
    400 option_not_allowed [compiler_options[1]] cpp does not take "-fplugin=x"; it takes: -O0, -g
    400 option_not_allowed [compiler_options[0]] cpp does not take "-o0"; it takes: -O0, -g
    400 invalid_field [work.kind] work.kind is missing
    400 invalid_field [work.kind] work.kind is missing
    400 invalid_field [work] invalid type: string "run", expected an object at line 1 column 45
    400 invalid_field [work.kind] unknown variant `dance`, expected one of `run`, `tests`, `problem` at line 1 column 55
    400 unknown_field [work.all_tests] work.all_tests does not go with work of the kind run
    400 unknown_field [work.checker] work.checker does not go with a run without work.expected_output
    400 invalid_field [work.stdin.data] work.stdin.data is not base64: Invalid symbol 37, offset 0.
    400 unknown_field [work.stdin.bytes] unknown field `work.stdin.bytes`
    400 invalid_field [work.problem] work.problem is missing
    400 invalid_field [work.problem] work.problem is missing
    400 unknown_field [work.stdin] work.stdin does not go with work of the kind problem
    400 invalid_field [work.tests] work.tests is missing
    400 invalid_field [work.tests[0]] invalid type: null, expected an object at line 1 column 69
    400 invalid_field [work.tests[0]] invalid type: sequence, expected an object at line 1 column 65
    400 invalid_field [work.tests[0].input] work.tests[0].input is missing
    400 unknown_field [work.problem] work.problem does not go with work of the kind tests
    400 unknown_field [work.input] unknown field `work.input`
    400 invalid_field [work.problem] "hello@1": after `@` come 12 to 64 hexadecimal digits of the version's SHA-256
    400 invalid_field [work.tests] work.tests is empty; one entry at least is needed
    400 invalid_field [work.tests[0].answer] work.tests[0].answer is missing
    400 invalid_field [work.checker.float_absolute_tolerance] work.checker.float_absolute_tolerance is -1, it must be 0 or more
    400 unknown_field [work.checker.fuzzy] unknown field `work.checker.fuzzy`
    400 invalid_field [work.checker.float_tolerance] work.checker.float_tolerance is -1, it must be 0 or more
    400 invalid_field [work.checker.float_tolerance] work.checker.float_tolerance and work.checker.float_relative_tolerance are both given; one of them is needed
    400 unknown_field [work.checker.case_sensitive] work.checker.case_sensitive does not go with a checker of the kind exact
    400 invalid_field [work.checker.kind] work.checker.kind is missing
    400 invalid_field [work.checker.kind] unknown variant `fuzzy`, expected one of `tokens`, `exact`, `lines`, `nothing` at line 1 column 66
    400 invalid_field [work.tests[0].name] a name is not empty and holds no control characters
    400 invalid_field [files] files is empty; one entry at least is needed
    400 invalid_field [files[0].name] "../x" must be a relative path without empty, `.` or `..` parts
    400 invalid_field [files[0].name] "/etc/passwd" must be a relative path without empty, `.` or `..` parts
    400 invalid_field [files[0].name] no part of "-o" may begin with `-`
    400 invalid_field [files[1].name] "a" is given twice
    400 invalid_field [files[1].name] "a" is both a file and the folder of "a/b"
    400 invalid_field [files[0].content] files[0].content is not base64: Invalid symbol 37, offset 0.
    400 unknown_field [files[0].mode] unknown field `files[0].mode`
    400 invalid_field [files[0].name] files[0].name is missing
    400 invalid_field [files[0].content] files[0].content is missing
    400 invalid_field [files[0]] invalid type: null, expected an object at line 1 column 14
    400 unknown_field [langauge] unknown fields `langauge`, `limits.cpu`, `limits.mem`, `work.checker.tolerance`, `work.tests[0].in`
    400 invalid_field [-] invalid type: sequence, expected an object at line 1 column 0
    400 invalid_field [-] invalid type: string "text", expected an object at line 1 column 6
    "#);
}

#[tokio::test]
async fn ten_megabytes_of_source_are_refused_with_value_and_maximum() {
    let said = refused(with("source", json!("x".repeat(10_000_000)))).await;
    insta::assert_snapshot!(said, @"413 too_large [source] source has 10000000 bytes, the maximum is 524288");
}

#[tokio::test]
async fn files_are_measured_together() {
    let half = "x".repeat(300 * 1024);
    let said = refused(files(json!([{"name": "a", "content": half}, {"name": "b", "content": half}]))).await;
    insta::assert_snapshot!(said, @"413 too_large [files] files has 614400 bytes, the maximum is 524288");
}

#[tokio::test]
async fn a_body_over_the_maximum_is_refused_in_the_envelope() {
    let service = Service::with(|config| config.api.max_body_kb = 100).await;
    let answer = service.post("/api/v1/submissions", &with("source", json!("x".repeat(5_000_000)))).await;
    insta::assert_snapshot!(line(&answer), @"413 too_large [-] the body has more than 102400 bytes, which is the maximum");
}

fn few(config: &mut ApiSettings) {
    config.api.max_files = 1;
    config.api.max_tests = 1;
    config.api.max_input_kb = 1;
}

#[test_case(files(json!([{"name": "a", "content": ""}, {"name": "b", "content": ""}])) => "413 too_large [files] files has 2 entries, the maximum is 1"; "files")]
#[test_case(tests(json!({"tests": [{"input": "", "answer": ""}, {"input": "", "answer": ""}]})) => "413 too_large [work.tests] work.tests has 2 entries, the maximum is 1"; "tests")]
#[test_case(with("work", json!({"kind": "run", "stdin": "x".repeat(1025)})) => "413 too_large [work.stdin] work.stdin has 1025 bytes, the maximum is 1024"; "stdin")]
#[test_case(tests(json!({"tests": [{"input": "", "answer": "x".repeat(1025)}]})) => "413 too_large [work.tests[0].answer] work.tests[0].answer has 1025 bytes, the maximum is 1024"; "answer")]
#[tokio::test]
async fn what_is_too_many_is_named_with_its_maximum(body: Value) -> String {
    let service = Service::with(few).await;
    line(&service.post("/api/v1/submissions", &body).await)
}

#[test_case("{\"" ; "cut")]
#[test_case("not json" ; "text")]
#[test_case("" ; "empty")]
#[tokio::test]
async fn what_is_not_json_is_refused(body: &'static str) {
    let service = Service::start().await;
    for path in ["/run", "/api/v1/submissions"] {
        let request = service.client.post(service.url(path)).header("content-type", "application/json");
        let answer = Answer::read(request.body(body).send().await.unwrap()).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_json"));
    }
}

#[tokio::test]
async fn a_body_that_is_not_announced_as_json_is_refused() {
    let service = Service::start().await;
    let request = service.client.post(service.url("/run")).header("content-type", "text/plain");
    let answer = Answer::read(request.body("{}").send().await.unwrap()).await;
    insta::assert_snapshot!(line(&answer), @"415 unsupported_media_type [-] the body must be JSON, announced as `Content-Type: application/json`");
}

#[test_case(Method::GET, "/nowhere" => "404 not_found [-] no such path; /docs lists what there is")]
#[test_case(Method::POST, "/api/v1/submissions/x/y" => "404 not_found [-] no such path; /docs lists what there is")]
#[test_case(Method::PUT, "/api/v1/submissions" => "405 method_not_allowed [-] this path does not take this method")]
#[test_case(Method::DELETE, "/run" => "405 method_not_allowed [-] this path does not take this method")]
#[test_case(Method::GET, "/run" => "405 method_not_allowed [-] this path does not take this method"; "get run")]
#[test_case(Method::GET, "/api/v1/submissions/7" => "400 invalid_field [id] the id of a submission is a UUID")]
#[test_case(Method::GET, "/api/v1/submissions/%ff" => "400 invalid_field [id] the id of a submission is a UUID"; "not utf8")]
#[test_case(Method::GET, "/api/v1/submissions/01890000-0000-7000-8000-000000000000" => "404 unknown_submission [-] there is no submission 01890000-0000-7000-8000-000000000000")]
#[test_case(Method::GET, "/api/v1/submissions/01890000-0000-7000-8000-000000000000?wait=61" => "400 invalid_field [wait] wait is 61, it must be from 0 to 60 seconds"; "long wait")]
#[test_case(Method::GET, "/api/v1/submissions/01890000-0000-7000-8000-000000000000?wait=NaN" => "400 invalid_field [wait] wait is NaN, it must be from 0 to 60 seconds"; "no number")]
#[tokio::test]
async fn what_is_not_there_is_told_in_the_envelope(method: Method, path: &'static str) -> String {
    let service = Service::start().await;
    let answer = Answer::read(service.client.request(method, service.url(path)).send().await.unwrap()).await;
    line(&answer)
}

#[test_case("/run?detail=true" => "400 unknown_field [detail] unknown field `detail`"; "of run")]
#[test_case("/run?details=perhaps" => "400 invalid_field [-] Failed to deserialize query string: details: provided string was not `true` or `false`"; "of run, wrong")]
#[test_case("/api/v1/submissions?wiat=1&x=2" => "400 unknown_field [wiat] unknown fields `wiat`, `x`"; "of submissions")]
#[tokio::test]
async fn a_parameter_that_does_not_exist_is_named(path: &'static str) -> String {
    let service = Service::start().await;
    line(&service.post(path, &json!({})).await)
}

#[test_case("?wait=61"; "over the maximum")]
#[test_case("?wait=-1"; "negative")]
#[test_case("?wait=soon"; "no number")]
#[test_case("?wiat=1"; "unknown parameter")]
#[tokio::test]
async fn a_wrong_wait_stores_nothing(query: &'static str) {
    let service = Service::start().await;
    let answer = service.post(&format!("/api/v1/submissions{query}"), &with("source", json!(""))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", line(&answer));
    let listed = gavel_api::store::Store::backlog(service.store.as_ref()).await.unwrap();
    assert!(listed.is_empty());
}

#[tokio::test]
async fn the_simple_call_names_its_own_fields() {
    let service = Service::start().await;
    let mut said = String::new();
    for body in [
        json!({"selectedLanguage": "cobol", "userCode": ""}),
        json!({"selectedLanguage": "cpp"}),
        json!({"selectedLanguage": null, "userCode": ""}),
        json!({"selectedLanguage": "cpp", "userCode": "", "userInput": {"data": ""}}),
        json!({"selectedLanguage": "cpp", "userCode": "", "timeout": 3}),
        json!({"language": "cpp", "source": "", "stdin": ""}),
        json!({"selectedLanguage": "cpp", "userCode": "", "userInput": "x".repeat(33 << 20)}),
        json!({"selectedLanguage": "cpp", "userCode": "x".repeat(600 * 1024)}),
    ] {
        said.push_str(&line(&service.post("/run", &body).await));
        said.push('\n');
    }
    insta::assert_snapshot!(said, @r#"
    400 unknown_language [selectedLanguage] there is no language "cobol"; there is: cpp, go, python
    400 invalid_field [userCode] userCode is missing
    400 invalid_field [selectedLanguage] selectedLanguage is missing
    400 invalid_field [userInput] invalid type: map, expected a string at line 1 column 52
    400 unknown_field [timeout] unknown field `timeout`
    400 unknown_field [language] unknown fields `language`, `source`, `stdin`
    413 too_large [userInput] userInput has 34603008 bytes, the maximum is 33554432
    413 too_large [userCode] userCode has 614400 bytes, the maximum is 524288
    "#);
}
